/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `make bench`: what oom-notify costs and how late it is, side by side with what it is held
 * against, in one run. One file a measured thing, each behind a struct bench.
 */
#ifndef BENCH_H
#define BENCH_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/clock.h"
#include "common/json.h"
#include "report.h"

/* The environment of all benches. */
struct env {
	const char *oom_notify;	 /* the binary under test */
	const char *output;	 /* the build's folder: BPF objects in, bench.json out */
	bool has_zram, has_file; /* what can be swapped to */
	const char *swap;	 /* zram where there is, file elsewhere */
	int signals;		 /* readable when it is time to end */
	int signal;		 /* the one that came; 0: none */
	int cpus[2];		 /* two that we may run on, -1 where there is one only */
	unsigned int rounds;	 /* at most so many; 0: as many as a bench wants */
	const char *loads;	 /* names of those that are wanted; NULL: all */
	char why[160];		 /* of the last failure */
};

/* Sets why. Returns -EIO, so that `return env_fail(...)` cannot lie. */
__attribute__((format(printf, 2, 3))) int env_fail(struct env *env, const char *fmt, ...);

/*
 * poll(2) that also ends, with -EINTR, when somebody wants us to. Returns 0 at the deadline. At
 * most three descriptors.
 */
int env_poll(struct env *env, struct pollfd *fds, unsigned int n, uint64_t deadline_ns);

/* 0 or -EINTR. */
int env_sleep(struct env *env, uint64_t ns);

struct bench {
	const char *name; /* in bench.json and on the command line */
	const char *does; /* for the line of progress */
	unsigned int rounds;
	/* Both return 0 or negative errno with env->why; teardown follows in any case. */
	int (*setup)(struct env *env); /* NULL: nothing to set up */
	int (*round)(struct env *env, unsigned int i);
	/* Writes the rows of the table, and members into this bench's JSON object. */
	void (*report)(struct report *r);
	void (*teardown)(void);
};

extern const struct bench bench_ready, bench_footprint, bench_idle, bench_programs, bench_quiet,
	bench_storm, bench_slowdown;

#endif
