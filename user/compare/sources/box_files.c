// SPDX-License-Identifier: GPL-2.0-only
/* Finds files that several sources watch. */
#include "box_files.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "box/cgroup.h"

int box_files_dir(const char *cgroup, char dir[PATH_MAX], struct failure *why)
{
	static struct cgroup_mount mount;
	const char *name = strrchr(cgroup, '/');
	int err = cgroup_mount_self(&mount, why);

	if (err)
		return err;
	/* A box is right below what is mounted. */
	if (!name || snprintf(dir, PATH_MAX, "%s%s", mount.dir, name) >= PATH_MAX)
		return failure_set(why, ENAMETOOLONG, "the path of the box is too long");
	return mount.version;
}

int box_files_open(const char *cgroup, const char *file, int flags, struct failure *why)
{
	char dir[PATH_MAX], path[PATH_MAX + 64];
	int fd = box_files_dir(cgroup, dir, why);

	if (fd < 0)
		return fd;
	snprintf(path, sizeof(path), "%s/%s", dir, file);
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? failure_set(why, errno, "%s: %s", file, strerror(errno)) : fd;
}

int tracefs_mount(struct failure *why)
{
	if (!access(TRACEFS_DIR "/events", F_OK))
		return 0;
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tracefs", TRACEFS_DIR, "tracefs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL))
		return failure_set(why, errno, "tracefs cannot be mounted: %s", strerror(errno));
	return 0;
}
