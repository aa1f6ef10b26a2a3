// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same reports from classic tracepoints, for kernels that let a raw tracepoint program be
 * preempted (since 7.0) and then skip it for every other task on that CPU. A classic one runs with
 * preemption off, for some 10 ns more (an empty program, 6.18). The loader takes one or the other.
 */
#include "vmlinux.h"
#include <bpf/bpf_tracing.h>
#include "compat.bpf.h"
#include "plain.bpf.h"
#include "reclaim.bpf.h"
#include "scan.bpf.h"
#include "swap.bpf.h"

#define MEMCG_DEPTH   8
#define VMEMMAP_ALIGN (256 * 1024) /* x86 aligns it to 1 GB, arm64 to 512 KB at least */

/* Where the array of all struct page begins, or 0 until we know. */
static volatile __u64 vmemmap;

/*
 * The record of a swap-out has the folio's number, the raw tracepoint its address. If the two that
 * were noted on this CPU are of one hit, they give the array's beginning; if not, what they give is
 * no multiple of anything.
 */
struct notes {
	__u64 folio;
	__u64 pfn;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct notes);
} vmemmap_notes SEC(".maps");

static __always_inline void vmemmap_learn(__u64 folio, __u64 pfn)
{
	__u32 zero = 0;
	struct notes *n = bpf_map_lookup_elem(&vmemmap_notes, &zero);
	__u64 base;

	if (!n)
		return;
	if (folio)
		n->folio = folio;
	else
		n->pfn = pfn;
	base = n->folio - n->pfn * bpf_core_type_size(struct page);
	if (n->folio && n->pfn && !(base % VMEMMAP_ALIGN))
		vmemmap = base;
}

/* Attached before the program below, and so run before it on the very first hit. */
SEC("?raw_tp/mm_vmscan_write_folio")
int BPF_PROG(scout_write_folio, struct folio *folio)
{
	if (!vmemmap)
		vmemmap_learn((__u64)folio, 0);
	return 0;
}

SEC("?tp/vmscan/mm_vmscan_write_folio")
int tp_write_folio(struct trace_event_raw_mm_vmscan_write_folio *ctx)
{
	__u64 pfn = ctx->pfn;

	if (!vmemmap)
		vmemmap_learn(0, pfn);
	if (vmemmap)
		return swap_out((void *)(vmemmap + pfn * bpf_core_type_size(struct page)));
	if (ctx->reclaim_flags & RECLAIM_WB_ANON)
		swap_out_report(WAY_ASK, (struct owner){}, 1, 0);
	return 0;
}

SEC("?tp/vmscan/mm_vmscan_wakeup_kswapd")
int tp_wakeup_kswapd(struct trace_event_raw_mm_vmscan_wakeup_kswapd *ctx)
{
	return kswapd_report(ctx, &tp_tails, OOMN_WAKEUP_KSWAPD, ctx->nid, ctx->order,
			     ctx->gfp_flags);
}

SEC("?tp/vmscan/mm_vmscan_kswapd_wake")
int tp_kswapd_wake(struct trace_event_raw_mm_vmscan_kswapd_wake *ctx)
{
	return kswapd_report(ctx, &tp_tails, OOMN_KSWAPD_WAKE, ctx->nid, ctx->order, 0);
}

SEC("?tp/vmscan/mm_vmscan_kswapd_sleep")
int tp_kswapd_sleep(struct trace_event_raw_mm_vmscan_kswapd_sleep *ctx)
{
	return kswapd_report(ctx, &tp_tails, OOMN_KSWAPD_SLEEP, ctx->nid, 0, 0);
}

/*
 * The memory cgroup of this id, if it is the current task's or one above: whose limit was hit is.
 * Somebody else's (memory.reclaim written from outside) is not found, and 0 is returned.
 */
static __always_inline __u64 memcg_above_probed(__u64 id)
{
	const struct mem_cgroup *memcg = task_memcg((void *)bpf_get_current_task());

	for (int i = 0; i < MEMCG_DEPTH && memcg; i++) {
		if (memcg_id(memcg) == id)
			return (__u64)memcg;
		memcg = css_memcg(BPF_CORE_READ(memcg, css.parent));
	}
	return 0;
}

/* The same by plain loads: of each step from the task on the verifier knows the type. */
static __always_inline __u64 memcg_above_typed(__u64 id)
{
	const __u32 memory = bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id);
	const struct cgroup_subsys_state *css = current_task(WAY_CAST)->cgroups->subsys[memory];

	for (int i = 0; i < MEMCG_DEPTH && css; i++) {
		if (css->cgroup->kn->id == id)
			return (__u64)css_memcg(css);
		css = css->parent;
	}
	return 0;
}

static __always_inline __u64 memcg_above(__u64 id)
{
	return cfg.can_cast ? memcg_above_typed(id) : memcg_above_probed(id);
}

