// SPDX-License-Identifier: GPL-2.0-only
/* Makes, swaps on, swaps off and removes the box's swap. */
#include "swap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/statvfs.h>
#include <sys/swap.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/parse.h"
#include "common/kernel_text.h"
#include "common/file.h"
#include "retry.h"

#define OVERLAYFS_MAGIC 0x794c7630

/* A device is held for a moment by whoever looks at new ones (udev). */
#define ZRAM_BUSY_NS (5 * NS_PER_S)

/*
 * Pages of a box that runs at the same time may be in our swap, and do not fit back into it while
 * it is itself being ended (seen: ENOMEM, gone at the next try).
 */
#define SWAP_OFF_NS (20 * NS_PER_S)

const char *swap_dir(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && dir[0] == '/' ? dir : "/var/tmp";
}

/*
 * As in union swap_header of linux/swap.h: after a boot sector a version, the last page's number
 * ...
 */
#define INFO_OFFSET 1024
/* ... how many pages are bad, a UUID and a label; the magic ends the page. */
#define LABEL_OFFSET (INFO_OFFSET + 3 * sizeof(uint32_t) + 16)

void swap_header(void *page, size_t page_size, uint64_t bytes, const char *name)
{
	static const char magic[10] = "SWAPSPACE2", label[16] = "oom-notify";
	const uint32_t info[3] = { 1, (uint32_t)(bytes / page_size), 0 };
	char *p = page;

	memset(p, 0, page_size);
	memcpy(p, name, strlen(name) + 1);
	memcpy(p + INFO_OFFSET, info, sizeof(info));
	memcpy(p + LABEL_OFFSET, label, sizeof(label));
	memcpy(p + page_size - sizeof(magic), magic, sizeof(magic));
}

static int write_header(int fd, uint64_t bytes, const char *name)
{
	const size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
	char *page = malloc(page_size);
	int err = 0;
	ssize_t n;

	if (!page)
		return -ENOMEM;
	swap_header(page, page_size, bytes, name);
	n = pwrite(fd, page, page_size, 0);
	if (n < 0 || (size_t)n != page_size)
		err = n < 0 ? -errno : -EIO;
	else if (fsync(fd))
		err = -errno;
	free(page);
	return err;
}

#define NO_FILE "cannot make a swap file in %s: %s (TMPDIR names another)"
#define UNFIT                                                                                    \
	"%s cannot hold a swap file, it is %s: set TMPDIR to a folder on a disk, or use --swap " \
	"zram"

/* Kinds of file systems whose files never have blocks of their own to swap to. */
static const char *cannot_swap(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs))
		return NULL;
	switch ((unsigned long)fs.f_type) {
	case TMPFS_MAGIC:
	case RAMFS_MAGIC:
		return "memory itself (tmpfs)";
	case OVERLAYFS_MAGIC:
		return "an overlay, as in most containers";
	case NFS_SUPER_MAGIC:
		return "a network file system";
	default:
		return NULL;
	}
}

/* A file of 256 MB is nothing to most disks, but the last half of one is other people's. */
static int check_room(int fd, const char *dir, uint64_t bytes, struct failure *why)
{
	struct statvfs fs;
	uint64_t room_bytes;

	if (fstatvfs(fd, &fs))
		return failure_set(why, errno, "cannot tell the free space in %s: %s", dir,
				   strerror(errno));
	room_bytes = (uint64_t)fs.f_bavail * fs.f_frsize / 2;
	if (bytes > room_bytes)
		return failure_set(why, ERANGE,
				   "a swap of %llu MB is over half of the free space in %s: take a "
				   "smaller --swap-size, --swap zram, or another folder by TMPDIR",
				   (unsigned long long)bytes >> 20, dir);
	return 0;
}

