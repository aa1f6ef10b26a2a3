/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bare wake-up that `watch` is held against: from an eventfd to a thread in epoll_wait(), one
 * with real-time scheduling and locked memory, as the reader of `watch` is. The sender is what the
 * kernel side is: a fresh task on a given core that has been touching new memory for some
 * milliseconds before it wakes the reader, and goes on with it afterwards.
 */
#ifndef BENCH_BARE_H
#define BENCH_BARE_H

#include "bench.h"

/* Called by the receiver, with how long it took. */
typedef void (*bare_fn)(void *arg, uint64_t latency_ns);

/* The receiver will be on @cpu alone. One at a time. */
int bare_start(struct env *env, int cpu, bare_fn fn, void *arg);

/* On @cpu: busy for @before_ns, then @n times a wake-up and @between_ns of work. */
int bare_send(struct env *env, int cpu, uint64_t before_ns, unsigned int n, uint64_t between_ns);

void bare_stop(void);

#endif
