// SPDX-License-Identifier: GPL-2.0-only
/* Pages that reclaim looked at and freed, by cause and by the task that is at it. */
#include "scan.bpf.h"
#include <bpf/bpf_tracing.h>

static __always_inline int scan_add(enum way way, struct oomn_cpu *c, __u64 scanned_pages,
				    __u64 freed_pages)
{
	__u32 tid = task_tid(way, current_task(way)), cause = current_cause(c, tid);
	struct oomn_reclaimer *reclaimer = NULL;
	struct oomn_scan *scan;

	if (cause != OOMN_CAUSE_KSWAPD)
		reclaimer = reclaimer_find(tid);
	scan = &c->scan[cause % OOMN_CAUSE_ROWS];
	scan->scanned_pages += scanned_pages;
	scan->freed_pages += freed_pages;
	if (reclaimer) {
		reclaimer->scanned_pages += scanned_pages;
		reclaimer->freed_pages += freed_pages;
	}
	return 0;
}

/*
 * Only those file pages that reclaim looked at and kept for their use were scanned in vain. The
 * others wait to be written, which it counts as dirty, or are locked by whoever writes them, which
 * it counts nowhere: they will come free, however often a large write makes reclaim look at them.
 */
__hidden int scanned_report(const struct scanned *s)
{
	__u64 in_vain = s->scanned_pages - s->freed_pages, kept;
	struct oomn_cpu *c = this_cpu();

	if (!c || !c->armed)
		return 0;
	if (s->file) {
		kept = s->kept_pages > s->dirty_pages ? s->kept_pages - s->dirty_pages : 0;
		in_vain = kept < in_vain ? kept : in_vain;
	}
	return BY_WAY(scan_add, c, s->freed_pages + in_vain, s->freed_pages);
}

/*
 * Reclaim for a low zone passes over the pages of all others, which the kernel counts as scanned:
 * an allocation that borrows a block of pages from the 16 MB of ZONE_DMA has kswapd walk all page
 * cache. Nobody looked whether those pages could be freed. Not counted as scanned are those of an
 * active list and those of a walk that took none; of files, only what reclaim kept or freed counts.
 */
__hidden int skipped_report(__u64 skipped_pages, __u64 taken_pages, __u32 lru)
{
	struct oomn_cpu *c;

	if (!skipped_pages || !taken_pages || lru != LRU_INACTIVE_ANON)
		return 0;
	c = this_cpu();
	if (c && c->armed)
		return scan_add(WAY_ASK, c, -skipped_pages, 0);
	return 0;
}

/*
 * (zone, order, nr_requested, nr_scanned, nr_skipped, nr_taken, lru), before 6.7 (..., mode, lru)
 */
SEC("raw_tp/mm_vmscan_lru_isolate")
int isolate(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 lru = ctx->args[6];

	barrier_var(lru);
	if (cfg.isolate_has_mode)
		lru = ctx->args[7];
	return skipped_report(ctx->args[4], ctx->args[5], lru);
}

SEC("raw_tp/mm_vmscan_lru_shrink_inactive")
int BPF_PROG(shrink_inactive, int nid, unsigned long nr_scanned, unsigned long nr_reclaimed,
	     struct reclaim_stat *stat, int priority, int file)
{
	struct scanned s = { nr_scanned, nr_reclaimed, .file = file };

	if (s.file && s.scanned_pages != s.freed_pages) {
		stat = stat_typed(stat);
		s.dirty_pages = READ_TYPED(WAY_ASK, stat, nr_dirty);
		s.kept_pages = READ_TYPED(WAY_ASK, stat, nr_activate[0]) +
			       READ_TYPED(WAY_ASK, stat, nr_activate[1]) +
			       READ_TYPED(WAY_ASK, stat, nr_ref_keep) +
			       READ_TYPED(WAY_ASK, stat, nr_unmap_fail);
	}
	return scanned_report(&s);
}
