// SPDX-License-Identifier: GPL-2.0-only
/* The feature probe on made-up kernels: each variant of arguments, shapes nobody knows, gaps. */
#include <bpf/btf.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/features.h"
#include "record.h"

static struct btf *btf;
static struct features f;

/* Types that arguments are made of. */
static int void_ptr, t_int, t_ulong, t_gfp, t_uid, p_memcg, p_folio, p_page, p_task, p_stat,
	p_siginfo, p_cgroup, p_char;

static int ptr_to_struct(const char *name)
{
	return btf__add_ptr(btf, btf__add_struct(btf, name, 8));
}

static void start(void)
{
	int t_uint;

	btf = btf__new_empty();
	cr_assert_not_null(btf);
	void_ptr = btf__add_ptr(btf, 0);
	t_int = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	t_uint = btf__add_int(btf, "unsigned int", 4, 0);
	t_ulong = btf__add_int(btf, "long unsigned int", 8, 0);
	t_gfp = btf__add_typedef(btf, "gfp_t", t_uint);
	t_uid = btf__add_typedef(btf, "uid_t", t_uint);
	p_memcg = ptr_to_struct("mem_cgroup");
	p_folio = ptr_to_struct("folio");
	p_page = ptr_to_struct("page");
	p_task = ptr_to_struct("task_struct");
	p_stat = ptr_to_struct("reclaim_stat");
	p_siginfo = ptr_to_struct("kernel_siginfo");
	p_cgroup = ptr_to_struct("cgroup");
	p_char = btf__add_ptr(btf,
			      btf__add_const(btf, btf__add_int(btf, "char", 1, BTF_INT_SIGNED)));
}

static void finish(void)
{
	btf__free(btf);
}

/* typedef void (*btf_trace_@name)(@args[0], ...); */
static void add_proto(const char *name, const int args[], size_t n)
{
	char full[64];
	int proto = btf__add_func_proto(btf, 0);

	for (size_t i = 0; i < n; i++)
		cr_assert_eq(btf__add_func_param(btf, NULL, args[i]), 0);
	(void)snprintf(full, sizeof(full), "btf_trace_%s", name);
	cr_assert_gt(btf__add_typedef(btf, full, btf__add_ptr(btf, proto)), 0);
}

#define ADD_TP(name, ...)                                       \
	add_proto(name, (const int[]){ void_ptr, __VA_ARGS__ }, \
		  sizeof((const int[]){ void_ptr, __VA_ARGS__ }) / sizeof(int))

static void probe(void)
{
	cr_assert_eq(features_probe(btf, &f), 0);
}

static void add_whole_kernel(void)
{
	ADD_TP("mm_vmscan_write_folio", p_folio);
	ADD_TP("mm_vmscan_wakeup_kswapd", t_int, t_int, t_int, t_gfp);
	ADD_TP("mm_vmscan_kswapd_wake", t_int, t_int, t_int);
	ADD_TP("mm_vmscan_kswapd_sleep", t_int);
	ADD_TP("mm_vmscan_direct_reclaim_begin", t_int, t_gfp);
	ADD_TP("mm_vmscan_direct_reclaim_end", t_ulong);
	ADD_TP("mm_vmscan_memcg_reclaim_begin", t_int, t_gfp);
	ADD_TP("mm_vmscan_memcg_reclaim_end", t_ulong);
	ADD_TP("mm_vmscan_node_reclaim_begin", t_int, t_int, t_gfp);
	ADD_TP("mm_vmscan_node_reclaim_end", t_ulong);
	ADD_TP("mm_vmscan_throttled", t_int, t_int, t_int, t_int);
	ADD_TP("mm_vmscan_lru_isolate", t_int, t_int, t_ulong, t_ulong, t_ulong, t_ulong, t_int);
	ADD_TP("mm_vmscan_lru_shrink_inactive", t_int, t_ulong, t_ulong, p_stat, t_int, t_int);
	ADD_TP("mark_victim", p_task, t_uid);
	ADD_TP("signal_generate", t_int, p_siginfo, p_task, t_int, t_int);
	ADD_TP("cgroup_rmdir", p_cgroup, p_char);
	ADD_TP("cgroup_rename", p_cgroup, p_char);
}

TestSuite(features, .init = start, .fini = finish);

Test(features, whole_kernel)
{
	add_whole_kernel();
	probe();
	for (int i = 0; i < NR_FEATURE_TPS; i++) {
		cr_expect_eq(f.tp[i], TP_USABLE, "%s (%s)", f.tp_name[i], f.tp_args[i]);
		cr_expect_str_eq(f.tp_name[i], feature_tps[i].name);
	}
	cr_expect_str_eq(f.tp_args[TP_SHRINK_INACTIVE],
			 "int, unsigned long, unsigned long, struct reclaim_stat *, int, int");
	cr_expect_str_eq(f.tp_args[TP_CGROUP_RMDIR], "struct cgroup *, char *");
	cr_expect_str_eq(f.tp_args[TP_CGROUP_RENAME], "struct cgroup *, char *");
}

