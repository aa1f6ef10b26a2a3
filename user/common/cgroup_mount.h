/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where cgroups are mounted, from a /proc/PID/mountinfo: the only reader of that file. Paths of
 * cgroups in it, as in /proc/PID/cgroup, are relative to the root of the reader's cgroup namespace,
 * and may lead out of it ("/../..").
 */
#ifndef OOMN_CGROUP_MOUNT_H
#define OOMN_CGROUP_MOUNT_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct cgroup_mount {
	int version; /* 1: of the hierarchy that has the memory controller; 2 */
	bool read_only;
	uint64_t id;
	char dir[PATH_MAX];  /* where it is mounted */
	char root[PATH_MAX]; /* the cgroup that is seen there */
};

/*
 * The next mount of version 2, or of the memory hierarchy of version 1; false when there is no
 * more.
 */
bool cgroup_mount_next(FILE *mountinfo, struct cgroup_mount *m);

/* Is it what one finds at its directory, or is something mounted over it? */
bool cgroup_mount_is_visible(const struct cgroup_mount *m);

/*
 * Where memory is controlled: a v1 hierarchy that has the controller, else v2; of several mounts
 * rather one of the whole hierarchy, else the first. 0 or -ENOENT.
 */
int cgroup_mount_find(FILE *mountinfo, bool (*is_usable)(const struct cgroup_mount *m),
		      struct cgroup_mount *best);

/* The same, of those that this process sees. 0, -ENOENT, or why mountinfo cannot be read. */
int cgroup_mount_own(struct cgroup_mount *best);

/* The cgroup of /proc/PID/cgroup in the hierarchy with memory, on @version: 0 or -ENOENT. */
int cgroup_of_process(FILE *cgroup, int version, char *path, size_t size);

/* A cgroup's path, taken apart: "/../../a/b" is up twice, then "/a/b"; the root is up 0, "". */
struct cgroup_names {
	unsigned int up;
	char names[PATH_MAX];
};

/* 0 or -ENAMETOOLONG. Dots, empty names and a missing first slash are put right. */
int cgroup_names_split(const char *path, struct cgroup_names *n);

/* Takes off @n's last name, or goes up once more. */
void cgroup_names_up(struct cgroup_names *n);

/* The directory of @path under @m; -ENOENT where that mount does not show it, -ENAMETOOLONG. */
int cgroup_mount_dir(const struct cgroup_mount *m, const char *path, char *dir, size_t size);

#endif
