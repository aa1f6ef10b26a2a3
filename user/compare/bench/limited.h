/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory cgroups with a limit, all within one that is named as a box is: one that a killed bench
 * left behind is removed by whoever makes the next box.
 */
#ifndef BENCH_LIMITED_H
#define BENCH_LIMITED_H

#include "bench.h"

struct limited_args {
	unsigned int cgroups;
	unsigned int holders; /* the first so many hold memory */
	uint64_t limit_bytes;
	uint64_t held_bytes;
};

/* At most this many of each. */
#define LIMITED_MAX_HOLDERS 16

/* Returns when all is there, and held. */
int limited_make(struct env *env, const struct limited_args *args);

/* Fine with none made. */
void limited_remove(void);

#endif
