/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cgroup that a user asks for, and what counts as it: the directory with its id, what is below,
 * and whoever takes its place, as a service does that is restarted.
 */
#ifndef OOMN_CGROUP_TARGET_H
#define OOMN_CGROUP_TARGET_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include "tables.h"

/* So far up a cgroup may be made anew and still be known. */
#define CGROUP_TARGET_LEVELS 32

struct cgroup_target {
	uint32_t nr_levels; /* 0: any cgroup will do */
	struct {
		uint64_t id;
		const char *name;      /* in @names; that of the last one is not known */
	} level[CGROUP_TARGET_LEVELS]; /* its own first, then those above it */
	char names[PATH_MAX];
};

/*
 * Is the cgroup @id, which has @row in @rows, what @t asks for? An id is enough; of one that was
 * made later (ids only grow) the same name in the same place is, too.
 */
bool cgroup_target_has(const struct cgroup_target *t, const struct oomn_cgroup *rows, uint32_t row,
		       uint64_t id);

#endif
