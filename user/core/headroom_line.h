/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From headroom to a level, and when to look again. One line of looks, for the machine or for one cgroup.
 * A pure function of looks and times; it reads no clock and allocates nothing.
 */
#ifndef OOMN_HEADROOM_LINE_H
#define OOMN_HEADROOM_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "headroom.h"
#include "level.h"

struct headroom_opts {
	/* By level: it holds when no more than this share of the limit is left, ... */
	uint32_t percent[NR_LEVELS];
	/* ... or when what is left would last no longer than this at the present growth; ... */
	uint64_t time_ns[NR_LEVELS];
	/* ... which counts only from this share on: growth that stops before says nothing. */
	uint32_t time_percent;
};

/* Where the numbers come from: CONTRIBUTING.md, "Headroom". */
extern const struct headroom_opts headroom_opts_default;

#define HEADROOM_LOOKS 8

/* All zeroes: nothing seen yet. */
struct headroom_line {
	enum level level;  /* as last told */
	bool is_recovered; /* has been well above the line since it was last told */
	uint32_t nr_looks;
	struct {
		uint64_t time_ns;
		uint64_t left_bytes;
		uint64_t limit_bytes;
	} look[HEADROOM_LOOKS]; /* the latest ones */
};

struct headroom_verdict {
	enum level level; /* that what is left gives reason for now */
	/*
	 * To be told, on an edge: a higher level; the same again, after it had recovered in the meantime;
	 * or a lower one.
	 */
	bool falls;
	bool recovers;
	uint64_t growth_bytes_s; /* 0: does not grow */
	uint64_t time_left_ns;	 /* HEADROOM_UNLIMITED: does not grow */
	uint64_t to_free_bytes;	 /* so that it is well again */
	/* Look again when no more than this is left, ... */
	uint64_t look_left_bytes;
	/* ... and after so long at the latest; 0: no need to, while nothing happens there. */
	uint64_t look_ns;
};

void headroom_judge(struct headroom_line *l, const struct headroom_opts *o,
		    const struct headroom *h, uint64_t now_ns, struct headroom_verdict *v);

#endif
