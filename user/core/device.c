// SPDX-License-Identifier: GPL-2.0-only
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "system.h"

const char *const device_reasons[DEVICE_NR_REASONS] = {
	"swap_out",	"swap_zswap", "swap_zero", "low_watermark", "stall",
	"poor_reclaim", "oom",	      "all_clear", "fed",	    "headroom",
};

const char *const device_short_reasons[DEVICE_NR_REASONS] = {
	"swap", "zswap", "zero", "lowmark", "stall", "poor", "oom", "clear", "fed", "headroom",
};

/*
 * False if the kernel has another name for it: what is written to ask for something must not land
 * in the kernel's log. Where it cannot be looked up, and whatever it is called here, it may be one
 * of ours.
 */
static bool may_be_ours(dev_t device)
{
	char path[64], text[256], *name;

	(void)snprintf(path, sizeof(path), "/sys/dev/char/%u:%u/uevent", major(device),
		       minor(device));
	if (read_text("", path, text, sizeof(text)))
		return true;
	name = strstr(text, "DEVNAME=");
	return !name || !strncmp(name, "DEVNAME=oom_notify", strlen("DEVNAME=oom_notify"));
}

/* A reader of the FIFO, tape or terminal that @path may be would notice an open(). */
static int open_character_device(const char *path, int flags)
{
	struct stat st;
	int fd;

	if (stat(path, &st))
		return -errno;
	if (!S_ISCHR(st.st_mode) || !may_be_ours(st.st_rdev))
		return -ENOTTY;
	fd = open(path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* No room for a record is EINVAL: a question that takes nothing out of whatever is asked. */
static int check_reads_records(int fd)
{
	char none;

	return read(fd, &none, 0) < 0 && errno == EINVAL ? 0 : -ENOTTY;
}

/* A record that must be refused shows whether this process may feed. */
static int check_may_feed(int fd)
{
	const struct oom_notify_record nothing = { 0 };
	int err = device_feed(fd, &nothing);

	return err == -EINVAL ? 0 : err == -EPERM ? -EPERM : -ENOTTY;
}

static int close_unless(int err, int fd)
{
	if (!err)
		return fd;
	close(fd);
	return err;
}

int device_open(const char *path, int access_mode)
{
	int fd = open_character_device(path, access_mode);

	return fd < 0 ? fd : close_unless(check_reads_records(fd), fd);
}

int device_ask(int fd, const char *what)
{
	return write(fd, what, strlen(what)) < 0 ? -errno : 0;
}

int device_open_to_feed(const char *path)
{
	int fd = open_character_device(path, O_WRONLY);

	return fd < 0 ? fd : close_unless(check_may_feed(fd), fd);
}

int device_feed(int fd, const struct oom_notify_record *rec)
{
	return ioctl(fd, OOM_NOTIFY_IOC_FEED, rec) ? -errno : 0;
}

const char *device_why(int err)
{
	switch (err) {
	case -ENOENT:
	case -ENXIO:
	case -ENODEV:
		return "no such device; " DEVICE_HOW;
	case -ENOTTY:
		return "not a device of the oom_notify module that can do this";
	case -EPERM:
		return "not permitted; feeding needs CAP_SYS_ADMIN, and a container may not be "
		       "given "
		       "the device at all";
	case -EACCES:
		return "this user may not open it; the module makes " DEVICE_PATH
		       " for everybody and " DEVICE_CRITICAL_PATH
		       " for root, and a udev rule may have changed that";
	default:
		return strerror(-err);
	}
}

long device_decode(struct device_reader *r, const void *data, size_t len,
		   struct oom_notify_record *rec)
{
	uint32_t size;

	if (len < sizeof(*rec))
		return -EMSGSIZE;
	memcpy(rec, data, sizeof(*rec));
	size = rec->size;
	if (size < sizeof(*rec) || size > len)
		return -EMSGSIZE;
	if (!rec->version || size % sizeof(uint64_t) || rec->level > OOM_NOTIFY_CRITICAL ||
	    !rec->reasons || rec->node < -1 || rec->sequence <= r->sequence)
		return -EBADMSG;
	/* A later version may be longer and know more reasons; this one is known in full. */
	if (rec->version == OOM_NOTIFY_VERSION &&
	    (size != sizeof(*rec) || rec->reasons & ~OOM_NOTIFY_REASONS))
		return -EBADMSG;
	r->missed = rec->sequence - r->sequence - 1;
	r->sequence = rec->sequence;
	return (long)size;
}
