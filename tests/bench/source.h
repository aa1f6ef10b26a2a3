/* SPDX-License-Identifier: GPL-2.0-only */
/* Programs on the swap-out tracepoint whose cost a hit is measured. */
#ifndef BENCH_SOURCE_H
#define BENCH_SOURCE_H

#include "bench.h"
#include "progs.h"

struct source {
	const char *name;    /* in bench.json */
	const char *program; /* what its program on the tracepoint is called, or begins with */
	/* From start to stop the program is attached. */
	int (*start)(struct env *env);
	/* All programs of this source, so far. */
	void (*read)(struct progs *p);
	/* Adds the hits that it could not tell, where it tells single hits. */
	int (*stop)(struct env *env, uint64_t *dropped);
	/* Called after a failure too. */
	void (*free)(void);
	/* Why it cannot be measured here, which is no failure; NULL: it can. May be NULL. */
	const char *(*missing)(void);
};

extern const struct source source_default, source_raw, source_empty, source_bpftrace, source_wake;

/* The swap-out tracepoint's name on this kernel cannot be asked without tracefs: both are tried. */
extern const char *const swap_tracepoints[2];

#endif
