/* SPDX-License-Identifier: GPL-2.0-only */
/* The module's devices seen from user space: open one, read its records, feed it. */
#ifndef OOMN_DEVICE_H
#define OOMN_DEVICE_H

#include <stddef.h>
#include <stdint.h>
#include "oom_notify.h"

#define DEVICE_PATH	     "/dev/oom_notify"
#define DEVICE_CRITICAL_PATH "/dev/oom_notify_critical"

/* The way to come by the devices, for messages. */
#define DEVICE_HOW \
	"load the module: modprobe oom_notify (make module-install builds and installs it)"

/* Names of the bits of oom_notify_record.reasons, from bit 0 on; the same for people, shorter. */
#define DEVICE_NR_REASONS 10
extern const char *const device_reasons[DEVICE_NR_REASONS];
extern const char *const device_short_reasons[DEVICE_NR_REASONS];

/*
 * Opens @path for reading (and with O_RDWR for writing), without blocking, now and later. The
 * descriptor, or negative errno; -ENOTTY when this is no device of the module.
 */
int device_open(const char *path, int access_mode);

/*
 * Says what the file at @fd wants to be told: @what is a text of oom_notify.h, of which "none" asks
 * for everything. 0 or negative errno.
 */
int device_ask(int fd, const char *what);

/* Opens @path to feed it. As above; -EPERM without the right to. */
int device_open_to_feed(const char *path);

/* 0 or negative errno. */
int device_feed(int fd, const struct oom_notify_record *rec);

/* The meaning of an error of the functions above, and what to do. */
const char *device_why(int err);

/* The position of a reader in a file. */
struct device_reader {
	uint64_t sequence; /* of the last record; 0: none yet */
	uint64_t missed;   /* records that were merged into the last one */
};

/*
 * Takes the next record out of what a read() returned. Its length, which for a later version may be
 * more than is copied to *rec; -EMSGSIZE: cut off, or too short to be one; -EBADMSG: nothing that
 * the contract allows.
 */
long device_decode(struct device_reader *r, const void *data, size_t len,
		   struct oom_notify_record *rec);

#endif
