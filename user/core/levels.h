/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All levels: the machine's, and that of each cgroup whose limit made itself felt of late. Decides
 * which facts concern whom: a cgroup's limit reclaim never raises the machine's level, proactive
 * reclaim raises none. Changes wait here until somebody takes them.
 */
#ifndef OOMN_LEVELS_H
#define OOMN_LEVELS_H

#include "level.h"
#include "level_pool.h"
#include "record.h"
#include "tables.h"

struct rows;

/*
 * Cgroups with a level at the same time: all that felt their limit in the last seconds, and more
 * than machines are known to run. The first need no memory after levels_init().
 */
#define LEVELS_CGROUPS	     16384
#define LEVELS_CGROUPS_READY 512

struct level_change {
	enum scope scope;
	enum level from;
	enum level to;
	uint32_t cgroup_row; /* with SCOPE_CGROUP */
	uint64_t cgroup_id;
	uint64_t time_ns;
};

struct levels {
	struct level_opts opts;
	struct level_owner global;
	struct oomn_scan scan; /* what was taken in of the machine's counters */
	struct level_pool cgroups;
	struct level_changes changes;
	uint64_t unkept_hits; /* of cgroups beyond those whose level can be kept */
};

/* Takes all memory that levels ever need. 0 or negative errno. */
int levels_init(struct levels *l, const struct level_opts *opts);
void levels_free(struct levels *l);

/*
 * Takes in a record, at the time of its fact, so that a backlog does not look like a burst. After
 * this, as after the two below, levels_next_change() has what changed by it.
 */
void levels_record(struct levels *l, const union oomn_record *rec);

/*
 * Headroom gives reason for @level of the machine, or of the cgroup @id with @row: it holds at
 * least, until this is called with another.
 */
void levels_headroom(struct levels *l, enum scope scope, uint64_t id, uint32_t row,
		     enum level level, uint64_t now_ns);

/*
 * Lets time pass: takes in the machine's scan counters, unless they are just about to count pages
 * that were passed over; levels rise and fall. Returns whether there is reason to call again soon.
 */
bool levels_tick(struct levels *l, const struct oomn_scan *total, uint64_t now_ns);

/*
 * Takes out the oldest change; false: there is none. Levels that changed twice since they were
 * taken out last are one change, or none if they are back.
 */
bool levels_next_change(struct levels *l, struct level_change *change);

/* Holds the rows of all cgroups that have a level. */
void levels_hold_rows(const struct levels *l, struct rows *rows);

/*
 * The level that holds for @rec; where the scope is not known, the machine's. An OOM kill is
 * critical by itself, also where no level can be kept.
 */
enum level levels_of(const struct levels *l, const union oomn_record *rec);

#endif
