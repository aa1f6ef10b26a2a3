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

static size_t append(char *buf, size_t size, size_t len, const char *s, size_t max)
{
	size_t n = strnlen(s, max);

	if (n >= size - len)
		n = size - len - 1;
	memcpy(buf + len, s, n);
	buf[len + n] = '\0';
	return len + n;
}

const char *cgroup_path(const struct oomn_cgroup *rows, uint32_t row, char *buf, size_t size)
{
	const struct oomn_cgroup *cg;
	size_t len = 0;

	if (row < OOMN_CGROUP_FIRST || row >= OOMN_NR_CGROUPS)
		return NULL;
	cg = &rows[row];
	if (cg->truncated)
		len = append(buf, size, len, "...", 3);
	for (int i = OOMN_CGROUP_DEPTH - 1; i >= 0; i--) {
		if (!cg->name[i][0])
			continue;
		len = append(buf, size, len, "/", 1);
		len = append(buf, size, len, cg->name[i], OOMN_CGROUP_NAME_LEN);
	}
	if (!len)
		len = append(buf, size, len, "/", 1);
	if (cg->removed)
		append(buf, size, len, DELETED, sizeof(DELETED));
	return buf;
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
