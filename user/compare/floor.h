/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The empty wake-up, sent as the kernel sends the real one: by a task that has just begun and has
 * been touching new memory for some milliseconds, and that goes on with it.
 */
#ifndef OOMN_COMPARE_FLOOR_H
#define OOMN_COMPARE_FLOOR_H

#include "result.h"
#include "watcher.h"

struct floor {
	struct watcher watcher;
	int fd;
	volatile uint64_t *sent_ns; /* shared with the sender */
};

#define FLOOR_NONE ((struct floor){ .watcher = WATCHER_NONE, .fd = -1 })

/* 0 or negative errno with the reason. */
int floor_start(struct floor *f, int stop_fd, struct box_why *why);

/* One wake-up, whose time is added to @r; NULL: a rehearsal. @wakes_ns is scratch memory. */
int floor_ping(struct floor *f, uint64_t wakes_ns[WATCHER_ROOM], struct result *r,
	       struct box_why *why);

void floor_stop(struct floor *f);

#endif
