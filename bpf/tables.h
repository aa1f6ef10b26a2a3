/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The contract for what both sides have in front of them: the rows of the tables that user space
 * maps or looks up while BPF programs write them. Without a version, as the records (record.h).
 */
#ifndef OOMN_TABLES_H
#define OOMN_TABLES_H

#include "record.h"

/*
 * Rows of tables by cause or by kind: a power of two, so that an index can be masked. Verifiers
 * follow a mask more surely than a comparison, which clang likes to make on a copy.
 */
#define OOMN_CAUSE_ROWS 8
#define OOMN_KIND_ROWS	8

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
struct oomn_gate {
	__u64 key;	    /* 0: free */
	__u64 sent_jiffies; /* when the last record left; a tick is cheaper to read than a clock */
	__u64 sent_ns;
	__u64 first_ns; /* oldest waiting hit */
	union oomn_record rec;
} __attribute__((aligned(64)));

#define OOMN_NR_GATES 64

/*
 * All that one CPU writes. Nobody else does, so plain additions are exact; user space maps it and
 * reads (writes @armed, and clears @reclaimer when the task it names is gone, and the key of a gate
 * that waits for nothing when its cgroup is). @busy guards against an interrupt's report in the
 * middle of another: that one is only counted, in @nested (by an atomic add).
 */
struct oomn_cpu {
	__u64 busy;
	__u64 waiting_hits; /* in all gates */
	__u32 reclaimer;    /* tid of who last reclaimed here; no other CPU has the same */
	__u8 reclaimer_cause;
	__u8 armed; /* set by user space when it is ready to hear, cleared when it goes */
	__u16 pad;
	__u64 waiting_gates;			 /* a bit each: something waits in it */
	struct oomn_count count[OOMN_KIND_ROWS]; /* a swap-out's is in the first cache line */
	__u64 flush_ns;				 /* when the flush last ran */
	__u64 untracked; /* reclaim_begin found the table of reclaimers full */
	__u64 unended;	 /* a task began to reclaim again, and its end was never seen */
	__u64 nested[OOMN_KIND_ROWS];
	__u64 nested_pages[OOMN_KIND_ROWS];
	struct oomn_scan scan[OOMN_CAUSE_ROWS];
	struct oomn_stall stall[OOMN_CAUSE_ROWS];
	struct oomn_gate gate[OOMN_NR_GATES];
} __attribute__((aligned(64)));

struct oomn_total {
	__u64 hits;
	__u64 pages;
};

/*
 * The owner of a row. The BPF side writes a row until it is OOMN_ROW_USED; from there on user space
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
	__u32 parent; /* its row; OOMN_CGROUP_NONE: this is the root; _OTHER: not known */
	__u32 state;  /* enum oomn_row_state */
	__u64 stall_ns;
	struct oomn_total total[OOMN_KIND_ROWS];
	char name[OOMN_CGROUP_NAME_LEN];
};

/*
 * A task inside reclaim. Its place is the slot of its tid, or, where another task has that or the
 * kernel cannot hand slots out, a hash table by tid. A slot keeps what its task did last, until
 * another one takes it.
 */
struct oomn_reclaimer {
	__u64 owner;	/* of a slot: the tid, and OOMN_SLOT_BUSY within reclaim */
	__u64 start_ns; /* 0: not in reclaim */
	__u64 task;	/* its address, to ask whether it is still at it */
	__u64 task_start_ns;
	__u64 end_ns; /* of a slot: of the task's reclaim before; 0: not seen */
	__u32 scanned_pages;
	__u32 freed_pages;
	__u32 gfp;
	__u32 cpu; /* whose oomn_cpu.reclaimer it is */
	__s16 node;
	__s8 order;
	__u8 cause;
	__u32 pad;
} __attribute__((aligned(64)));

#define OOMN_NR_SLOTS  1024
#define OOMN_SLOT_BUSY (1ULL << 32)

/*
 * The last act of a task, keyed by its tid: the OOM killer runs in the task whose allocation found
 * nothing, and tells nobody whose memory it was. Tids come back, so the task's own start is kept
 * too. Between BPF programs; of user space, tests alone look at it.
 */
struct oomn_recent {
	__u64 task_start_ns;
	__u64 end_ns; /* of its latest reclaim; 0: not seen */
	__u32 cause;  /* of that reclaim */
	__u32 killed; /* tid of whom it has sent a SIGKILL in the kernel's name; 0: nobody */
	__u32 again;  /* ... who was dying already */
	__u32 pad;
};

_Static_assert(OOMN_NR_CAUSES <= OOMN_CAUSE_ROWS && OOMN_NR_KINDS <= OOMN_KIND_ROWS, "rows");

OOMN_ASSERT_SIZE(struct oomn_count, 32);
OOMN_ASSERT_SIZE(struct oomn_scan, 16);
OOMN_ASSERT_SIZE(struct oomn_stall, 232);
OOMN_ASSERT_SIZE(struct oomn_gate, 192);
OOMN_ASSERT_SIZE(struct oomn_cpu, 14720);
OOMN_ASSERT_SIZE(struct oomn_cgroup, 424);
OOMN_ASSERT_SIZE(struct oomn_reclaimer, 64);
OOMN_ASSERT_SIZE(struct oomn_recent, 32);

#endif
