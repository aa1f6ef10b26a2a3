// SPDX-License-Identifier: GPL-2.0-only
#include "cgroups.h"

#include <string.h>

#define DELETED " (deleted)"

/* Before the first directory of a path that is not known, or not told, from its beginning on. */
#define CUT "..."

static bool is_row(uint32_t row)
{
	return row >= OOMN_CGROUP_FIRST && row < OOMN_NR_CGROUPS;
}

uint32_t cgroup_parent_row(const struct oomn_cgroup *rows, uint32_t row)
{
	const struct oomn_cgroup *cg = &rows[row];

	if (!is_row(cg->parent))
		return cg->parent == OOMN_CGROUP_NONE ? OOMN_CGROUP_NONE : OOMN_CGROUP_OTHER;
	return cgroup_row_of_id(rows, cg->parent, cg->parent_id);
}

uint32_t cgroup_row_of_id(const struct oomn_cgroup *rows, uint32_t row, uint64_t id)
{
	return !is_row(row) || rows[row].id == id ? row : OOMN_CGROUP_OTHER;
}

/* Puts @s before *at, unless that leaves less than @spare bytes there. */
static bool prepend(const char *buf, char **at, const char *s, size_t len, size_t spare)
{
	if ((size_t)(*at - buf) < len + spare)
		return false;
	*at -= len;
	memcpy(*at, s, len);
	return true;
}

/* Appends as much of " (deleted)" or "..." as fits. */
static void prepend_part(const char *buf, char **at, const char *s)
{
	size_t len = strlen(s), room = (size_t)(*at - buf);

	prepend(buf, at, s, len < room ? len : room, 0);
}

/* "/" and the directory's name. */
static bool prepend_dir(const char *buf, char **at, const struct oomn_cgroup *cg)
{
	size_t len = strnlen(cg->name, sizeof(cg->name)), spare = strlen(CUT);

	if ((size_t)(*at - buf) < len + 1 + spare)
		return false;
	return prepend(buf, at, cg->name, len, 0) && prepend(buf, at, "/", 1, 0);
}

const char *cgroup_path(const struct oomn_cgroup *rows, uint32_t row, char *buf, size_t size)
{
	char *end = buf + size - 1, *at = end, *dirs;
	bool is_removed;
	int steps = 0;

	if (!is_row(row) || !rows[row].id)
		return NULL;
	*end = '\0';
	is_removed = rows[row].removed_id == rows[row].id;
	if (is_removed)
		prepend_part(buf, &at, DELETED);
	dirs = at;
	for (; is_row(row) && rows[row].parent != OOMN_CGROUP_NONE;
	     row = cgroup_parent_row(rows, row))
		if (steps++ == OOMN_NR_CGROUPS || !prepend_dir(buf, &at, &rows[row]))
			break;
	if (!is_row(row) || rows[row].parent != OOMN_CGROUP_NONE)
		prepend_part(buf, &at, CUT);
	else if (at == dirs)
		prepend_part(buf, &at, "/");
	memmove(buf, at, (size_t)(end - at) + 1);
	return buf;
}

static bool is_root_id(const struct oomn_cgroup *rows, uint64_t id)
{
	for (uint32_t row = OOMN_CGROUP_FIRST; row < OOMN_NR_CGROUPS; row++)
		if (rows[row].id == id)
			return rows[row].parent == OOMN_CGROUP_NONE;
	return false;
}

bool cgroup_row_is_within(const struct oomn_cgroup *rows, uint32_t row, uint64_t ancestor_id)
{
	if (row == OOMN_CGROUP_NONE || row >= OOMN_NR_CGROUPS || !ancestor_id)
		return false;
	for (int steps = 0; is_row(row) && steps < OOMN_NR_CGROUPS; steps++) {
		if (rows[row].id == ancestor_id)
			return true;
		row = cgroup_parent_row(rows, row);
	}
	/* At the root, or where nothing more is known: that is below the root, too. */
	return row != OOMN_CGROUP_NONE && is_root_id(rows, ancestor_id);
}