static __always_inline int begin(
	struct trace_event_raw_mm_vmscan_direct_reclaim_begin_template *ctx, __u32 cause)
{
	struct trace_event_raw_mm_vmscan_direct_reclaim_begin_template___v71 *v71 = (void *)ctx;
	struct facts f = {
		.kind = OOMN_RECLAIM_BEGIN,
		.cause = cause,
		.node = -1,
		.order = ctx->order,
		.gfp = ctx->gfp_flags,
	};

	if (cause == OOMN_CAUSE_MEMCG && bpf_core_field_exists(v71->memcg_id))
		f.memcg = memcg_above(v71->memcg_id);
	return report_tail(ctx, &tp_tails, OOMN_TAIL_BEGIN, &f);
}

static __always_inline int end(struct trace_event_raw_mm_vmscan_direct_reclaim_end_template *ctx,
			       __u32 cause)
{
	struct trace_event_raw_mm_vmscan_direct_reclaim_end_template___v71 *v71 = (void *)ctx;
	struct facts f = {
		.kind = OOMN_RECLAIM_END,
		.cause = cause,
		.reclaimed_pages = ctx->nr_reclaimed,
	};

	if (cause == OOMN_CAUSE_MEMCG && bpf_core_field_exists(v71->memcg_id))
		f.memcg = memcg_above(v71->memcg_id);
	return report_tail(ctx, &tp_tails, OOMN_TAIL_END, &f);
}

SEC("?tp/vmscan/mm_vmscan_direct_reclaim_begin")
int tp_direct_begin(struct trace_event_raw_mm_vmscan_direct_reclaim_begin_template *ctx)
{
	return begin(ctx, OOMN_CAUSE_DIRECT);
}

SEC("?tp/vmscan/mm_vmscan_direct_reclaim_end")
int tp_direct_end(struct trace_event_raw_mm_vmscan_direct_reclaim_end_template *ctx)
{
	return end(ctx, OOMN_CAUSE_DIRECT);
}

SEC("?tp/vmscan/mm_vmscan_memcg_reclaim_begin")
int tp_memcg_begin(struct trace_event_raw_mm_vmscan_direct_reclaim_begin_template *ctx)
{
	return begin(ctx, OOMN_CAUSE_MEMCG);
}

SEC("?tp/vmscan/mm_vmscan_memcg_reclaim_end")
int tp_memcg_end(struct trace_event_raw_mm_vmscan_direct_reclaim_end_template *ctx)
{
	return end(ctx, OOMN_CAUSE_MEMCG);
}

SEC("?tp/vmscan/mm_vmscan_node_reclaim_begin")
int tp_node_begin(struct trace_event_raw_mm_vmscan_node_reclaim_begin *ctx)
{
	const struct facts f = {
		.kind = OOMN_RECLAIM_BEGIN,
		.cause = OOMN_CAUSE_NODE,
		.node = ctx->nid,
		.order = ctx->order,
		.gfp = ctx->gfp_flags,
	};

	return report_tail(ctx, &tp_tails, OOMN_TAIL_BEGIN, &f);
}

SEC("?tp/vmscan/mm_vmscan_node_reclaim_end")
int tp_node_end(struct trace_event_raw_mm_vmscan_direct_reclaim_end_template *ctx)
{
	return end(ctx, OOMN_CAUSE_NODE);
}

SEC("?tp/vmscan/mm_vmscan_lru_isolate")
int tp_isolate(struct trace_event_raw_mm_vmscan_lru_isolate *ctx)
{
	return skipped_report(ctx->nr_skipped, ctx->nr_taken, ctx->lru);
}

SEC("?tp/vmscan/mm_vmscan_lru_shrink_inactive")
int tp_shrink_inactive(struct trace_event_raw_mm_vmscan_lru_shrink_inactive *ctx)
{
	const struct scanned s = {
		.scanned_pages = ctx->nr_scanned,
		.freed_pages = ctx->nr_reclaimed,
		.dirty_pages = ctx->nr_dirty,
		.kept_pages = ctx->nr_activate0 + ctx->nr_activate1 + ctx->nr_ref_keep +
			      ctx->nr_unmap_fail,
		.file = ctx->reclaim_flags & RECLAIM_WB_FILE,
	};

	return scanned_report(&s);
}

SEC("?tp/vmscan/mm_vmscan_throttled")
int tp_throttled(struct trace_event_raw_mm_vmscan_throttled *ctx)
{
	const struct facts f = {
		.kind = OOMN_THROTTLED,
		.node = ctx->nid,
		.timeout_us = ctx->usec_timeout,
		.reason = ctx->reason,
	};

	return report_tail(ctx, &tp_tails, OOMN_TAIL_PLAIN, &f);
}

SEC("?tp")
int tp_tail_begin(void *ctx)
{
	return reclaim_begin_report();
}

SEC("?tp")
int tp_tail_end(void *ctx)
{
	return reclaim_end_report();
}

SEC("?tp")
int tp_tail_plain(void *ctx)
{
	return plain_report();
}
