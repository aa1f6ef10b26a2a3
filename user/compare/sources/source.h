/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A way that Linux has of telling a program about memory pressure. Each is one file, and runs in a
 * process of its own, so that its state may be static.
 */
#ifndef OOMN_COMPARE_SOURCE_H
#define OOMN_COMPARE_SOURCE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/failure.h"

#define SOURCE_TEXT_LEN 256

/* Names that more than the source's own file knows. */
#define SOURCE_TIMER	  "timer"
#define SOURCE_TRACEPOINT "tracepoint"
#define SOURCE_PSI	  "psi"
#define SOURCE_DEVICE_FED "device-fed"
#define SOURCE_HEADROOM	  "headroom"
#define SOURCE_DEAF	  "deaf"
#define SOURCE_FORETOLD	  "foretold"

/* The foretold is notified when so much of the limit is left. */
#define SOURCE_FORETELL_PERCENT 10

/* The things a source is to watch, and what it says of itself. */
struct source_env {
	const char *cgroup; /* of the box, as in /proc/PID/cgroup */
	uint64_t interval_ns;
	bool device_is_fed; /* by another source of this run */
	int bell_fd;  /* an eventfd that somebody else rings, for a source that is only that */
	int other_fd; /* for a source that waits itself */

	int fd;			   /* to wait for */
	uint32_t events;	   /* EPOLLIN, or EPOLLPRI */
	uint64_t looks_ns;	   /* it looks once in so long; 0: the kernel tells it */
	pid_t helper;		   /* a process that works for it; 0: none */
	char *what;		   /* SOURCE_TEXT_LEN */
	_Atomic uint64_t *dropped; /* hits that it could not tell, so far */
	uint64_t to_free_bytes;	   /* by on_wake(): so much must go; 0: it does not say */
	struct failure broken;	   /* it cannot go on: why */
};

struct source {
	const char *name;
	/* 0, or negative errno with what is missing on this machine. */
	int (*setup)(struct source_env *env, struct failure *why);
	/*
	 * The descriptor is ready since just before @woken_ns. Returns when user code knew that
	 * there is pressure, 0 when it learnt of none.
	 */
	uint64_t (*on_wake)(struct source_env *env, uint64_t woken_ns);
	/*
	 * For what cannot be waited for by epoll on env->fd; NULL: it can. Waits for it and for
	 * env->other_fd; returns whether the latter is ready, else on_wake() is called.
	 */
	bool (*wait)(struct source_env *env);
	/* Also after a setup that failed. May be NULL: all that the process has goes with it. */
	void (*teardown)(struct source_env *env);
};

#endif
