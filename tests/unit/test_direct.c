// SPDX-License-Identifier: GPL-2.0-only
/* The way that programs read pointers, chosen by what the kernel's types show. */
#include <bpf/btf.h>
#include <criterion/criterion.h>

#include "core/direct.h"

static struct features with_types(uint32_t cast_func)
{
	return (struct features){
		.cast_func = cast_func,
		.folio_type = 2,
		.memcg_type = 3,
		.objcg_type = 4,
		.stat_type = 5,
		.task_type = 6,
		.has_task_btf = true,
		.has_fetch = true,
	};
}

Test(direct, cast_where_there_is_one)
{
	struct features f = with_types(7);
	struct oomn_config cfg = { 0 };

	cr_expect_eq(direct_best(&f), DIRECT_CAST);
	f.raw_tp_preemptible = true; /* classic programs cast as well */
	cr_expect_eq(direct_best(&f), DIRECT_CAST);
	direct_config(&cfg, &f, DIRECT_CAST);
	cr_expect(cfg.typed && cfg.can_cast && cfg.task_typed && cfg.has_slots);
	cr_expect_eq(cfg.folio_type, 2);
	cr_expect_eq(cfg.memcg_type, 3);
	cr_expect_eq(cfg.objcg_type, 4);
	cr_expect_eq(cfg.stat_type, 5);
	cr_expect_eq(cfg.task_type, 6);
}

Test(direct, a_type_that_is_missing)
{
	struct features f;

	for (int i = 0; i < 4; i++) {
		uint32_t *const id[] = { &f.folio_type, &f.memcg_type, &f.stat_type, &f.task_type };

		f = with_types(7);
		*id[i] = 0;
		cr_expect_eq(direct_best(&f), DIRECT_TP_BTF);
	}
	f = with_types(7);
	f.objcg_type = 0; /* needed from 7.1 on only, and there since 5.9 */
	cr_expect_eq(direct_best(&f), DIRECT_CAST);
}

Test(direct, typed_arguments_without_a_cast)
{
	struct features f = with_types(0);
	struct oomn_config cfg = { 0 };

	cr_expect_eq(direct_best(&f), DIRECT_TP_BTF);
	direct_config(&cfg, &f, DIRECT_TP_BTF);
	cr_expect(cfg.typed && !cfg.can_cast && cfg.task_typed);
	f.has_task_btf = f.has_fetch = false; /* 5.10 */
	direct_config(&cfg, &f, DIRECT_TP_BTF);
	cr_expect(cfg.typed && !cfg.task_typed && !cfg.has_slots);
	f.raw_tp_preemptible = true; /* a classic record has numbers only */
	cr_expect_eq(direct_best(&f), DIRECT_PROBE);
}

Test(direct, helpers_stand_in)
{
	struct features f = with_types(7);
	struct oomn_config cfg = { 0 };

	direct_config(&cfg, &f, DIRECT_PROBE);
	cr_expect(!cfg.typed && !cfg.can_cast && !cfg.task_typed && cfg.has_slots);
}

static struct btf *btf;

static void add_struct(const char *name, uint32_t *id)
{
	*id = (uint32_t)btf__add_struct(btf, name, 8);
}

/* The ids are those of the kernel's BTF, not of the slice that libbpf is given. */
Test(direct, ids_are_found)
{
	uint32_t folio, memcg, objcg, stat, task, cast, tp;
	struct features f;
	int proto;

	btf = btf__new_empty();
	btf__add_int(btf, "folio", 4, 0); /* another kind of type by one of the names */
	add_struct("folio_batch", &folio);
	add_struct("folio", &folio);
	add_struct("mem_cgroup", &memcg);
	add_struct("obj_cgroup", &objcg);
	add_struct("reclaim_stat", &stat);
	add_struct("task_struct", &task);
	proto = btf__add_func_proto(btf, 0);
	cast = (uint32_t)btf__add_func(btf, "bpf_rdonly_cast", BTF_FUNC_GLOBAL, proto);
	btf__add_enum(btf, "bpf_func_id", 4);
	btf__add_enum_value(btf, "BPF_FUNC_get_current_task_btf", 158);
	proto = btf__add_func_proto(btf, 0);
	btf__add_func_param(btf, NULL, btf__add_ptr(btf, 0));
	tp = (uint32_t)btf__add_typedef(btf, "btf_trace_mm_vmscan_writepage",
					btf__add_ptr(btf, proto));
	cr_assert_eq(features_probe(btf, &f), 0);
	cr_expect_eq(f.folio_type, folio);
	cr_expect_eq(f.memcg_type, memcg);
	cr_expect_eq(f.objcg_type, objcg);
	cr_expect_eq(f.stat_type, stat);
	cr_expect_eq(f.task_type, task);
	cr_expect_eq(f.cast_func, cast);
	cr_expect_eq(f.tp_id[TP_SWAP_OUT], tp);
	cr_expect_eq(f.tp_id[TP_SHRINK_INACTIVE], 0);
	cr_expect(f.has_task_btf);
	cr_expect_not(f.has_fetch);
	btf__free(btf);
}