/* Without making anything. Whether the file system takes a swap file only swapon(2) can tell. */
static int file_possible(uint64_t bytes, struct failure *why)
{
	const char *dir = swap_dir(), *unfit;
	_cleanup_close_ int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || faccessat(fd, ".", W_OK, AT_EACCESS))
		return failure_set(why, errno, NO_FILE, dir, strerror(errno));
	unfit = cannot_swap(fd);
	if (unfit)
		return failure_set(why, EOPNOTSUPP, UNFIT, dir, unfit);
	return check_room(fd, dir, bytes, why);
}

static int zram_possible(struct failure *why)
{
	if (!faccessat(AT_FDCWD, "/sys/class/zram-control/hot_add", R_OK, AT_EACCESS))
		return 0;
	return failure_set(why, errno, "no zram here (%s)", strerror(errno));
}

int swap_possible(enum box_swap kind, uint64_t bytes, char *how, size_t size, struct failure *why)
{
	struct failure other = { "" };
	int err = 0;

	(void)snprintf(how, size, kind == BOX_SWAP_NONE ? "no swap" : "zram");
	if (kind == BOX_SWAP_NONE)
		return 0;
	if (kind == BOX_SWAP_ZRAM)
		return zram_possible(why);
	err = file_possible(bytes, why);
	if (!err)
		(void)snprintf(how, size, "a swap file in %s", swap_dir());
	else if (kind == BOX_SWAP_AUTO && !zram_possible(&other))
		err = 0;
	return err;
}

