// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring buffer that `oom-notify watch` reads, loaded by the same loader and emptied by the same
 * drain: with its usual gate, and with none.
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
#include "core/drain.h"
#include "core/load_error.h"
#include "record.h"

#define GAP_NS	  (10 * NS_PER_MS)
#define CLOSED_NS (3600 * NS_PER_S)

static struct {
	struct loader *loader;
	struct drain drain;
	int timer;
	uint64_t notified_ns;
} tp = { .timer = -1 };

/* kswapd's sleep and a reclaim's end are no bad news, and it may work for the page cache alone. */
static void on_record(void *ctx, const void *data, size_t size)
{
	union oomn_record rec;

	(void)ctx;
	if (tp.notified_ns || decode_record(data, size, &rec))
		return;
	if (rec.hdr.kind == OOMN_SWAP_OUT || rec.hdr.kind == OOMN_RECLAIM_BEGIN ||
	    rec.hdr.kind == OOMN_OOM_KILL)
		tp.notified_ns = now_ns();
}

static uint64_t on_wake(struct source_env *env, uint64_t woken_ns)
{
	uint64_t expirations;

	tp.notified_ns = 0;
	drain_ring(&tp.drain);
	if (tp.drain.due_ns && woken_ns >= tp.drain.due_ns)
		drain_waiting(&tp.drain);
	if (read(tp.timer, &expirations, sizeof(expirations)) < 0 && errno != EAGAIN)
		return 0;
	drain_schedule(&tp.drain, now_ns());
	clock_set_timer(tp.timer, tp.drain.due_ns);
	atomic_store(env->dropped, loader_ring_drops(tp.loader));
	return tp.notified_ns;
}

static int watch_fd(int epoll, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN };

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &ev) ? -errno : 0;
}

static int open_all(struct source_env *env, uint64_t gap_ns, uint64_t ring_bytes,
		    struct failure *why)
{
	const struct loader_opts opts = drain_loader_opts(gap_ns, ring_bytes);
	int err;

	tp.loader = loader_open(&opts, on_record, NULL);
	if (!tp.loader)
		return failure_set(why, errno,
				   "the BPF programs cannot be loaded: %s; oom-notify check",
				   load_error_text(-errno));
	drain_init(&tp.drain, tp.loader, gap_ns);
	env->fd = epoll_create1(EPOLL_CLOEXEC);
	env->events = EPOLLIN;
	tp.timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (env->fd < 0 || tp.timer < 0)
		return failure_set(why, errno, "no epoll or timerfd: %s", strerror(errno));
	err = watch_fd(env->fd, loader_fd(tp.loader));
	if (!err)
		err = watch_fd(env->fd, tp.timer);
	if (err)
		return failure_set(why, -err, "epoll: %s", strerror(-err));
	loader_arm(tp.loader, true);
	return 0;
}

static int setup(struct source_env *env, struct failure *why)
{
	snprintf(env->what, SOURCE_TEXT_LEN, "BPF ring buffer, gate of 10 ms, as oom-notify watch");
	return open_all(env, GAP_NS, 256U << 10, why);
}

static int setup_raw(struct source_env *env, struct failure *why)
{
	snprintf(env->what, SOURCE_TEXT_LEN,
		 "BPF ring buffer, every hit a record, as oom-notify watch --raw");
	return open_all(env, 0, 1U << 20, why);
}

/* Each gate opens for its first hit, and what comes after that is counted. */
static int setup_counted(struct source_env *env, struct failure *why)
{
	snprintf(env->what, SOURCE_TEXT_LEN, "BPF programs that count and tell nothing");
	return open_all(env, CLOSED_NS, 256U << 10, why);
}

static void teardown(struct source_env *env)
{
	(void)env;
	loader_free(tp.loader);
}

const struct source source_tracepoint = {
	.name = SOURCE_TRACEPOINT,
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

const struct source source_tracepoint_counted = {
	.name = "tracepoint-counted",
	.setup = setup_counted,
	.on_wake = on_wake,
	.teardown = teardown,
};
