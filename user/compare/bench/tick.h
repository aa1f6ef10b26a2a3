/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The time that the BPF timer of one program keeps the processors. The kernel's own account of
 * programs (progs.h) leaves timers out, and nobody's processor time has them either.
 */
#ifndef OOMN_COMPARE_BENCH_TICK_H
#define OOMN_COMPARE_BENCH_TICK_H

#include "bench.h"
#include "compare/tick.h"

/* @prog_id: of the program that set the timer up. 0 or negative errno. */
int tick_start(struct env *env, uint32_t prog_id);

/* All processors together, since then. 0 or negative errno. */
int tick_read(struct env *env, struct tick_cost *cost);

void tick_stop(void);

#endif
