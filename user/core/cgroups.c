// SPDX-License-Identifier: GPL-2.0-only
/* Names of cgroups, from the rows that the BPF side fills. */
#include "cgroups.h"

#include <errno.h>
#include <mntent.h>
#include <stdio.h>
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

int cgroup_resolve(const char *arg, char *buf, size_t size)
{
	char mount[512], dir[2048];
	const char *path = arg;
	struct stat st;
	size_t len;
	int err;

	err = memory_mount(mount, sizeof(mount));
	if (err)
		return err;
	len = strlen(mount);
	if (!strncmp(arg, mount, len) && (arg[len] == '/' || arg[len] == '\0'))
		path = arg + len;
	while (*path == '/')
		path++;
	if ((size_t)snprintf(dir, sizeof(dir), "%s/%s", mount, path) >= sizeof(dir) ||
	    (size_t)snprintf(buf, size, "/%s", path) >= size)
		return -ENAMETOOLONG;
	for (len = strlen(buf); len > 1 && buf[len - 1] == '/'; len--)
		buf[len - 1] = '\0';
	if (stat(dir, &st) || !S_ISDIR(st.st_mode))
		return -ENOENT;
	return 0;
}
