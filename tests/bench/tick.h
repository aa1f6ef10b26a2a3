/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The time that the BPF timer of one program keeps a processor. The kernel's own account of
 * programs (progs.h) leaves timers out, and nobody's processor time has them either.
 */
#ifndef BENCH_TICK_H
#define BENCH_TICK_H

#ifdef __VMLINUX_H__
#define TICK_FIELD __u64
#else
#include <stdint.h>
#define TICK_FIELD uint64_t
#endif

/* Since it was started, on all processors. The measurement's own cost is in it. */
struct tick_cost {
	TICK_FIELD ticks;
	TICK_FIELD soft_ns; /* in the soft interrupts that ran the timer */
	TICK_FIELD hard_ns; /* in the interrupts that asked for those, where seen */
};

#undef TICK_FIELD

#ifndef __VMLINUX_H__
struct env;

/* @prog_id: of the program that set the timer up. */
int tick_start(struct env *env, uint32_t prog_id);
int tick_read(struct env *env, struct tick_cost *cost);
void tick_stop(void);
#endif

#endif
