/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bare wake-up, which no source can be earlier than: from an eventfd to a watcher, as a source
 * has one. It is sent as the kernel sends the real one: by a task that has just begun and has been
 * touching new memory for some milliseconds, and that goes on with it.
 */
#ifndef OOMN_COMPARE_BASELINE_H
#define OOMN_COMPARE_BASELINE_H

#include "compare/sources/watcher.h"

#define BASELINE_MAX 256

struct baseline {
	struct watcher watcher;
	int fd;
	volatile uint64_t *sent_ns; /* BASELINE_MAX of them, shared with the sender */
};

#define BASELINE_NONE ((struct baseline){ .watcher = WATCHER_NONE, .fd = -1 })

/* 0 or negative errno with the reason. */
int baseline_start(struct baseline *b, int stop_fd, struct failure *why);

struct baseline_opts {
	int cpu;	    /* the only one that the sender may run on, -1: any */
	uint32_t n;	    /* wake-ups, at most BASELINE_MAX */
	uint64_t before_ns; /* the sender is busy before the first */
	uint64_t after_ns;  /* and after each */
};

/*
 * Sends wake-ups from a new process, and puts their times into @ns, in order. Returns how many: two
 * may have become one if the receiver had to wait for others. Negative errno with the reason.
 */
int baseline_send(struct baseline *b, const struct baseline_opts *o, uint64_t ns[],
		  struct failure *why);

void baseline_stop(struct baseline *b);

#endif
