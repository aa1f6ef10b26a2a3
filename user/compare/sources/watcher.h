/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A source in a process of its own, which waits for it and stamps when user code knew. What it
 * finds is in memory that both sides see, so that looking at it wakes nobody.
 */
#ifndef OOMN_COMPARE_WATCHER_H
#define OOMN_COMPARE_WATCHER_H

#include <stdatomic.h>
#include <sched.h>

#include "source.h"

/* Stamps that are kept between two looks; further ones are counted. */
#define WATCHER_ROOM 8192

enum watcher_state { WATCHER_STARTING, WATCHER_READY, WATCHER_ABSENT, WATCHER_BROKE };

/* Written by the watcher, but for @taken. */
struct watcher_slot {
	_Atomic uint32_t state; /* enum watcher_state */
	char what[SOURCE_TEXT_LEN];
	struct failure why; /* of ABSENT and BROKE */
	uint64_t looks_ns;
	pid_t helper;
	bool realtime, locked;
	_Atomic uint64_t wakes, taken, unkept;
	_Atomic uint64_t dropped; /* hits that the source could not tell */
	_Atomic uint64_t
		book_ns; /* from the first stamp since taken to the next wait; 0: none yet */
	uint64_t wake_ns[WATCHER_ROOM];
};

/* For a process that does more than stamp. */
struct watcher_work {
	/* After the source was set up: 0 or negative errno with the reason. */
	int (*begin)(void *ctx, struct failure *why);
	void (*notified)(void *ctx, uint64_t notified_ns, uint64_t to_free_bytes);
	void *ctx;
};

struct watcher {
	const struct source *source;
	const struct watcher_work *work; /* NULL: it only stamps */
	struct watcher_slot *slot;
	pid_t pid; /* 0: not running */
	int pidfd;
	int ready_fd; /* readable when it has left STARTING */
	int place_fd; /* tells it where to go */
};

#define WATCHER_NONE ((struct watcher){ .pidfd = -1, .ready_fd = -1, .place_fd = -1 })

/* @work may be NULL. 0 or negative errno with the reason; returns at once. */
int watcher_start(struct watcher *w, const struct source *source, const struct watcher_work *work,
		  const struct source_env *env, struct failure *why);

/* Waits until it is ready or has given up: 0, -ECANCELED when @stop_fd speaks, -ETIMEDOUT. */
int watcher_wait(struct watcher *w, int stop_fd, uint64_t timeout_ns);

/* It goes to @cpu, from where the scheduler may move it again. */
void watcher_place(const struct watcher *w, int cpu);

/* Whether it still runs; if not, the slot says why. */
bool watcher_alive(struct watcher *w);

/* The stamps since the last call, at most WATCHER_ROOM; *unkept: how many more there were. */
size_t watcher_take(struct watcher *w, uint64_t wakes_ns[WATCHER_ROOM], uint64_t *unkept);

/* Processor time so far, its helper's included: false when it cannot be read. */
bool watcher_cpu_ns(const struct watcher *w, uint64_t *ns);

/* Ends it, kindly at first, and frees all. Fine for one that never started. */
void watcher_stop(struct watcher *w);

/* The process itself: never returns. */
_Noreturn void watcher_run(const struct watcher *w, struct source_env *env, pid_t parent);

#endif
