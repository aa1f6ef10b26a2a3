/* SPDX-License-Identifier: GPL-2.0-only */
/* The two verbs that are measured with: `watch`, and `pressure` as what it is to see. */
#ifndef BENCH_VERBS_H
#define BENCH_VERBS_H

#include "proc.h"

struct watch {
	struct proc proc;
	uint64_t ready_ns; /* from before its fork to its word that it is ready */
	char *summary;	   /* the last line, once stopped */
};

/* A record as `watch --json` tells it. */
struct event {
	uint64_t time_ns;
	uint64_t latency_ns;
	uint64_t cpu;
	uint64_t cgroup_id;
	bool trailing;
};

/* Returns when it is ready. @option may be NULL. */
int watch_start(struct env *env, struct watch *w, const char *option);

/* Waits until it ends by itself, or with @sig makes it. */
int watch_stop(struct env *env, struct watch *w, int sig);

void watch_free(struct watch *w);

/* The next event of those read by proc_drain(). */
bool watch_next(struct watch *w, struct event *e);

/* The core that it last ran on: a real-time task is woken there again. -1: cannot tell. */
int watch_cpu(const struct watch *w);

/* A line of /proc/PID/status; NaN: cannot tell. */
double watch_status_kb(const struct watch *w, const char *key);

/* User and system time so far; 0: cannot tell. */
uint64_t watch_cpu_ns(const struct watch *w);

struct pressure_args {
	const char *limit;
	const char *use;
	const char *swap_size;
	const char *gap;
	unsigned int episodes;
	int cpu; /* where it happens, -1: anywhere */
};

/* A run of it, with its box. */
struct pressure {
	struct proc proc;
	uint64_t cgroup_id;
};

struct episode {
	uint64_t first_over_ns;
	uint64_t end_ns;
};

/* Returns when the box is made. */
int pressure_start(struct env *env, struct pressure *p, const struct pressure_args *args);

/* Waits for the end of the next episode. */
int pressure_next(struct env *env, struct pressure *p, struct episode *e);

/*
 * Starts, waits for all episodes, and for the box to be gone. *cgroup_id: the box's; may be NULL.
 */
int pressure_run(struct env *env, const struct pressure_args *args, uint64_t *cgroup_id);

/* The number that stands behind @key in a line of JSON that `oom-notify` wrote. */
bool field_u64(const char *line, const char *key, uint64_t *v);
bool field_double(const char *line, const char *key, double *v);

#endif
