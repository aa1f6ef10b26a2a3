/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The private contract between the BPF programs and the loader: what a record in the ring buffer
 * and a row of the shared tables look like. Both sides are always built from the same tree, so
 * there is no version; the asserts below hold the layout still.
 *
 * Times are CLOCK_MONOTONIC nanoseconds, pages are base pages.
 */
#ifndef OOMN_EVENT_H
#define OOMN_EVENT_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

/* What happened. The order is that of the summary. */
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
	OOMN_UNKNOWN, /* a reclaimer whose begin nobody saw */
	OOMN_KSWAPD,
	OOMN_DIRECT,	/* an allocation stalls on a full machine */
	OOMN_MEMCG,	/* an allocation stalls on its cgroup's limit */
	OOMN_NODE,	/* an allocation stalls on its node (vm.zone_reclaim_mode) */
	OOMN_PROACTIVE, /* asked for: MADV_PAGEOUT, memory.reclaim, DAMON */
	OOMN_NR_CAUSES,
};

/*
 * Rows of tables by cause or by kind: a power of two, so that an index can be masked. Verifiers
 * follow a mask more surely than a comparison, which clang likes to make on a copy.
 */
#define OOMN_CAUSE_ROWS 8
#define OOMN_KIND_ROWS	8

#define OOMN_COMM_LEN 16

/*
 * Rows of the cgroup table, one a directory: those that something happened to, and all above them.
 * The first few stand for many.
 */
#define OOMN_NR_CGROUPS	     3072
#define OOMN_CGROUP_OTHER    0 /* cgroups that found no row */
#define OOMN_CGROUP_NONE     1 /* pages and tasks that no memory cgroup owns */
#define OOMN_CGROUP_GONE     2 /* removed ones whose row was given back */
#define OOMN_CGROUP_FIRST    3
#define OOMN_CGROUP_NAME_LEN 256 /* NAME_MAX and a NUL */

/* log2 histogram: bucket i counts stalls below 1 << (i + 10) ns (about 1 us << i), the last all. */
#define OOMN_STALL_BUCKETS 26
#define OOMN_STALL_SHIFT   10

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

/* Exact counts of one kind on one CPU; they only grow. */
struct oomn_count {
	__u64 hits;
	__u64 pages;
	__u64 dropped_hits; /* the ring was full */
	__u64 dropped_pages;
};

/*
 * Pages that reclaim looked at, but for those that wait for their file, and pages it freed of them.
 * scanned_pages steps back when pages are passed over that the kernel is about to count as scanned.
 */
struct oomn_scan {
	__u64 scanned_pages;
	__u64 freed_pages;
};

struct oomn_stall {
	__u64 count;
	__u64 sum_ns;
	__u64 max_ns;
	__u64 bucket[OOMN_STALL_BUCKETS];
};

/*
 * One gate: hits of one (kind, cause, cgroup) on one CPU that wait for the next record. @rec is
 * that record in the making; hdr.hits == 0 when nothing waits.
 */
struct oomn_cell {
	__u64 key;	    /* 0: free */
	__u64 sent_jiffies; /* when the last record left; a tick is cheaper to read than a clock */
	__u64 sent_ns;
	__u64 first_ns; /* oldest waiting hit */
	union oomn_record rec;
} __attribute__((aligned(64)));

#define OOMN_NR_CELLS 64

/*
 * All that one CPU writes. Nobody else does, so plain additions are exact; user space maps it and
 * reads (and clears @reclaimer when the task it names is gone, and the key of a cell that waits for
 * nothing when its cgroup is). @busy guards against an interrupt's report in the middle of another:
 * that one is only counted, in @nested (by an atomic add).
 */
