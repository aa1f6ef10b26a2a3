/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The contract for looking at memory cgroups: user space says which, and from what usage on it
 * wants to be woken; the BPF side looks in time (bpf/limit.bpf.c) and rings when one is there.
 *
 * Nothing grows faster than by a base page in cfg.growth_ns_per_page. So a cgroup that has D pages
 * to go is looked at again when D times that have passed: its line cannot be jumped over unseen,
 * and a cgroup that is well is looked at rarely.
 */
#ifndef OOMN_LIMIT_H
#define OOMN_LIMIT_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

/* Cgroups that can be looked at at once. */
#define OOMN_NR_LIMITS 4096

#define OOMN_LIMIT_NEVER (~0ULL)

/* No slot is due; times before it can be compared by their difference. */
#define OOMN_NOT_DUE_NS (~0ULL >> 1)

/* Why user space is woken; bits of oomn_limit.why */
#define OOMN_WHY_USAGE	 (1U << 0) /* usage has reached wake_pages */
#define OOMN_WHY_CHANGED (1U << 1) /* memory.max or memory.high was changed */
#define OOMN_WHY_MAX	 (1U << 2) /* a charge met the limit; only where want_max is set */
#define OOMN_WHY_HIGH	 (1U << 3) /* usage went over memory.high; again only after it was below */
#define OOMN_WHY_GONE	 (1U << 4) /* the cgroup was removed */

/*
 * One cgroup. While @why is 0 the BPF side looks at it; once it has rung, not until user space has
 * set @why to 0 again. All from @id on is the BPF side's alone to write.
 */
struct oomn_limit {
	__u64 wake_pages; /* OOMN_LIMIT_NEVER: only for the other reasons */
	__u64 max_gap_ns; /* it is looked at at least this often */
	__u32 want_max;	  /* OOMN_WHY_MAX is wanted */
	__u32 why;
	__u64 id;	   /* of the cgroup's directory; 0: a free slot */
	__u64 memcg;	   /* its address */
	__u64 due_ns;	   /* the next look */
	__u64 all_due_ns;  /* the next look at more than usage */
	__u64 usage_pages; /* of the latest look, as what follows */
	__u64 limit_pages; /* as the kernel has it: a large number for none */
	__u64 high_pages;  /* likewise */
	__u64 max_events;  /* charges that met the limit */
	__u32 is_over_high;
	__u32 row; /* in the table of cgroups */
};

/* Beside the table. */
struct oomn_limits_shared {
	__u64 looks;	 /* at slots, so far */
	__u64 due_ns;	 /* the earliest of all slots', or OOMN_NOT_DUE_NS */
	__u64 tick_ns;	 /* by user space: of the scheduler; 0: the clock never rests */
	__u32 slots;	 /* behind the last one in use; user space takes back */
	__u32 stopped;	 /* the clock has to be started again; user space clears it */
	__u32 rests;	 /* the clock does, until something runs */
	__u32 bell_rung; /* user space clears it before it looks at rung[] */
	/* A byte a slot, as 5.10 has no atomic bits; user space clears it. */
	__u8 rung[OOMN_NR_LIMITS];
};

_Static_assert(sizeof(struct oomn_limit) == 96, "struct oomn_limit is part of the contract");

#endif
