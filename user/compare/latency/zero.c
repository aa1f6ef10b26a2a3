// SPDX-License-Identifier: GPL-2.0-only
/* Zero, from a BPF program of its own. The only file that includes its skeleton. */
#include "zero.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/control_chars.h"
#include "compare/zero.h"
#include "core/load_error.h"

#include "zero.skel.h"

static const struct hook {
	const char *tracepoint;
	enum zero_kind kind;
} hooks[] = {
	{ "mm_vmscan_write_folio", ZERO_SWAP_OUT },
	{ "mm_vmscan_writepage", ZERO_SWAP_OUT }, /* until 5.17 */
	{ "mm_vmscan_memcg_reclaim_begin", ZERO_RECLAIM },
	{ "mm_vmscan_direct_reclaim_begin", ZERO_RECLAIM },
};

#define NR_HOOKS (sizeof(hooks) / sizeof(hooks[0]))

/*
 * Runs of which nothing is taken: the first one finds no cache warm, and was seen to take a
 * millisecond.
 */
#define WARM_UP 8

struct zero {
	struct zero_bpf *skel;
	volatile struct zero_shared *shared; /* the BPF side's own memory */
	struct bpf_link *link[NR_HOOKS];
};

static struct bpf_program *program_of(const struct zero *zero, enum zero_kind kind)
{
	return kind == ZERO_SWAP_OUT ? zero->skel->progs.swap_out : zero->skel->progs.reclaim;
}

/*
 * Leaves out tracepoints that a kernel has not got: a box swaps or reclaims by one of the others.
 */
static int attach(struct zero *zero, struct failure *why)
{
	bool any = false;

	for (size_t i = 0; i < NR_HOOKS; i++) {
		zero->link[i] = bpf_program__attach_raw_tracepoint(program_of(zero, hooks[i].kind),
								   hooks[i].tracepoint);
		any |= zero->link[i] != NULL;
	}
	return any ? 0 : failure_set(why, ENOTSUP, "no tracepoint for zero: oom-notify check");
}

struct zero *zero_open(uint64_t cgroup_id, struct failure *why)
{
	struct zero *zero = calloc(1, sizeof(*zero));

	if (!zero) {
		(void)failure_set(why, ENOMEM, "out of memory");
		return NULL;
	}
	load_error_hush();
	zero->skel = zero_bpf__open_and_load();
	if (!zero->skel) {
		(void)failure_set(why, errno,
				  "the BPF program for zero cannot be loaded: %s; "
				  "oom-notify check says what is missing",
				  load_error_text(-errno));
		zero_free(zero);
		return NULL;
	}
	zero->shared = &zero->skel->bss->shared;
	zero->shared->cgroup_id = cgroup_id;
	if (attach(zero, why)) {
		zero_free(zero);
		return NULL;
	}
	return zero;
}

void zero_free(struct zero *zero)
{
	if (!zero)
		return;
	for (size_t i = 0; i < NR_HOOKS; i++)
		bpf_link__destroy(zero->link[i]);
	zero_bpf__destroy(zero->skel);
	free(zero);
}

static uint64_t run_time_ns(int fd)
{
	struct bpf_prog_info info = { 0 };
	__u32 len = sizeof(info);

	return bpf_obj_get_info_by_fd(fd, &info, &len) ? 0 : info.run_time_ns;
}

void zero_measure(struct zero *zero, uint32_t n, struct result *r)
{
	_cleanup_close_ int stats = bpf_enable_stats(BPF_STATS_RUN_TIME);
	const int fd = bpf_program__fd(zero->skel->progs.reclaim);

	for (uint32_t i = 0; stats >= 0 && i < WARM_UP + n; i++) {
		LIBBPF_OPTS(bpf_test_run_opts, opts);
		const uint64_t before_ns = run_time_ns(fd);

		if (!bpf_prog_test_run_opts(fd, &opts) && i >= WARM_UP)
			result_add_cost(r, RESULT_COST_STAMP, run_time_ns(fd) - before_ns);
	}
}

void zero_arm(struct zero *zero)
{
	zero->shared->others_hits = 0;
	zero->shared->swap_ns = 0;
	zero->shared->zero_ns = 0;
}

uint64_t zero_stamp(const struct zero *zero, enum result_zero *kind)
{
	*kind = zero->shared->kind == ZERO_SWAP_OUT ? RESULT_SWAP_OUT : RESULT_RECLAIM;
	return zero->shared->zero_ns;
}

uint64_t zero_swap_out(const struct zero *zero)
{
	return zero->shared->swap_ns;
}

uint64_t zero_others(const struct zero *zero, char comm[RESULT_COMM_LEN])
{
	size_t i = 0;

	for (; zero->shared->others_hits && i < sizeof(zero->shared->others_comm) &&
	       zero->shared->others_comm[i];
	     i++)
		comm[i] = zero->shared->others_comm[i];
	comm[i] = '\0';
	blank_controls(comm); /* a task may call itself anything; this goes to terminals */
	return zero->shared->others_hits;
}