struct oomn_cpu {
	__u64 busy;
	__u64 waiting_hits; /* in all cells */
	__u32 reclaimer;    /* tid of who last reclaimed here; no other CPU has the same */
	__u32 reclaimer_cause;
	__u64 flush_ns;	 /* when the flush last ran */
	__u64 untracked; /* reclaim_begin found the table of reclaimers full */
	__u64 unended;	 /* a task began to reclaim again, and its end was never seen */
	struct oomn_count count[OOMN_KIND_ROWS];
	__u64 nested[OOMN_KIND_ROWS];
	__u64 nested_pages[OOMN_KIND_ROWS];
	struct oomn_scan scan[OOMN_CAUSE_ROWS];
	struct oomn_stall stall[OOMN_CAUSE_ROWS];
	struct oomn_cell cell[OOMN_NR_CELLS];
} __attribute__((aligned(64)));

struct oomn_total {
	__u64 hits;
	__u64 pages;
};

/*
 * Whose a row is. The BPF side writes a row until it is OOMN_ROW_USED; from there on user space
 * moves it through OOMN_ROW_RETIRED and, when nobody refers to it any more, back to OOMN_ROW_EMPTY.
 */
enum oomn_row_state {
	OOMN_ROW_EMPTY,	   /* to be put with those that may be taken */
	OOMN_ROW_FREE,	   /* may be taken */
	OOMN_ROW_NEW,	   /* taken; nobody else knows of it yet */
	OOMN_ROW_USED,	   /* found by its id */
	OOMN_ROW_RETIRED,  /* to be given up */
	OOMN_ROW_UNLINKED, /* not found any more, but may be referred to */
};

/*
 * One cgroup's totals since the start: of everything told or dropped, not of what still waits. Who
 * refers to a row keeps the id beside it, which no other cgroup ever has: a row with another id has
 * changed hands.
 */
struct oomn_cgroup {
	__u64 id;	  /* of the directory; 0: none */
	__u64 removed_id; /* the same when it is gone, so that a late word hits nobody else */
	__u64 parent_id;
	__u32 parent; /* its row. OOMN_CGROUP_NONE: this is the root; OOMN_CGROUP_OTHER: not known */
	__u32 state;  /* enum oomn_row_state */
	__u64 stall_ns;
	struct oomn_total total[OOMN_KIND_ROWS];
	char name[OOMN_CGROUP_NAME_LEN];
};

/* A task inside reclaim, keyed by its tid. */
struct oomn_reclaimer {
	__u64 start_ns;
	__u64 task; /* its address, to ask whether it is still at it */
	__u64 scanned_pages;
	__u64 freed_pages;
	__s32 order;
	__u32 gfp;
	__s32 node;
	__u32 cause;
	__u32 cpu; /* whose oomn_cpu.reclaimer it is */
	__u32 pad;
};

/*
 * What a task did last, keyed by its tid: the OOM killer runs in the task whose allocation found
 * nothing, and tells nobody whose memory it was. Tids come back, so the task's own start is kept
 * too.
 */
struct oomn_recent {
	__u64 task_start_ns;
	__u64 end_ns; /* of its latest reclaim; 0: not seen */
	__u32 cause;  /* of that reclaim */
	__u32 killed; /* tid of whom it has sent a SIGKILL in the kernel's name; 0: nobody */
	__u32 again;  /* ... who was dying already */
	__u32 pad;
};

#define OOMN_ASSERT_SIZE(type, size) \
	_Static_assert(sizeof(type) == (size), #type " is part of the contract")

_Static_assert(OOMN_NR_CAUSES <= OOMN_CAUSE_ROWS && OOMN_NR_KINDS <= OOMN_KIND_ROWS, "rows");
OOMN_ASSERT_SIZE(struct oomn_hdr, 88);
OOMN_ASSERT_SIZE(struct oomn_swap_out, 96);
OOMN_ASSERT_SIZE(struct oomn_alloc, 96);
OOMN_ASSERT_SIZE(struct oomn_reclaim_end, 136);
OOMN_ASSERT_SIZE(struct oomn_throttled, 104);
OOMN_ASSERT_SIZE(struct oomn_oom_kill, 152);
OOMN_ASSERT_SIZE(union oomn_record, 152);
OOMN_ASSERT_SIZE(struct oomn_cgroup, 424);
OOMN_ASSERT_SIZE(struct oomn_reclaimer, 56);
OOMN_ASSERT_SIZE(struct oomn_recent, 32);

#endif