Test(features, preemptible_raw_tracepoints)
{
	add_whole_kernel();
	cr_assert_gt(btf__add_typedef(btf, "class_srcu_t", t_int), 0);
	probe();
	cr_expect_not(f.raw_tp_preemptible);
	cr_assert_gt(btf__add_typedef(btf, "class_srcu_fast_notrace_t", t_int), 0);
	probe();
	cr_expect(f.raw_tp_preemptible);
}

Test(features, old_order_of_begin)
{
	add_whole_kernel();
	probe();
	cr_expect_not(f.begin_gfp_first);
	cr_expect_not(f.end_has_memcg);
}

Test(features, new_order_of_begin)
{
	ADD_TP("mm_vmscan_direct_reclaim_begin", t_gfp, t_int, p_memcg);
	ADD_TP("mm_vmscan_memcg_reclaim_begin", t_gfp, t_int, p_memcg);
	ADD_TP("mm_vmscan_direct_reclaim_end", t_ulong, p_memcg);
	ADD_TP("mm_vmscan_memcg_reclaim_end", t_ulong, p_memcg);
	ADD_TP("mm_vmscan_node_reclaim_end", t_ulong, p_memcg);
	probe();
	cr_expect_eq(f.tp[TP_DIRECT_BEGIN], TP_USABLE);
	cr_expect_eq(f.tp[TP_MEMCG_BEGIN], TP_USABLE);
	cr_expect_eq(f.tp[TP_DIRECT_END], TP_USABLE);
	cr_expect_eq(f.tp[TP_MEMCG_END], TP_USABLE);
	cr_expect_eq(f.tp[TP_NODE_END], TP_USABLE);
	cr_expect(f.begin_gfp_first);
	cr_expect(f.end_has_memcg);
}

/* The memcg tracepoint alone says it too. */
Test(features, begin_of_memcg_only)
{
	ADD_TP("mm_vmscan_memcg_reclaim_begin", t_gfp, t_int, p_memcg);
	probe();
	cr_expect_eq(f.tp[TP_DIRECT_BEGIN], TP_MISSING);
	cr_expect(f.begin_gfp_first);
}

Test(features, begin_that_differs_between_direct_and_memcg)
{
	ADD_TP("mm_vmscan_direct_reclaim_begin", t_gfp, t_int, p_memcg);
	ADD_TP("mm_vmscan_memcg_reclaim_begin", t_int, t_gfp);
	ADD_TP("mm_vmscan_direct_reclaim_end", t_ulong);
	ADD_TP("mm_vmscan_memcg_reclaim_end", t_ulong, p_memcg);
	probe();
	cr_expect_eq(f.tp[TP_DIRECT_BEGIN], TP_USABLE);
	cr_expect_eq(f.tp[TP_MEMCG_BEGIN], TP_UNKNOWN_SHAPE);
	cr_expect(f.begin_gfp_first);
	cr_expect_eq(f.tp[TP_DIRECT_END], TP_USABLE);
	cr_expect_eq(f.tp[TP_MEMCG_END], TP_UNKNOWN_SHAPE);
	cr_expect_not(f.end_has_memcg);
}

/*
 * Neither more arguments than we know nor the known ones in another order, nor those of a function
 * that does not begin with void *.
 */