static int make_file(struct swap *swap, uint64_t bytes, const char *name, struct failure *why)
{
	const uint64_t all_bytes = bytes + (uint64_t)sysconf(_SC_PAGESIZE);
	const char *dir = swap_dir(), *unfit;
	_cleanup_close_ int fd = -1;
	int flags = FS_NOCOW_FL;
	int err;

	if (snprintf(swap->path, sizeof(swap->path), "%s/%s", dir, name) >= (int)sizeof(swap->path))
		return failure_set(why, ENAMETOOLONG, "TMPDIR is too long");
	fd = open(swap->path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return failure_set(why, errno, NO_FILE, dir, strerror(errno));
	swap->made = true;
	unfit = cannot_swap(fd);
	if (unfit)
		return failure_set(why, EOPNOTSUPP, UNFIT, dir, unfit);
	err = check_room(fd, dir, all_bytes, why);
	if (err)
		return err;
	/* Btrfs swaps to files without copy-on-write alone; others refuse this, which is fine. */
	(void)ioctl(fd, FS_IOC_SETFLAGS, &flags);
	err = posix_fallocate(fd, 0, (off_t)all_bytes);
	if (err)
		return failure_set(why, err, "cannot make room for a swap file in %s: %s", dir,
				   strerror(err));
	err = write_header(fd, bytes, name);
	if (err)
		return failure_set(why, -err, "cannot write %s: %s", swap->path, strerror(-err));
	return 0;
}

/* A device of our own and never one that is merely unused: its user may be about to set it up. */
static int add_zram(struct swap *swap, struct failure *why)
{
	char text[32];
	uint64_t number;
	long n = file_read(AT_FDCWD, "/sys/class/zram-control/hot_add", text, sizeof(text));

	if (n == -ENOENT)
		return failure_set(why, ENODEV,
				   "no zram here: load it (modprobe zram num_devices=0), or use "
				   "--swap file");
	if (n < 0)
		return failure_set(why, (int)-n, "cannot add a zram device: %s%s",
				   strerror((int)-n), n == -EACCES ? "; run as root" : "");
	if (!text_number(text, NULL, &number) || number > UINT_MAX)
		return failure_set(why, EINVAL, "the kernel added zram device '%s'", text);
	swap->zram = (unsigned int)number;
	swap->made = true;
	(void)snprintf(swap->path, sizeof(swap->path), "/dev/zram%u", swap->zram);
	return 0;
}

static int make_zram(struct swap *swap, uint64_t bytes, const char *name, struct failure *why)
{
	_cleanup_close_ int fd = -1;
	char size_file[64];
	int err = add_zram(swap, why);

	if (err)
		return err;
	(void)snprintf(size_file, sizeof(size_file), "/sys/block/zram%u/disksize", swap->zram);
	err = file_write_u64(AT_FDCWD, size_file, bytes + (uint64_t)sysconf(_SC_PAGESIZE));
	if (err)
		return failure_set(why, -err, "cannot set %s: %s", size_file, strerror(-err));
	fd = open(swap->path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return failure_set(why, errno, "cannot open %s: %s", swap->path, strerror(errno));
	err = write_header(fd, bytes, name);
	if (err)
		return failure_set(why, -err, "cannot write %s: %s", swap->path, strerror(-err));
	return 0;
}

static int swap_on(struct swap *swap, struct failure *why)
{
	/* The highest priority there is, so that the box's pages come here and nowhere else. */
	if (!swapon(swap->path, SWAP_FLAG_PREFER | SWAP_FLAG_PRIO_MASK)) {
		swap->on = true;
		return 0;
	}
	if (errno == EPERM)
		return failure_set(
			why, errno,
			"cannot swap on %s: either CAP_SYS_ADMIN is missing (run as root) or "
			"there are as many swaps as the kernel takes (see /proc/swaps)",
			swap->path);
	if (errno == EINVAL && swap->kind == BOX_SWAP_FILE)
		return failure_set(
			why, errno,
			"the file system of %s cannot swap to a file: set TMPDIR to a folder on "
			"ext4, xfs or btrfs, or use --swap zram",
			swap->path);
	return failure_set(why, errno, "cannot swap on %s: %s", swap->path, strerror(errno));
}

int swap_create(struct swap *swap, enum box_swap kind, uint64_t bytes, const char *name,
		struct failure *why)
{
	int err;

	*swap = (struct swap){ .kind = kind };
	if (kind == BOX_SWAP_NONE)
		return 0;
	err = kind == BOX_SWAP_ZRAM ? make_zram(swap, bytes, name, why) :
				      make_file(swap, bytes, name, why);
	return err ? err : swap_on(swap, why);
}

bool zram_number(const char *path, unsigned int *number)
{
	uint64_t v;

	if (!strncmp(path, "/dev/", 5))
		path += 5;
	if (strncmp(path, "zram", 4) != 0 || parse_u64(path + 4, 0, UINT_MAX, &v))
		return false;
	*number = (unsigned int)v;
	return true;
}

int zram_remove(unsigned int number)
{
	const uint64_t deadline_ns = now_ns() + ZRAM_BUSY_NS;
	int err;

	do
		err = file_write_u64(AT_FDCWD, "/sys/class/zram-control/hot_remove", number);
	while (err == -EBUSY && retry_until(deadline_ns));
	return err == -ENODEV ? 0 : err;
}

int swap_off(const char *path)
{
	const uint64_t deadline_ns = now_ns() + SWAP_OFF_NS;

	while (swapoff(path)) {
		if (errno == EINVAL) /* somebody else did it */
			return 0;
		if (errno != ENOMEM || !retry_until(deadline_ns))
			return -errno;
	}
	return 0;
}

int swap_destroy(struct swap *swap, struct failure *why)
{
	int err = swap->on ? swap_off(swap->path) : 0;

	if (err)
		return failure_set(why, -err, "cannot swap off %s: %s; the next run tries again",
				   swap->path, strerror(-err));
	swap->on = false;
	if (!swap->made)
		return 0;
	swap->made = false;
	if (swap->kind == BOX_SWAP_ZRAM)
		err = zram_remove(swap->zram);
	else if (unlink(swap->path) && errno != ENOENT)
		err = -errno;
	if (err)
		return failure_set(why, -err, "cannot remove %s: %s", swap->path, strerror(-err));
	return 0;
}

void swap_for_each(FILE *swaps, void (*each)(const char *path, void *arg), void *arg)
{
	_cleanup_free_ char *line = NULL;
	size_t size = 0;
	bool header = true;

	while (getline(&line, &size, swaps) > 0) {
		line[strcspn(line, " \t\n")] = '\0';
		if (!header && line[0]) {
			text_unescape(line);
			each(line, arg);
		}
		header = false;
	}
}
