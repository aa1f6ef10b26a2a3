/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The level of the machine or of one cgroup: a pure function of the facts and times it was
 * given, which reads no clock and allocates nothing.
 */
#ifndef OOMN_LEVEL_H
#define OOMN_LEVEL_H

#include <stdbool.h>
#include <stdint.h>

enum level {
	LEVEL_NONE,
	LEVEL_LOW,	/* swaps out, or reclaim frees little of what it scans; or little is left */
	LEVEL_MEDIUM,	/* and tasks stall for it */
	LEVEL_CRITICAL, /* and reclaim hardly frees anything; or the OOM killer ran */
	NR_LEVELS,
};

enum scope { SCOPE_GLOBAL, SCOPE_CGROUP, SCOPE_UNKNOWN };

struct level_opts {
	uint64_t window_ns;		   /* what is looked back on */
	uint64_t hold_ns;		   /* a level falls after this long without reason for it */
	uint64_t low_swap_pages;	   /* swapped out within the window: low */
	uint64_t medium_stall_ns;	   /* stalled, all tasks together, per window: medium */
	uint32_t low_unfreed_percent;	   /* of scanned pages: low */
	uint32_t critical_unfreed_percent; /* of scanned pages, with such stalls: critical */
};

/*
 * Where the numbers come from. 70 ms in 1 s: what lmkd asks of PSI before it acts. 95 %:
 * vmpressure_level_critical (mm/vmpressure.c). Its 60 % for "medium" is soon reached where much of
 * what is scanned was used of late.
 */
extern const struct level_opts level_opts_default;

/* A share of fewer scanned pages than this says nothing: vmpressure's window, 16 * 32. */
#define LEVEL_MIN_SCANNED_PAGES 512

#define LEVEL_BUCKETS 10

/* Facts of one moment, or their sum over several. */
struct level_input {
	uint64_t swap_pages;
	uint64_t stall_ns;
	uint64_t scanned_pages;
	uint64_t freed_pages; /* of the scanned ones */
	uint64_t oom_kills;
};

struct level_state {
	enum level level;
	enum level floor;   /* that headroom gives reason for */
	uint64_t now_ns;    /* the latest time it was told */
	uint64_t reason_ns; /* when the level last had a reason */
	uint64_t slot;	    /* the window's newest bucket, in units of its length since time 0 */
	struct level_input bucket[LEVEL_BUCKETS];
};

/* Adds facts of @now_ns. A step back in time, here and below, counts as no step. */
void level_add(struct level_state *m, const struct level_opts *o, uint64_t now_ns,
	       const struct level_input *in);

/* Headroom gives reason for @level, until told otherwise: level_update() takes it in. */
void level_set_floor(struct level_state *m, enum level level);

/*
 * Brings the level up to date: it rises at once and falls, to what the window then says, when
 * hold_ns have passed without reason for it. Returns whether it changed.
 */
bool level_update(struct level_state *m, const struct level_opts *o, uint64_t now_ns);

/* All facts in the window. */
struct level_input level_window(const struct level_state *m);

/* Whether this share or more of the scanned pages was not freed; false for too few to say. */
bool level_unfreed_at_least(const struct level_input *w, uint32_t percent);

/* Nothing left in the window, no floor, and at LEVEL_NONE: time alone will change nothing. */
bool level_idle(const struct level_state *m, const struct level_opts *o, uint64_t now_ns);

#endif
