/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counts what could not be told, and why. Whoever tells of it keeps what was known the last time:
 * there may be several of them.
 */
#ifndef OOMN_LOSS_H
#define OOMN_LOSS_H

#include <stdbool.h>
#include <stdint.h>

struct loss {
	uint64_t ring_hits;	 /* the kernel's ring was full */
	uint64_t queue_hits;	 /* our output did not keep up */
	uint64_t queue_levels;	 /* level changes, for the same reason */
	uint64_t level_hits;	 /* told, but of cgroups beyond those whose level can be kept */
	uint64_t row_hits;	 /* told by id alone, of cgroups beyond the rows of the table */
	uint64_t queue_headroom; /* facts of headroom, as our output did not keep up */
	uint64_t unwatched;	 /* cgroups beyond those whose headroom can be watched */
};

/* Adds @more to @sum. */
void loss_add(struct loss *sum, const struct loss *more);

/*
 * The amounts that @total has more than *known, which is then brought up to it. A count that has
 * stepped back has nothing more until it is higher than ever.
 */
struct loss loss_since(struct loss *known, const struct loss *total);

bool loss_is_none(const struct loss *l);

#endif
