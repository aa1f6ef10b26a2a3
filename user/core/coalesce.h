/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fewer rows for people than the gates of the BPF side send records, which are per CPU: what is of
 * one kind, cause and cgroup is told once and then, for as long as it goes on, once in a gap. And a
 * reclaim is told when it ends: its begin only if the end does not come soon. Levels are none of
 * its business. A pure function of notices and times; it reads no clock and allocates nothing.
 */
#ifndef OOMN_COALESCE_H
#define OOMN_COALESCE_H

#include <stdbool.h>
#include <stdint.h>
#include "notice.h"

/* A reclaim may take this long before its begin is worth a row. */
#define COALESCE_BEGIN_NS (100 * NS_PER_MS)

#define COALESCE_CELLS 64

typedef void (*coalesce_fn)(void *ctx, const struct notice *n);

struct coalesce_cell {
	uint64_t due_ns; /* when what waits is told; 0: free */
	struct notice n; /* rec.hdr.hits == 0: nothing waits */
};

struct coalesce {
	uint64_t gap_ns;  /* 0: rows are told as records come */
	bool fold_begins; /* reclaim_begin into its end */
	coalesce_fn tell;
	coalesce_fn folded; /* what is told by another row */
	void *ctx;
	struct coalesce_cell cell[COALESCE_CELLS];
};

/* Takes an event: tells it by and by, or now. */
void coalesce_take(struct coalesce *c, const struct notice *n);

/* Tells what is due at @now. Returns when to call again; 0: nothing waits. */
uint64_t coalesce_due(struct coalesce *c, const struct moment *now);

/* Calls fn() for each that waits. */
void coalesce_each(const struct coalesce *c, coalesce_fn fn, void *ctx);

/* Tells all that waits. */
void coalesce_flush(struct coalesce *c, const struct moment *now);

#endif
