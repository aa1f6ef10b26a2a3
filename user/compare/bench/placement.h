/* SPDX-License-Identifier: GPL-2.0-only */
/* The cores that the bench itself, and what it starts, may run on. */
#ifndef BENCH_PLACEMENT_H
#define BENCH_PLACEMENT_H

/* Where the calling thread may run; -1: where it could at first. 0 or negative errno. */
int run_on(int cpu);

#endif
