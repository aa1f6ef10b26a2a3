// SPDX-License-Identifier: GPL-2.0-only
/* Whether a cgroup is the one that was asked for, or below it. */
#include "cgroup_target.h"

#include <string.h>

#include "cgroups.h"

/* Is @row the cgroup of level @i, or one made later in its place? */
static bool is_level(const struct cgroup_target *t, const struct oomn_cgroup *rows, uint32_t row,
		     uint32_t i)
{
	for (; i < t->nr_levels; i++) {
		const struct oomn_cgroup *cg = &rows[row];

		if (row < OOMN_CGROUP_FIRST || row >= OOMN_NR_CGROUPS)
			return false;
		if (cg->id == t->level[i].id)
			return true;
		if (cg->id < t->level[i].id || i + 1 == t->nr_levels ||
		    strncmp(cg->name, t->level[i].name, sizeof(cg->name)) != 0)
			return false;
		/* The row above may have changed hands. */
		if (cg->parent_id == t->level[i + 1].id)
			return true;
		row = cgroup_parent_row(rows, row);
	}
	return false;
}

bool cgroup_target_has(const struct cgroup_target *t, const struct oomn_cgroup *rows, uint32_t row,
		       uint64_t id)
{
	if (!t->nr_levels || id == t->level[0].id ||
	    cgroup_row_is_within(rows, row, t->level[0].id))
		return true;
	for (int steps = 0; steps < OOMN_NR_CGROUPS; steps++) {
		if (row < OOMN_CGROUP_FIRST || row >= OOMN_NR_CGROUPS)
			return false;
		if (is_level(t, rows, row, 0))
			return true;
		row = cgroup_parent_row(rows, row);
	}
	return false;
}
