// SPDX-License-Identifier: GPL-2.0-only
/* The children of a box. They are forks, so between fork and exec they allocate nothing. */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/process.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/file.h"
#include "pattern.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21 /* Linux 5.4 */
#endif

/*
 * From so many pages below the limit on every touch is watched. Covers what is charged beside the
 * touched pages until the next look: page tables, and the kernel's 64 pages in advance on each CPU.
 */
#define WATCH_PAGES 512
#define LOOK_PAGES  256
/* A nap for so many pages at once: for each one alone it would be all naps. */
#define PACE_PAGES 16

struct toucher {
	char *mem;
	struct pattern pattern;
	struct cgroup_gauge gauge;
	uint64_t limit_bytes;
	uint64_t usage_bytes; /* before the next touch, once watching */
	uint64_t over;
	bool watching;
	uint64_t start_ns;
	uint64_t page_ns; /* between two touches, 0: none */
};

/* Turns watching on when the limit is near. */
static void look_at_usage(struct toucher *t)
{
	uint64_t usage_bytes, over;

	if (cgroup_gauge_read(&t->gauge, &usage_bytes, &over))
		return;
	t->usage_bytes = usage_bytes;
	t->over = over;
	t->watching = usage_bytes + WATCH_PAGES * t->pattern.page_size > t->limit_bytes;
}

/*
 * The touch that met the limit, exactly: a charge did not fit, and what is charged has not grown,
 * because the kernel reclaimed for it. (On v1 a charge in advance that does not fit counts too, but
 * is then made smaller and grows what is charged.)
 */
static bool touch_met_limit(struct toucher *t, size_t i)
{
	uint64_t usage_bytes, over;
	bool met;

	pattern_touch(&t->pattern, t->mem, i);
	if (cgroup_gauge_read(&t->gauge, &usage_bytes, &over))
		return false;
	met = over > t->over && usage_bytes <= t->usage_bytes;
	t->usage_bytes = usage_bytes;
	t->over = over;
	return met;
}

static void sleep_ns(uint64_t ns)
{
	struct timespec ts = { .tv_sec = (time_t)(ns / NS_PER_S),
			       .tv_nsec = (long)(ns % NS_PER_S) };

	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &ts, &ts) == EINTR)
		;
}

/* With a ramp, sleeps until the touch of page @i is due. */
static void pace(const struct toucher *t, size_t i)
{
	uint64_t due_ns, now;

	if (!t->page_ns || i % PACE_PAGES)
		return;
	due_ns = t->start_ns + i * t->page_ns;
	now = now_ns();
	if (due_ns > now)
		sleep_ns(due_ns - now);
}

static void touch_all(struct toucher *t, size_t nr_pages, volatile struct child_report *report)
{
	for (size_t i = 0; i < nr_pages; i++) {
		uint64_t before_ns;

		pace(t, i);
		if (report->first_over_ns) {
			pattern_touch(&t->pattern, t->mem, i);
			continue;
		}
		if (!t->watching && !(i % LOOK_PAGES))
			look_at_usage(t);
		if (!t->watching) {
			pattern_touch(&t->pattern, t->mem, i);
			continue;
		}
		before_ns = now_ns();
		report->touch_ns = before_ns; /* without swap it may be the last */
		if (touch_met_limit(t, i))
			report->first_over_ns = before_ns;
	}
}

static int touch_and_free(const struct cgroup *cg, const struct box_opts *opts,
			  volatile struct child_report *report)
{
	static struct toucher t; /* too large for the stack of whatever forked us */
	const size_t bytes = opts->use_bytes;
	int err = cgroup_gauge_open(cg, &t.gauge);

	if (!err)
		err = pattern_init(&t.pattern);
	if (err)
		return -err;
	t.limit_bytes = opts->limit_bytes;
	t.mem = pattern_map(bytes);
	if (!t.mem)
		return errno;
	t.start_ns = now_ns();
	t.page_ns = opts->ramp_ns / (bytes / t.pattern.page_size);
	touch_all(&t, bytes / t.pattern.page_size, report);
	if (opts->cause == BOX_PROACTIVE) {
		report->first_over_ns = now_ns();
		if (madvise(t.mem, bytes, MADV_PAGEOUT))
			return errno;
	}
	sleep_ns(opts->hold_ns);
	if (munmap(t.mem, bytes))
		return errno;
	report->end_ns = now_ns();
	return 0;
}

int child_enter(const struct cgroup *cg, pid_t parent)
{
	sigset_t none;
	int err;

	process_die_with(parent, SIGKILL);
	/* Should the machine run short by somebody else's doing, this is the one to go. */
	(void)file_write(AT_FDCWD, "/proc/self/oom_score_adj", "1000");
	err = cgroup_join(cg);
	if (err)
		return err;
	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL) ? -errno : 0;
}

void child_touch(const struct cgroup *cg, const struct box_opts *opts, pid_t parent,
		 volatile struct child_report *report)
{
	int err;

	/* Out of the terminal's reach: ^C is for the parent, which then ends this one. */
	(void)setpgid(0, 0);
	err = child_enter(cg, parent);
	report->err = err ? -err : touch_and_free(cg, opts, report);
	_exit(report->err ? 1 : 0);
}

void child_exec(const struct cgroup *cg, char *const argv[], pid_t parent)
{
	int err = child_enter(cg, parent);

	(void)signal(SIGPIPE, SIG_DFL);
	if (err) {
		log_err("cannot put the command into the box: %s", strerror(-err));
		_exit(126);
	}
	execvp(argv[0], argv);
	err = errno;
	log_err("cannot run '%s': %s", argv[0], strerror(err));
	_exit(err == ENOENT ? 127 : 126);
}
