// SPDX-License-Identifier: GPL-2.0-only
/* Where cgroups are mounted, and which of them are seen there. */
#include "cgroup_mount.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "parse.h"
#include "kernel_text.h"

/* The fields of a mountinfo line that matter, see proc_pid_mountinfo(5). */
struct mount_line {
	char *id, *root, *dir, *opts, *type, *super_opts;
};

static bool split_line(char *line, struct mount_line *m)
{
	char *field[6], *save = NULL, *dash;

	line[strcspn(line, "\n")] = '\0';
	/* Optional fields stand before the dash, so what follows is counted from there. */
	dash = strstr(line, " - ");
	if (!dash)
		return false;
	*dash = '\0';
	for (int i = 0; i < 6; i++) {
		field[i] = strtok_r(i ? NULL : line, " ", &save);
		if (!field[i])
			return false;
	}
	*m = (struct mount_line){
		.id = field[0], .root = field[3], .dir = field[4], .opts = field[5]
	};
	m->type = strtok_r(dash + 3, " ", &save);
	if (!m->type || !strtok_r(NULL, " ", &save))
		return false;
	m->super_opts = strtok_r(NULL, " ", &save);
	return m->super_opts != NULL;
}

/* A v1 hierarchy that has the memory controller says so; v2 has it when no v1 hierarchy does. */
static int memory_version(const struct mount_line *m)
{
	if (!strcmp(m->type, "cgroup2"))
		return 2;
	if (!strcmp(m->type, "cgroup") && text_has_word(m->super_opts, "memory", ","))
		return 1;
	return 0;
}

static bool fill(struct cgroup_mount *mount, const struct mount_line *m)
{
	mount->version = memory_version(m);
	/* A path that does not fit is passed over, not cut off. */
	if (!mount->version || parse_u64(m->id, 0, UINT64_MAX, &mount->id) ||
	    strlen(m->dir) >= PATH_MAX || strlen(m->root) >= PATH_MAX)
		return false;
	mount->read_only = text_has_word(m->opts, "ro", ",");
	memcpy(mount->dir, m->dir, strlen(m->dir) + 1);
	memcpy(mount->root, m->root, strlen(m->root) + 1);
	text_unescape(mount->dir);
	text_unescape(mount->root);
	return true;
}

bool cgroup_mount_next(FILE *mountinfo, struct cgroup_mount *mount)
{
	_cleanup_free_ char *line = NULL;
	struct mount_line m;
	size_t size = 0;

	while (getline(&line, &size, mountinfo) > 0)
		if (split_line(line, &m) && fill(mount, &m))
			return true;
	return false;
}

bool cgroup_mount_is_visible(const struct cgroup_mount *m)
{
	struct statx st;

	/* By the mount's number: another mount of the same hierarchy is on the same device. */
	if (statx(AT_FDCWD, m->dir, AT_STATX_DONT_SYNC, STATX_MNT_ID, &st))
		return false;
	return !(st.stx_mask & STATX_MNT_ID) || st.stx_mnt_id == m->id;
}

static bool is_better(const struct cgroup_mount *m, const struct cgroup_mount *best)
{
	if (!best->version || m->version != best->version)
		return !best->version || m->version < best->version;
	return !strcmp(m->root, "/") && strcmp(best->root, "/") != 0;
}

int cgroup_mount_find(FILE *mountinfo, bool (*is_usable)(const struct cgroup_mount *m),
		      struct cgroup_mount *best)
{
	struct cgroup_mount m;

	best->version = 0;
	while (cgroup_mount_next(mountinfo, &m))
		if (is_better(&m, best) && is_usable(&m))
			*best = m;
	return best->version ? 0 : -ENOENT;
}

int cgroup_mount_own(struct cgroup_mount *best)
{
	_cleanup_fclose_ FILE *f = fopen("/proc/self/mountinfo", "re");

	/* No process sees its mounts anywhere else: -ENOENT is for none that is of use. */
	if (!f)
		return errno == ENOENT ? -ENXIO : -errno;
	return cgroup_mount_find(f, cgroup_mount_is_visible, best);
}

int cgroup_of_process(FILE *cgroup, int version, char *path, size_t size)
{
	_cleanup_free_ char *line = NULL;
	size_t room = 0;

	/* "4:cpu,memory:/a", and of version 2 "0::/a". A path may hold colons. */
	while (getline(&line, &room, cgroup) > 0) {
		char *controllers = strchr(line, ':');
		char *at = controllers ? strchr(controllers + 1, ':') : NULL;

		if (!at)
			continue;
		*at++ = '\0';
		at[strcspn(at, "\n")] = '\0';
		if (version == 2 ? strcmp(line, "0:") != 0 :
				   !text_has_word(controllers + 1, "memory", ","))
			continue;
		return (size_t)snprintf(path, size, "%s", at) < size ? 0 : -ENAMETOOLONG;
	}
	return -ENOENT;
}

void cgroup_names_up(struct cgroup_names *n)
{
	char *last = strrchr(n->names, '/');

	if (last)
		*last = '\0';
	else
		n->up++;
}

int cgroup_names_split(const char *path, struct cgroup_names *n)
{
	size_t len, end;

	n->up = 0;
	n->names[0] = '\0';
	for (; *path; path += len) {
		path += strspn(path, "/");
		len = strcspn(path, "/");
		if (!len || (len == 1 && path[0] == '.'))
			continue;
		if (len == 2 && !memcmp(path, "..", 2)) {
			cgroup_names_up(n);
			continue;
		}
		end = strlen(n->names);
		if (end + 1 + len >= sizeof(n->names))
			return -ENAMETOOLONG;
		n->names[end] = '/';
		memcpy(n->names + end + 1, path, len);
		n->names[end + 1 + len] = '\0';
	}
	return 0;
}

int cgroup_mount_dir(const struct cgroup_mount *m, const char *path, char *dir, size_t size)
{
	struct cgroup_names want, root;
	size_t len;

	if (cgroup_names_split(path, &want) || cgroup_names_split(m->root, &root))
		return -ENAMETOOLONG;
	len = strlen(root.names);
	if (want.up != root.up || strncmp(want.names, root.names, len) != 0 ||
	    (want.names[len] && want.names[len] != '/'))
		return -ENOENT;
	return (size_t)snprintf(dir, size, "%s%s", m->dir, want.names + len) < size ? 0 :
										      -ENAMETOOLONG;
}
