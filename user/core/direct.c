// SPDX-License-Identifier: GPL-2.0-only
/* Finishes programs just before libbpf loads them, with what only the running kernel's BTF says. */
#include "direct.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The kernel that programs are finished for; NULL: none, they are not ours. */
static const struct direct *current;

enum direct_way direct_best(const struct features *f)
{
	if (f->cast_func && f->folio_type && f->memcg_type && f->stat_type && f->task_type)
		return DIRECT_CAST;
	/* A classic program's record has no pointers. */
	return f->raw_tp_preemptible ? DIRECT_PROBE : DIRECT_TP_BTF;
}

void direct_config(struct oomn_config *cfg, const struct features *f, enum direct_way way)
{
	cfg->typed = way != DIRECT_PROBE;
	cfg->can_cast = way == DIRECT_CAST;
	cfg->folio_type = f->folio_type;
	cfg->memcg_type = f->memcg_type;
	cfg->objcg_type = f->objcg_type;
	cfg->stat_type = f->stat_type;
	cfg->task_type = f->task_type;
	cfg->task_typed = way == DIRECT_CAST || (way == DIRECT_TP_BTF && f->has_task_btf);
	cfg->has_slots = f->has_fetch;
}

static bool is_cast(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_CALL) && !insn->src_reg && insn->imm == OOMN_CAST_CALL;
}

static bool is_fetch(const struct bpf_insn *insn)
{
	return BPF_CLASS(insn->code) == BPF_STX && BPF_MODE(insn->code) == BPF_ATOMIC &&
	       insn->imm != BPF_ADD;
}

/*
 * A cast becomes a call of the kernel's function. Before 5.12 an instruction that is never reached
 * must be known all the same: nothing, then, in place of an atomic one that returns a value.
 */
static int finish_insns(struct bpf_program *prog)
{
	const size_t n = bpf_program__insn_cnt(prog);
	struct bpf_insn *insns = calloc(n, sizeof(*insns));
	int err;

	if (!insns)
		return -ENOMEM;
	memcpy(insns, bpf_program__insns(prog), n * sizeof(*insns));
	for (size_t i = 0; i < n; i++) {
		if (is_cast(&insns[i]) && current->way == DIRECT_CAST) {
			insns[i].src_reg = BPF_PSEUDO_KFUNC_CALL;
			insns[i].imm = (int)current->features.cast_func;
		} else if (is_fetch(&insns[i]) && !current->features.has_fetch) {
			insns[i] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K };
		}
	}
	err = bpf_program__set_insns(prog, insns, n);
	free(insns);
	return err;
}

/* The tracepoints that pass what is read by typed loads, and nothing more. */
static uint32_t tp_btf_id(const struct bpf_program *prog)
{
	static const enum feature_tp tps[] = { TP_SWAP_OUT, TP_SHRINK_INACTIVE };
	const char *name = strrchr(bpf_program__section_name(prog), '/');

	for (size_t i = 0; name && i < sizeof(tps) / sizeof(tps[0]); i++)
		if (!strcmp(name + 1, current->features.tp_name[tps[i]]))
			return current->features.tp_id[tps[i]];
	return 0;
}

static int prepare(struct bpf_program *prog, struct bpf_prog_load_opts *opts, long is_raw)
{
	uint32_t id;
	int err;

	if (!current)
		return 0;
	err = finish_insns(prog);
	id = is_raw && current->way == DIRECT_TP_BTF ? tp_btf_id(prog) : 0;
	if (err || !id)
		return err;
	opts->attach_btf_id = id;
	opts->expected_attach_type = BPF_TRACE_RAW_TP;
	return bpf_program__set_type(prog, BPF_PROG_TYPE_TRACING);
}

static int register_one(const char *section, enum bpf_prog_type type, long is_raw)
{
	LIBBPF_OPTS(libbpf_prog_handler_opts, opts, .cookie = is_raw,
		    .prog_prepare_load_fn = prepare);
	const int id = libbpf_register_prog_handler(section, type, 0, &opts);

	return id < 0 ? id : 0;
}

/*
 * The handlers stay: libbpf 1.1 keeps a pointer to what it frees with the last of them, and crashes
 * when one is registered again.
 */
int direct_begin(const struct direct *d)
{
	static bool is_registered;
	int err = 0;

	if (!is_registered) {
		err = register_one("raw_tp+", BPF_PROG_TYPE_RAW_TRACEPOINT, true);
		if (!err)
			err = register_one("tp+", BPF_PROG_TYPE_TRACEPOINT, false);
	}
	is_registered = !err;
	current = err ? NULL : d;
	return err;
}

void direct_end(void)
{
	current = NULL;
}
