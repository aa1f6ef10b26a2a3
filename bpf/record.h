/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The contract for what BPF programs send: the records in the ring buffer, and what the program
 * that sends the trailing ones returns. Both sides are always built from the same tree, so there
 * is no version; the asserts below hold the layout still.
 *
 * Times are CLOCK_MONOTONIC nanoseconds, pages are base pages.
 */
#ifndef OOMN_RECORD_H
#define OOMN_RECORD_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

/* Kinds of events, in the order of the summary. */
enum oomn_kind {
	OOMN_SWAP_OUT,	    /* reclaim wrote a folio out to swap */
	OOMN_WAKEUP_KSWAPD, /* an allocation found a watermark low: the earliest sign there is */
	OOMN_KSWAPD_WAKE,
	OOMN_KSWAPD_SLEEP,
	OOMN_RECLAIM_BEGIN, /* a task began to reclaim memory itself */
	OOMN_RECLAIM_END,   /* ... and could go on */
	OOMN_THROTTLED,	    /* a reclaimer was put to sleep */
	OOMN_OOM_KILL,	    /* the OOM killer marked a victim */
	OOMN_NR_KINDS,
};

/* Why. */
enum oomn_cause {
	OOMN_CAUSE_UNKNOWN, /* a reclaimer whose begin nobody saw */
	OOMN_CAUSE_KSWAPD,
	OOMN_CAUSE_DIRECT,    /* an allocation stalls on a full machine */
	OOMN_CAUSE_MEMCG,     /* an allocation stalls on its cgroup's limit */
	OOMN_CAUSE_NODE,      /* an allocation stalls on its node (vm.zone_reclaim_mode) */
	OOMN_CAUSE_PROACTIVE, /* asked for: MADV_PAGEOUT, memory.reclaim, DAMON */
	OOMN_NR_CAUSES,
};

#define OOMN_COMM_LEN 16

/* hdr.flags */
#define OOMN_F_TRAILING	    (1U << 0) /* sent by the flush, not by the hit itself */
#define OOMN_F_START_UNSEEN (1U << 1) /* reclaim_end without its begin: no duration */

/*
 * Every record begins with this. A record stands for @hits facts of one kind, cause and cgroup on
 * one CPU; what belongs to a single one of them (time, pid, order ...) is the newest's, or in a
 * trailing record the oldest's.
 */
struct oomn_hdr {
	__u16 size; /* of the whole record */
	__u8 kind;
	__u8 cause;
	__u32 flags;
	__u64 hits;
	__u64 pages;
	__u64 time_ns;
	__u64 held_ns; /* how long the oldest fact waited in the gate */
	__u64 cgroup_id;
	__u32 cgroup_row;
	__u32 cpu;
	__s32 node; /* -1: not known */
	__u32 pid;  /* thread group */
	__u32 tid;
	__u32 pad;
	char comm[OOMN_COMM_LEN];
};

/* swap_out: pages - shmem_pages are anonymous */
struct oomn_swap_out {
	struct oomn_hdr hdr;
	__u64 shmem_pages;
};

/* wakeup_kswapd, kswapd_wake, kswapd_sleep (order 0), reclaim_begin */
struct oomn_alloc {
	struct oomn_hdr hdr;
	__s32 order;
	__u32 gfp; /* 0: not told */
};

struct oomn_reclaim_end {
	struct oomn_hdr hdr;
	__u64 duration_ns;
	__u64 reclaimed_pages;
	__u64 stall_ns;	     /* of all @hits together */
	__u64 scanned_pages; /* of all @hits together */
	__u64 freed_pages;   /* of what was scanned, of all @hits together */
	__s32 order;
	__u32 gfp;
};

struct oomn_throttled {
	struct oomn_hdr hdr;
	__u64 timeout_us;
	__u32 reason; /* enum vmscan_throttle_state */
	__u32 pad;
};

#define OOMN_NOT_TOLD (~0ULL)

/* oom_kill: hdr.pid and hdr.comm are the victim's. A field this kernel does not give: NOT_TOLD. */
struct oomn_oom_kill {
	struct oomn_hdr hdr;
	__u64 total_vm_kb;
	__u64 anon_rss_kb;
	__u64 file_rss_kb;
	__u64 shmem_rss_kb;
	__u64 pgtables_kb;
	__u64 uid;
	__s64 oom_score_adj;
	__u32 has_task; /* 0: only the pid is known */
	__u32 is_memcg; /* the limit of a cgroup, not the machine, ran out */
};

union oomn_record {
	struct oomn_hdr hdr;
	struct oomn_swap_out swap_out;
	struct oomn_alloc alloc;
	struct oomn_reclaim_end reclaim_end;
	struct oomn_throttled throttled;
	struct oomn_oom_kill oom_kill;
};

/* The size of a record of this kind. */
static inline __attribute__((always_inline)) __u16 oomn_record_size(__u32 kind)
{
	switch (kind) {
	case OOMN_SWAP_OUT:
		return sizeof(struct oomn_swap_out);
	case OOMN_RECLAIM_END:
		return sizeof(struct oomn_reclaim_end);
	case OOMN_THROTTLED:
		return sizeof(struct oomn_throttled);
	case OOMN_OOM_KILL:
		return sizeof(struct oomn_oom_kill);
	default:
		return sizeof(struct oomn_alloc);
	}
}

/* Gates that a run of the flush program sends at most: interrupts are off meanwhile. */
#define OOMN_FLUSHED 16

/* Results of such a run. */
enum oomn_flush {
	OOMN_FLUSH_DONE,
	OOMN_FLUSH_BUSY, /* it interrupted a report: try again later */
};

#define OOMN_ASSERT_SIZE(type, size) \
	_Static_assert(sizeof(type) == (size), #type " is part of the contract")

OOMN_ASSERT_SIZE(struct oomn_hdr, 88);
OOMN_ASSERT_SIZE(struct oomn_swap_out, 96);
OOMN_ASSERT_SIZE(struct oomn_alloc, 96);
OOMN_ASSERT_SIZE(struct oomn_reclaim_end, 136);
OOMN_ASSERT_SIZE(struct oomn_throttled, 104);
OOMN_ASSERT_SIZE(struct oomn_oom_kill, 152);
OOMN_ASSERT_SIZE(union oomn_record, 152);

#endif
