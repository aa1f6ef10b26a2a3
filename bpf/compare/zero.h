/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The program that stamps zero tells user space of it in memory that both see. */
#ifndef OOMN_COMPARE_ZERO_H
#define OOMN_COMPARE_ZERO_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

enum zero_kind { ZERO_SWAP_OUT, ZERO_RECLAIM };

struct zero_shared {
	__u64 cgroup_id; /* the box; set by user space, 0: nothing is stamped */
	__u64 zero_ns; /* of its first swap-out or reclaim; 0: none yet, user space puts it back */
	__u64 kind;    /* enum zero_kind of that */
	__u64 swap_ns; /* of its first swap-out, likewise */
	__u64 others_hits;    /* swap-out or reclaim anywhere else before that, put back likewise */
	char others_comm[16]; /* of a task that did so; not terminated if it is long */
};

#endif