Test(features, unknown_shapes)
{
	ADD_TP("mm_vmscan_direct_reclaim_begin", t_int, t_gfp, p_memcg);
	ADD_TP("mm_vmscan_memcg_reclaim_begin", t_gfp, t_int);
	ADD_TP("mm_vmscan_wakeup_kswapd", t_int, t_int, t_gfp, t_int);
	ADD_TP("mm_vmscan_node_reclaim_begin", t_int, t_int, t_int);
	ADD_TP("mm_vmscan_kswapd_wake", t_int, t_int);
	ADD_TP("mm_vmscan_write_folio", p_page);
	ADD_TP("mark_victim", p_task, t_int);
	ADD_TP("mm_vmscan_direct_reclaim_end", t_int);
	add_proto("mm_vmscan_kswapd_sleep", NULL, 0);
	add_proto("mm_vmscan_node_reclaim_end", (const int[]){ t_int, t_ulong }, 2);
	probe();
	cr_expect_eq(f.tp[TP_DIRECT_BEGIN], TP_UNKNOWN_SHAPE);
	cr_expect_str_eq(f.tp_args[TP_DIRECT_BEGIN], "int, gfp_t, struct mem_cgroup *");
	cr_expect_eq(f.tp[TP_MEMCG_BEGIN], TP_UNKNOWN_SHAPE);
	cr_expect_eq(f.tp[TP_WAKEUP_KSWAPD], TP_UNKNOWN_SHAPE);
	cr_expect_eq(f.tp[TP_NODE_BEGIN], TP_UNKNOWN_SHAPE);
	cr_expect_eq(f.tp[TP_KSWAPD_WAKE], TP_UNKNOWN_SHAPE);
	cr_expect_eq(f.tp[TP_SWAP_OUT], TP_UNKNOWN_SHAPE);
	cr_expect_eq(f.tp[TP_MARK_VICTIM], TP_UNKNOWN_SHAPE);
	cr_expect_eq(f.tp[TP_DIRECT_END], TP_UNKNOWN_SHAPE);
	cr_expect_eq(f.tp[TP_KSWAPD_SLEEP], TP_UNKNOWN_SHAPE);
	cr_expect_eq(f.tp[TP_NODE_END], TP_UNKNOWN_SHAPE);
	cr_expect_not(f.begin_gfp_first);
	cr_expect_not(f.end_has_memcg);
	cr_expect_not(f.victim_has_task);
}

Test(features, typedef_of_something_else)
{
	btf__add_typedef(btf, "btf_trace_mark_victim", t_int);
	btf__add_typedef(btf, "btf_trace_cgroup_rmdir", 0);
	btf__add_typedef(btf, "btf_trace_mm_vmscan_throttled", void_ptr);
	probe();
	cr_expect_eq(f.tp[TP_MARK_VICTIM], TP_UNKNOWN_SHAPE);
	cr_expect_eq(f.tp[TP_CGROUP_RMDIR], TP_UNKNOWN_SHAPE);
	cr_expect_eq(f.tp[TP_THROTTLED], TP_UNKNOWN_SHAPE);
}

Test(features, types_that_have_no_name_for_us)
{
	int t_enum = btf__add_enum(btf, "throttle", 4);
	int anonymous = ptr_to_struct("");

	ADD_TP("mm_vmscan_throttled", t_int, t_int, t_int, t_enum);
	ADD_TP("mark_victim", anonymous, t_uid);
	ADD_TP("mm_vmscan_kswapd_sleep", 0); /* variadic */
	probe();
	cr_expect_eq(f.tp[TP_THROTTLED], TP_UNKNOWN_SHAPE);
	cr_expect_str_eq(f.tp_args[TP_THROTTLED], "int, int, int, ?");
	cr_expect_eq(f.tp[TP_MARK_VICTIM], TP_UNKNOWN_SHAPE);
	cr_expect_eq(f.tp[TP_KSWAPD_SLEEP], TP_UNKNOWN_SHAPE);
}

/* Longer than the text has room for, and equal to a known shape as far as the room goes. */
Test(features, more_arguments_than_fit)
{
	int args[64] = { void_ptr };

	for (size_t i = 1; i < 64; i++)
		args[i] = t_ulong;
	add_proto("mm_vmscan_lru_shrink_inactive", args, 64);
	probe();
	cr_expect_eq(f.tp[TP_SHRINK_INACTIVE], TP_UNKNOWN_SHAPE);
	cr_expect_lt(strlen(f.tp_args[TP_SHRINK_INACTIVE]), FEATURE_ARGS_LEN);
}

Test(features, old_name_of_swap_out)
{
	ADD_TP("mm_vmscan_writepage", p_page);
	probe();
	cr_expect_eq(f.tp[TP_SWAP_OUT], TP_USABLE);
	cr_expect_str_eq(f.tp_name[TP_SWAP_OUT], "mm_vmscan_writepage");
}

Test(features, old_name_with_new_argument)
{
	ADD_TP("mm_vmscan_writepage", p_folio);
	probe();
	cr_expect_eq(f.tp[TP_SWAP_OUT], TP_UNKNOWN_SHAPE);
}

Test(features, both_names_of_swap_out)
{
	ADD_TP("mm_vmscan_writepage", p_page);
	ADD_TP("mm_vmscan_write_folio", p_folio);
	probe();
	cr_expect_eq(f.tp[TP_SWAP_OUT], TP_USABLE);
	cr_expect_str_eq(f.tp_name[TP_SWAP_OUT], "mm_vmscan_write_folio");
}

Test(features, victim_by_pid)
{
	ADD_TP("mark_victim", t_int);
	probe();
	cr_expect_eq(f.tp[TP_MARK_VICTIM], TP_USABLE);
	cr_expect_not(f.victim_has_task);
}

