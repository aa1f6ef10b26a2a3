// SPDX-License-Identifier: GPL-2.0-only
/* Names of cgroups, from the rows that the BPF side fills. */
#include "cgroups.h"

#include <errno.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DELETED " (deleted)"

/* Before the first directory of a path that is not known, or not told, from its beginning on. */
#define CUT "..."

static bool is_row(uint32_t row)
{
	return row >= OOMN_CGROUP_FIRST && row < OOMN_NR_CGROUPS;
}

/* OOMN_CGROUP_NONE for the root's, OOMN_CGROUP_OTHER for one that is not known. */
static uint32_t parent_row(const struct oomn_cgroup *rows, uint32_t row)
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

/* Of " (deleted)" or "..." as much as fits. */
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
	for (; is_row(row) && rows[row].parent != OOMN_CGROUP_NONE; row = parent_row(rows, row))
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
		row = parent_row(rows, row);
	}
	/* At the root, or where nothing more is known: that is below the root, too. */
	return row != OOMN_CGROUP_NONE && is_root_id(rows, ancestor_id);
}

bool cgroup_is_within(const char *path, const char *ancestor)
{
	size_t len = strlen(ancestor);

	if (len == 1)
		return true;
	return !strncmp(path, ancestor, len) &&
	       (path[len] == '\0' || path[len] == '/' || !strcmp(path + len, DELETED));
}

/* Where the hierarchy with the memory controller is mounted; v2 when no v1 mount has it. */
static int memory_mount(char *dir, size_t size)
{
	FILE *f = setmntent("/proc/self/mounts", "r");
	struct mntent *m;
	int err = -ENOENT;

	if (!f)
		return -errno;
	while ((m = getmntent(f))) {
		bool v1 = !strcmp(m->mnt_type, "cgroup") && hasmntopt(m, "memory");

		if (!v1 && strcmp(m->mnt_type, "cgroup2"))
			continue;
		if ((size_t)snprintf(dir, size, "%s", m->mnt_dir) < size)
			err = 0;
		if (v1)
			break;
	}
	endmntent(f);
	return err;
}

/* @dir without links and dots, if it is a directory at or below @mount: what follows @mount. */
static const char *below_mount(const char *dir, const char *mount, char resolved[PATH_MAX])
{
	size_t len = strlen(mount);
	struct stat st;

	if (!realpath(dir, resolved) || stat(resolved, &st) || !S_ISDIR(st.st_mode))
		return NULL;
	if (strncmp(resolved, mount, len) != 0 || (resolved[len] && resolved[len] != '/'))
		return NULL;
	return resolved[len] ? resolved + len : "/";
}

int cgroup_resolve(const char *arg, char *buf, size_t size)
{
	char mount[512], dir[2048], resolved[PATH_MAX];
	const char *path = arg;
	size_t len;
	int err;

	if (!*arg)
		return -ENOENT;
	err = memory_mount(mount, sizeof(mount));
	if (err)
		return err;
	len = strlen(mount);
	if (!strncmp(arg, mount, len) && (arg[len] == '/' || arg[len] == '\0'))
		path = arg + len;
	if ((size_t)snprintf(dir, sizeof(dir), "%s/%s", mount, path) >= sizeof(dir))
		return -ENAMETOOLONG;
	errno = 0;
	path = below_mount(dir, mount, resolved);
	if (!path)
		return errno == ENAMETOOLONG ? -ENAMETOOLONG : -ENOENT;
	return (size_t)snprintf(buf, size, "%s", path) < size ? 0 : -ENAMETOOLONG;
}
