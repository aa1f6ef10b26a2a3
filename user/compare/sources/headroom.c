// SPDX-License-Identifier: GPL-2.0-only
/* The headroom of the box's cgroup, notified as `oom-notify watch` tells it, by the same code. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "common/clock.h"
#include "box_files.h"
#include "core/headroom_watch.h"
#include "core/load_error.h"
#include "core/loader.h"
#include "sources.h"

static struct {
	struct loader *loader;
	struct headroom_watch *watch;
	int timer;
	uint64_t cgroup_id;
	uint64_t notified_ns, to_free_bytes; /* by the last call */
} hr = { .timer = -1 };

/* Swap-out and reclaim are not what this is about: nothing is counted, and so nothing comes. */
static void on_record(void *ctx, const void *data, size_t size)
{
	(void)ctx;
	(void)data;
	(void)size;
}

static void on_fact(void *ctx, const struct headroom_fact *fact)
{
	(void)ctx;
	if (fact->scope != SCOPE_CGROUP || fact->cgroup_id != hr.cgroup_id ||
	    fact->edge != HEADROOM_FALLS)
		return;
	hr.notified_ns = now_ns();
	hr.to_free_bytes = fact->to_free_bytes;
}

static uint64_t on_wake(struct source_env *env, uint64_t woken_ns)
{
	uint64_t n;

	(void)woken_ns;
	hr.notified_ns = 0;
	(void)!read(hr.timer, &n, sizeof(n));
	headroom_watch_run(hr.watch, now_ns());
	clock_set_timer(hr.timer, headroom_watch_due_ns(hr.watch));
	env->to_free_bytes = hr.to_free_bytes;
	return hr.notified_ns;
}

static int watch_fd(int epoll, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN };

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &ev) ? -errno : 0;
}

static int find_cgroup(const char *cgroup, struct failure *why)
{
	char dir[PATH_MAX];
	const int version = box_files_dir(cgroup, dir, why);
	struct stat st;

	if (version < 0)
		return version;
	if (stat(dir, &st))
		return failure_set(why, errno, "%s: %s", dir, strerror(errno));
	hr.cgroup_id = st.st_ino;
	return 0;
}

static int open_watch(struct failure *why)
{
	const struct loader_opts opts = { .gap_ns = 10 * NS_PER_MS,
					  .wake_gap_ns = 5 * NS_PER_MS,
					  .ring_bytes = 256U << 10 };

	hr.loader = loader_open(&opts, on_record, NULL);
	if (!hr.loader)
		return failure_set(why, errno,
				   "the BPF programs cannot be loaded: %s; oom-notify check",
				   load_error_text(-errno));
	hr.watch = headroom_watch_new(loader_limits(hr.loader), &headroom_opts_default,
				      hr.cgroup_id, on_fact, NULL);
	if (!hr.watch)
		return failure_set(why, errno, "headroom cannot be watched: %s", strerror(errno));
	return 0;
}

static int setup(struct source_env *env, struct failure *why)
{
	int err;

	snprintf(env->what, SOURCE_TEXT_LEN, "headroom of its cgroup, as oom-notify watch");
	err = find_cgroup(env->cgroup, why);
	if (!err)
		err = open_watch(why);
	if (err)
		return err;
	env->fd = epoll_create1(EPOLL_CLOEXEC);
	env->events = EPOLLIN;
	hr.timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (env->fd < 0 || hr.timer < 0)
		return failure_set(why, errno, "no epoll or timerfd: %s", strerror(errno));
	err = watch_fd(env->fd, headroom_watch_fd(hr.watch));
	if (!err)
		err = watch_fd(env->fd, hr.timer);
	if (err)
		return failure_set(why, -err, "epoll: %s", strerror(-err));
	headroom_watch_run(hr.watch, now_ns());
	clock_set_timer(hr.timer, headroom_watch_due_ns(hr.watch));
	return 0;
}

static void teardown(struct source_env *env)
{
	(void)env;
	headroom_watch_free(hr.watch);
	loader_free(hr.loader);
}

const struct source source_headroom = {
	.name = SOURCE_HEADROOM,
	.setup = setup,
	.on_wake = on_wake,
	.teardown = teardown,
};