Test(features, victim_by_task)
{
	ADD_TP("mark_victim", p_task, t_uid);
	probe();
	cr_expect_eq(f.tp[TP_MARK_VICTIM], TP_USABLE);
	cr_expect(f.victim_has_task);
}

/* clang's name of a type, a type only declared, qualifiers anywhere: all the same shape. */
Test(features, spelling_does_not_matter)
{
	int t_ul = btf__add_int(btf, "unsigned long", 8, 0);
	int fwd = btf__add_fwd(btf, "folio", BTF_FWD_STRUCT);
	int qualified = btf__add_const(btf, btf__add_ptr(btf, btf__add_volatile(btf, fwd)));

	ADD_TP("mm_vmscan_direct_reclaim_end", btf__add_const(btf, t_ul));
	ADD_TP("mm_vmscan_write_folio", qualified);
	probe();
	cr_expect_eq(f.tp[TP_DIRECT_END], TP_USABLE);
	cr_expect_eq(f.tp[TP_SWAP_OUT], TP_USABLE);
}

Test(features, union_of_the_same_name)
{
	ADD_TP("mm_vmscan_write_folio",
	       btf__add_ptr(btf, btf__add_fwd(btf, "folio", BTF_FWD_UNION)));
	probe();
	cr_expect_eq(f.tp[TP_SWAP_OUT], TP_UNKNOWN_SHAPE);
}

Test(features, missing)
{
	ADD_TP("sched_switch", t_int);
	probe();
	for (int i = 0; i < NR_FEATURE_TPS; i++) {
		cr_expect_eq(f.tp[i], TP_MISSING);
		cr_expect_str_empty(f.tp_args[i]);
		cr_expect_not_null(f.tp_name[i]);
	}
	cr_expect_not(f.begin_gfp_first);
	cr_expect_not(f.end_has_memcg);
	cr_expect_not(f.has_ringbuf);
	cr_expect_not(f.maps_charge_memlock);
}

Test(features, no_kernel)
{
	cr_expect_eq(features_probe(btf, &f), -EINVAL);
	cr_expect_eq(f.tp[TP_SWAP_OUT], TP_MISSING);
	cr_expect_not_null(f.tp_name[TP_SWAP_OUT]);
}

Test(features, maps)
{
	ADD_TP("sched_switch", t_int);
	btf__add_enum(btf, "bpf_map_type", 4);
	btf__add_enum_value(btf, "BPF_MAP_TYPE_HASH", 1);
	btf__add_enum_value(btf, "BPF_MAP_TYPE_RINGBUF", 27);
	btf__add_struct(btf, "bpf_map_memory", 16);
	probe();
	cr_expect(f.has_ringbuf);
	cr_expect(f.maps_charge_memlock);
}

Test(features, maps_without_ring_buffer)
{
	ADD_TP("sched_switch", t_int);
	btf__add_enum(btf, "bpf_map_type", 4);
	btf__add_enum_value(btf, "BPF_MAP_TYPE_HASH", 1);
	probe();
	cr_expect_not(f.has_ringbuf);
}

Test(features, scans_of_multi_gen_lru)
{
	ADD_TP("mm_vmscan_lru_isolate", t_int, t_int, t_ulong, t_ulong, t_ulong, t_ulong, t_int);
	probe();
	cr_expect_eq(f.tp[TP_LRU_ISOLATE], TP_USABLE);
	cr_expect_not(f.isolate_has_mode);
	cr_expect(f.mglru_tells_scans);
}

Test(features, scans_of_multi_gen_lru_before_6_7)
{
	int mode = btf__add_typedef(btf, "isolate_mode_t", t_int);

	ADD_TP("mm_vmscan_lru_isolate", t_int, t_int, t_ulong, t_ulong, t_ulong, t_ulong, mode,
	       t_int);
	probe();
	cr_expect_eq(f.tp[TP_LRU_ISOLATE], TP_USABLE);
	cr_expect(f.isolate_has_mode);
	cr_expect_not(f.mglru_tells_scans);
}

/* Every kind has a tracepoint to come from, every tracepoint says what its lack costs. */
Test(features, table_is_whole)
{
	uint32_t kinds = 0;

	for (int i = 0; i < NR_FEATURE_TPS; i++) {
		cr_expect_not_null(feature_tps[i].name);
		cr_expect_not_null(feature_tps[i].cost);
		cr_expect_not_null(feature_tps[i].shape[0].args);
		cr_expect_eq(!feature_tps[i].old_name, !feature_tps[i].old_args);
		kinds |= feature_tps[i].kinds;
	}
	cr_expect_eq(kinds, (1U << OOMN_NR_KINDS) - 1);
}
