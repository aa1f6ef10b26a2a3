// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring buffer that `oom-notify watch` reads, loaded by the same loader: with its usual gate,
 * and with none. It looks after hits that wait in the gate as `watch` does, which belongs to its
 * cost.
 */
#include "sources.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "common/clock.h"
#include "core/decode.h"
#include "core/load_error.h"
#include "core/loader.h"

#define GAP_NS	    (10 * NS_PER_MS)
#define QUIET_TICKS 4

static struct {
	struct loader *loader;
	int timer;
	uint64_t tick_ns;
	unsigned int quiet_ticks;
	bool ticking;
	uint64_t told_ns;
} tp = { .timer = -1 };

/* kswapd's sleep and a reclaim's end are no bad news, and it may work for the page cache alone. */
static void on_record(void *ctx, const void *data, size_t size)
{
	union oomn_record rec;

	(void)ctx;
	if (tp.told_ns || decode_record(data, size, &rec))
		return;
	if (rec.hdr.kind == OOMN_SWAP_OUT || rec.hdr.kind == OOMN_RECLAIM_BEGIN ||
	    rec.hdr.kind == OOMN_OOM_KILL)
		tp.told_ns = now_ns();
}

static void tick(bool on)
{
	struct itimerspec its = { .it_value.tv_nsec = on ? (long)tp.tick_ns : 0 };

	(void)timerfd_settime(tp.timer, 0, &its, NULL);
	tp.ticking = on;
}

/* As watch_loop.c: until nothing was sent or waited for a while. */
static void flush(void)
{
	uint64_t n;
	bool waiting;

	if (read(tp.timer, &n, sizeof(n)) != sizeof(n))
		return;
	waiting = loader_flush(tp.loader);
	tp.quiet_ticks++;
	if (loader_consume(tp.loader) > 0)
		tp.quiet_ticks = 0;
	tick(waiting || tp.quiet_ticks < QUIET_TICKS);
}

static uint64_t on_wake(struct source_env *env, uint64_t woken_ns)
{
	(void)env;
	(void)woken_ns;
	tp.told_ns = 0;
	if (loader_consume(tp.loader) > 0) {
		tp.quiet_ticks = 0;
		if (!tp.ticking)
			tick(true);
	}
	if (tp.ticking)
		flush();
	return tp.told_ns;
}

static int add(int epoll, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN };

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &ev) ? -errno : 0;
}

static int open_all(struct source_env *env, const struct loader_opts *opts, struct box_why *why)
{
	int err;

	tp.tick_ns = opts->gap_ns ? opts->gap_ns / 2 : NS_PER_MS;
	tp.loader = loader_open(opts, on_record, NULL);
	if (!tp.loader)
		return why_set(why, errno,
			       "the BPF programs cannot be loaded: %s; oom-notify check",
			       load_error_text(-errno));
	env->fd = epoll_create1(EPOLL_CLOEXEC);
	env->events = EPOLLIN;
	tp.timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (env->fd < 0 || tp.timer < 0)
		return why_set(why, errno, "no epoll or timerfd: %s", strerror(errno));
	err = add(env->fd, loader_fd(tp.loader));
	if (!err)
		err = add(env->fd, tp.timer);
	if (err)
		return why_set(why, -err, "epoll: %s", strerror(-err));
	loader_arm(tp.loader, true);
	return 0;
}

static int setup(struct source_env *env, struct box_why *why)
{
	const struct loader_opts opts = { .gap_ns = GAP_NS,
					  .wake_gap_ns = GAP_NS / 2,
					  .ring_bytes = 256U << 10 };

	snprintf(env->what, RESULT_TEXT_LEN, "BPF ring buffer, gate of 10 ms, as oom-notify watch");
	return open_all(env, &opts, why);
}

static int setup_raw(struct source_env *env, struct box_why *why)
{
	const struct loader_opts opts = { .wake_gap_ns = NS_PER_MS / 2, .ring_bytes = 1U << 20 };

	snprintf(env->what, RESULT_TEXT_LEN,
		 "BPF ring buffer, every hit a record, as oom-notify watch --raw");
	return open_all(env, &opts, why);
}

static void teardown(struct source_env *env)
{
	(void)env;
	loader_free(tp.loader);
}

const struct source source_tracepoint = {
	.name = RESULT_TRACEPOINT,
	.setup = setup,
	.on_wake = on_wake,
	.teardown = teardown,
};

const struct source source_tracepoint_raw = {
	.name = "tracepoint-raw",
	.setup = setup_raw,
	.on_wake = on_wake,
	.teardown = teardown,
};
