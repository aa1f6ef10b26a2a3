/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The contract of the program that times a BPF timer. */
#ifndef OOMN_COMPARE_TICK_H
#define OOMN_COMPARE_TICK_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

/* Since it was started, on one processor. The measurement's own cost is in it. */
struct tick_cost {
	__u64 ticks;
	__u64 soft_ns; /* in the soft interrupts that ran the timer */
	__u64 hard_ns; /* in the interrupts that asked for those, where seen */
};

#endif
