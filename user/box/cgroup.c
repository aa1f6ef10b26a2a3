// SPDX-License-Identifier: GPL-2.0-only
/* Finds the memory hierarchy, makes the box's cgroup in it and reads its counters. */
#include "cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/kernel_text.h"
#include "common/file.h"

int cgroup_mount_self(struct cgroup_mount *mount, struct failure *why)
{
	const int err = cgroup_mount_own(mount);

	if (err && err != -ENOENT)
		return failure_set(why, -err,
				   "cannot read /proc/self/mountinfo: is /proc mounted?");
	if (err)
		return failure_set(why, ENOENT,
				   "no memory cgroup hierarchy is mounted: "
				   "mount -t cgroup2 none /sys/fs/cgroup");
	if (mount->read_only)
		return failure_set(
			why, EROFS,
			"%s is mounted read-only, as in most containers: run on the host, or "
			"remount it with rw",
			mount->dir);
	return 0;
}

/*
 * On v2 a cgroup's children get the memory controller only when it hands it down: 0 when it does, 1
 * when it has yet to be told, or negative errno.
 */
static int hands_down_memory(int fd, const char *dir, struct failure *why)
{
	char text[512];

	if (fd < 0 || file_read(fd, "cgroup.controllers", text, sizeof(text)) < 0)
		return failure_set(why, ENODEV, "cannot read %s/cgroup.controllers", dir);
	if (!text_has_word(text, "memory", " \n"))
		return failure_set(
			why, ENODEV,
			"%s has no memory controller: boot with cgroup_enable=memory and "
			"without cgroup_disable=memory",
			dir);
	return file_read(fd, "cgroup.subtree_control", text, sizeof(text)) < 0 ||
	       !text_has_word(text, "memory", " \n");
}

static int why_busy(const char *dir, struct failure *why)
{
	return failure_set(why, EBUSY,
			   "%s holds processes itself, so its children can have no memory limit "
			   "(a container without an init?): run on the host",
			   dir);
}

static int hand_down_memory(const char *dir, struct failure *why)
{
	_cleanup_close_ int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int err = hands_down_memory(fd, dir, why);

	if (err <= 0)
		return err;
	err = file_write(fd, "cgroup.subtree_control", "+memory");
	if (err == -EBUSY)
		return why_busy(dir, why);
	if (err)
		return failure_set(why, -err,
				   "cannot enable memory in %s/cgroup.subtree_control: %s", dir,
				   strerror(-err));
	return 0;
}

static int why_not_made(const char *dir, int err, struct failure *why)
{
	return failure_set(
		why, err, "cannot make a cgroup in %s: %s%s", dir, strerror(err),
		err == EACCES || err == EPERM ?
			"; run as root: it takes this right, and CAP_SYS_ADMIN for swap" :
			"");
}

int cgroup_possible(struct cgroup_mount *mount, struct failure *why)
{
	_cleanup_close_ int fd = -1;
	char pids[16];
	int err = cgroup_mount_self(mount, why);

	if (err)
		return err;
	fd = open(mount->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || faccessat(fd, ".", W_OK, AT_EACCESS))
		return why_not_made(mount->dir, errno, why);
	if (mount->version != 2)
		return 0;
	err = hands_down_memory(fd, mount->dir, why);
	if (err <= 0)
		return err;
	/* The first cgroup of all has no type, and may hold processes. */
	if (!faccessat(fd, "cgroup.type", F_OK, 0) &&
	    file_read(fd, "cgroup.procs", pids, sizeof(pids)) > 0)
		return why_busy(mount->dir, why);
	if (faccessat(fd, "cgroup.subtree_control", W_OK, AT_EACCESS))
		return failure_set(why, errno,
				   "cannot enable memory in %s/cgroup.subtree_control: %s",
				   mount->dir, strerror(errno));
	return 0;
}

