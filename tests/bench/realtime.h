/* SPDX-License-Identifier: GPL-2.0-only */
/* Threads that are scheduled as the reader of `watch` is. */
#ifndef BENCH_REALTIME_H
#define BENCH_REALTIME_H

#include <pthread.h>
#include <stdbool.h>

/*
 * Starts @fn(@arg) with SCHED_FIFO where that is allowed, on @cpu alone (-1: anywhere). Negative
 * errno.
 */
int realtime_thread(pthread_t *thread, int cpu, void *(*fn)(void *), void *arg);

/* Whether the last one got it. */
bool realtime_allowed(void);

/* A thread with normal scheduling, on @cpu alone. */
int normal_thread(pthread_t *thread, int cpu, void *(*fn)(void *), void *arg);

/* Where the calling thread may run; -1: where it could at first. */
int run_on(int cpu);

#endif
