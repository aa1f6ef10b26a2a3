/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From headroom to a level, and when to look again: one line of looks, for the machine or for one
 * cgroup. A pure function of looks and times; it reads no clock and allocates nothing.
 */
#ifndef OOMN_HEADROOM_LINE_H
#define OOMN_HEADROOM_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "headroom.h"
#include "level.h"

/*
 * By level: it holds when no more than that share of the limit is left, or when what is left would
 * last no longer than that time at the present growth. The time counts only from a share of
 * @time_percent on: growth that stops before says nothing.
 */
struct headroom_opts {
	uint32_t percent[NR_LEVELS];
	uint64_t time_ns[NR_LEVELS];
	uint32_t time_percent;
	uint32_t reserve_percent; /* of the machine's memory: headroom_machine.reserve_bytes */
};

/* Where the numbers come from: CONTRIBUTING.md, "Headroom". */
extern const struct headroom_opts headroom_opts_default;

#define HEADROOM_LOOKS 8

struct headroom_look {
	uint64_t time_ns;
	uint64_t left_bytes;
};

/* All zeroes: nothing seen yet. */
struct headroom_line {
	enum level level;      /* as last told */
	enum level told_share; /* the level by share alone, then */
	bool is_recovered;     /* more was left since */
	uint64_t lowest_bytes; /* that was left since */
	uint64_t reason_ns;    /* when there last was reason for the level */
	uint64_t limit_bytes;  /* of all looks */
	uint32_t nr_looks;     /* ever */
	struct headroom_look look[HEADROOM_LOOKS];
};

struct headroom_verdict {
	enum level level; /* that what is left gives reason for now */
	/*
	 * To be told, on an edge: less is left than a line that was not told yet, or was told
	 * before it had recovered; or more than the line of the level that was told.
	 */
	bool falls;
	bool recovers;
	uint64_t growth_bytes_s; /* 0: does not grow */
	uint64_t time_left_ns;	 /* HEADROOM_UNLIMITED: does not grow */
	uint64_t to_free_bytes;	 /* so that it is well again; 0: it is */
	/* Look again when no more than this is left, ... */
	uint64_t look_left_bytes;
	/* ... and after so long at the latest; 0: no need to, as long as nothing is taken. */
	uint64_t look_ns;
};

/* No level can begin above so much, nor be near: there is no need to know exactly. */
uint64_t headroom_first_look(const struct headroom_opts *o, uint64_t limit_bytes);

void headroom_judge(struct headroom_line *l, const struct headroom_opts *o,
		    const struct headroom *h, uint64_t now_ns, struct headroom_verdict *v);

#endif
