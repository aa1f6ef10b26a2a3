/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Storms that do not come from the box's own episodes: `oom-notify pressure` makes the box, and
 * what runs in it is another program, which times itself (compare/cmd/load.h).
 */
#ifndef BENCH_LOADS_H
#define BENCH_LOADS_H

#include "bench.h"

enum load { LOAD_ZRAM, LOAD_FILE, LOAD_TAIL, NR_LOADS };

extern const char *const loads_names[NR_LOADS];

struct storm {
	uint64_t ns;
	uint64_t pages; /* swapped out, by the kernel's own count */
};

/* Whether it is wanted, and this machine can have it: not without zram, say. */
bool loads_possible(const struct env *env, enum load load);

/*
 * Runs one to its end, on @cpu (-1: any). @at_end (may be NULL) is called when the storm is over
 * and its box still stands.
 */
int loads_run(struct env *env, enum load load, int cpu, struct storm *storm, void (*at_end)(void));

#endif