int cgroup_create(struct cgroup *cg, const char *name, struct failure *why)
{
	_cleanup_close_ int root = -1;
	struct stat st;
	int err = cgroup_mount_self(&cg->mount, why);

	if (!err && cg->mount.version == 2)
		err = hand_down_memory(cg->mount.dir, why);
	if (err)
		return err;

	(void)snprintf(cg->name, sizeof(cg->name), "%s", name);
	(void)snprintf(cg->path, sizeof(cg->path), "%s/%s",
		       strcmp(cg->mount.root, "/") ? cg->mount.root : "", name);
	root = open(cg->mount.dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0 || mkdirat(root, name, 0755))
		return why_not_made(cg->mount.dir, errno, why);
	cg->fd = openat(root, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (cg->fd < 0 || fstat(cg->fd, &st)) {
		err = errno;
		return failure_set(why, err, "cannot open the new cgroup %s: %s", cg->path,
				   strerror(err));
	}
	cg->id = st.st_ino;
	return 0;
}

static int limit_v2(const struct cgroup *cg, uint64_t limit_bytes, uint64_t swap_bytes)
{
	int err = file_write_u64(cg->fd, "memory.max", limit_bytes);
	int swap_err = file_write_u64(cg->fd, "memory.swap.max", swap_bytes);

	/* A kernel without swap has no file for it. */
	return err || swap_err == -ENOENT ? err : swap_err;
}

static int limit_v1(const struct cgroup *cg, uint64_t limit_bytes, uint64_t swap_bytes)
{
	char text[32];
	uint64_t swappiness;
	int err = file_write_u64(cg->fd, "memory.limit_in_bytes", limit_bytes);

	if (err)
		return err;
	if (!swap_bytes)
		return file_write(cg->fd, "memory.swappiness", "0");
	/* Inherited from vm.swappiness; 0 would forbid what the box is there for. */
	if (file_read(cg->fd, "memory.swappiness", text, sizeof(text)) > 0 &&
	    text_number(text, NULL, &swappiness) && !swappiness)
		err = file_write(cg->fd, "memory.swappiness", "60");
	if (err)
		return err;
	/* Only where swap is accounted. Keeps the box from going on to the machine's own swap. */
	err = file_write_u64(cg->fd, "memory.memsw.limit_in_bytes", limit_bytes + swap_bytes);
	return err == -ENOENT ? 0 : err;
}

int cgroup_limit(const struct cgroup *cg, uint64_t limit_bytes, uint64_t swap_bytes,
		 struct failure *why)
{
	int err = cg->mount.version == 2 ? limit_v2(cg, limit_bytes, swap_bytes) :
					   limit_v1(cg, limit_bytes, swap_bytes);

	if (err)
		return failure_set(why, -err, "cannot set the memory limit of cgroup %s: %s",
				   cg->path, strerror(-err));
	return 0;
}

int cgroup_join(const struct cgroup *cg)
{
	return file_write(cg->fd, "cgroup.procs", "0");
}

uint64_t cgroup_oom_kills(const struct cgroup *cg)
{
	const char *file = cg->mount.version == 2 ? "memory.events" : "memory.oom_control";
	char text[512];
	uint64_t kills = 0;

	if (file_read(cg->fd, file, text, sizeof(text)) > 0)
		(void)text_number(text, "oom_kill", &kills);
	return kills;
}

int cgroup_gauge_open(const struct cgroup *cg, struct cgroup_gauge *gauge)
{
	const bool v2 = cg->mount.version == 2;

	gauge->usage_fd = openat(cg->fd, v2 ? "memory.current" : "memory.usage_in_bytes",
				 O_RDONLY | O_CLOEXEC);
	gauge->over_fd = openat(cg->fd, v2 ? "memory.events" : "memory.failcnt",
				O_RDONLY | O_CLOEXEC);
	gauge->over_key = v2 ? "max" : NULL;
	return gauge->usage_fd < 0 || gauge->over_fd < 0 ? -errno : 0;
}

int cgroup_gauge_read(const struct cgroup_gauge *gauge, uint64_t *usage_bytes, uint64_t *over)
{
	char text[512];
	long n = file_reread(gauge->usage_fd, text, sizeof(text));

	if (n < 0)
		return (int)n;
	if (!text_number(text, NULL, usage_bytes))
		return -EINVAL;
	n = file_reread(gauge->over_fd, text, sizeof(text));
	if (n < 0)
		return (int)n;
	return text_number(text, gauge->over_key, over) ? 0 : -EINVAL;
}
