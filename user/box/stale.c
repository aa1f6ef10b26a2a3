// SPDX-License-Identifier: GPL-2.0-only
/* Removes what a killed run left behind; what belongs to a living one is not touched. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "box.h"
#include "cgroup.h"
#include "common/cleanup.h"
#include "name.h"
#include "retry.h"
#include "swap.h"

/* Another run that sweeps may have much to swap off. */
#define LOCK_WAIT_NS (5 * NS_PER_S)

struct sweep {
	struct box_name self;
	unsigned int count;
	int err; /* the first; the rest is swept all the same */
	struct failure *why;
};

static bool stale(const struct sweep *s, const char *name)
{
	struct box_name owner;

	return name_parse(name, &owner) && name_is_stale(&owner, &s->self);
}

static void removed(struct sweep *s, int err, const char *what)
{
	if (!err)
		s->count++;
	else if (!s->err)
		s->err = failure_set(s->why, -err,
				     "a killed run left %s, which cannot be removed: %s", what,
				     strerror(-err));
}

/* Calls @each for the entries of @path that are called as a stale box is. */
static void sweep_dir(struct sweep *s, const char *path,
		      void (*each)(struct sweep *s, int dir_fd, const char *name, void *arg),
		      void *arg)
{
	DIR *dir = opendir(path);
	const struct dirent *e;

	while (dir && (e = readdir(dir)))
		if (stale(s, e->d_name))
			each(s, dirfd(dir), e->d_name, arg);
	if (dir)
		closedir(dir);
}

static void sweep_cgroup(struct sweep *s, int dir_fd, const char *name, void *arg)
{
	struct failure why = { "" };

	(void)dir_fd;
	removed(s, cgroup_remove(arg, name, &why), name);
}

static void sweep_file(struct sweep *s, int dir_fd, const char *name, void *arg)
{
	struct stat st;

	(void)arg;
	/* Anyone may put something of that name into /var/tmp. */
	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) || !S_ISREG(st.st_mode) ||
	    st.st_uid != geteuid())
		return;
	removed(s, unlinkat(dir_fd, name, 0) && errno != ENOENT ? -errno : 0, name);
}

/* By the name that swap_header() left on the device; nobody else's device has one. */
static bool is_stale_zram(const struct sweep *s, const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	char name[BOX_NAME_SIZE];

	if (fd < 0 || pread(fd, name, sizeof(name), 0) != (ssize_t)sizeof(name))
		return false;
	name[sizeof(name) - 1] = '\0';
	return stale(s, name);
}

static bool is_stale_file(const struct sweep *s, const char *path)
{
	const char *base = strrchr(path, '/');
	struct stat st;

	/* One that is not there was deleted, or belongs to another mount namespace. */
	return base && stale(s, base + 1) && !lstat(path, &st) && S_ISREG(st.st_mode);
}

static void sweep_swap(const char *path, void *arg)
{
	struct sweep *s = arg;
	unsigned int number;
	const bool zram = zram_number(path, &number);
	int err;

	if (!(zram ? is_stale_zram(s, path) : is_stale_file(s, path)))
		return;
	err = swap_off(path);
	if (err)
		removed(s, err, path);
	else if (!zram) /* a device is counted when it goes */
		removed(s, unlink(path) && errno != ENOENT ? -errno : 0, path);
}

/* Devices that no swap uses (any more). */
static void sweep_zram(struct sweep *s)
{
	DIR *dir = opendir("/sys/block");
	const struct dirent *e;

	while (dir && (e = readdir(dir))) {
		char path[NAME_MAX + 8];
		unsigned int number;

		(void)snprintf(path, sizeof(path), "/dev/%s", e->d_name);
		if (zram_number(path, &number) && is_stale_zram(s, path))
			removed(s, zram_remove(number), path);
	}
	if (dir)
		closedir(dir);
}

static void sweep_all(struct sweep *s, struct cgroup_mount *mount)
{
	_cleanup_fclose_ FILE *swaps = fopen("/proc/swaps", "re");

	/* Processes that swap there go first, so that swapping off has nothing to bring back. */
	sweep_dir(s, mount->dir, sweep_cgroup, mount);
	if (swaps)
		swap_for_each(swaps, sweep_swap, s);
	sweep_zram(s);
	sweep_dir(s, swap_dir(), sweep_file, NULL);
	if (strcmp(swap_dir(), "/var/tmp") != 0)
		sweep_dir(s, "/var/tmp", sweep_file, NULL);
}

/*
 * One sweeper at a time: between a look at a zram device and its removal another run could remove
 * it, and a third be given its number. Anyone may hold this lock, so nobody waits for it for long.
 */
static int lock_sweep(const char *dir)
{
	const uint64_t deadline_ns = now_ns() + LOCK_WAIT_NS;
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	while (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK || !retry_until(deadline_ns)) {
			close(fd);
			return -1;
		}
	}
	return fd;
}

int box_clean_stale(unsigned int *count, struct failure *why)
{
	_cleanup_close_ int lock = -1;
	struct sweep s = { .why = why };
	struct cgroup_mount mount;

	*count = 0;
	/* Where these fail there can be no box, and box_create() says so. */
	if (name_self(&s.self) || cgroup_mount_self(&mount, why))
		return 0;
	lock = lock_sweep(mount.dir);
	if (lock < 0)
		return 0;
	sweep_all(&s, &mount);
	*count = s.count;
	return s.err;
}
