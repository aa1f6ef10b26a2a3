// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many readers of /dev/oom_notify in one process, all in one epoll set:
 *
 *   herd FILES STEP...
 *
 * Each asks for everything. Takes one step after the other, and prints every record as a line of
 * JSON, and after each step how far it moved the module's statistics. It feeds by a file of its
 * own. The steps:
 *   NAME=VALUE         sets a parameter of the module
 *   write:TEXT         writes TEXT to every file
 *   feed:LEVEL[:TOLD]  feeds an event ("clear": the all-clear), and waits until TOLD files (all)
 *                      were told something since
 *   wait               waits for the same without feeding
 *   quiet:MS           waits that long
 *   close:FILES        closes the first so many
 *   total:TOLD         waits until the module has told so many records since the first step
 *   term               waits for SIGTERM, which ends a herd of any other step as failed
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "oom_notify.h"

#define MODULE	     "/sys/module/oom_notify/parameters/"
#define STATISTIC    "/sys/class/misc/oom_notify/statistics/"
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

struct file {
	int fd;
	int step; /* that it was last told in */
};

static struct file *files;
static int first, nr_files, epoll_fd, feed_fd = -1;
static long told_at_first;
static volatile sig_atomic_t ended;

static int step;
static int nr_told; /* files, in this step */
static uint64_t step_ns;
static unsigned long nr_empty; /* wakes for nothing */

static const char *const statistics[] = { "told", "merged", "rounds", "ticks" };
static long before[ARRAY_LEN(statistics)];

static void on_term(int signal)
{
	(void)signal;
	ended = 1;
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static long statistic(const char *name)
{
	char path[128];
	long value = -1;
	FILE *f;

	snprintf(path, sizeof(path), STATISTIC "%s", name);
	f = fopen(path, "r");
	if (!f)
		return -1; /* root's */
	if (fscanf(f, "%ld", &value) != 1)
		errx(1, "%s holds no number", path);
	fclose(f);
	return value;
}

static void set_parameter(const char *name, int len, const char *value)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), MODULE "%.*s", len, name);
	f = fopen(path, "w");
	if (!f || fputs(value, f) < 0 || fclose(f))
		err(1, "%s", path);
}

static void open_files(void)
{
	struct rlimit limit = { (rlim_t)nr_files + 16, (rlim_t)nr_files + 16 };

	if (setrlimit(RLIMIT_NOFILE, &limit))
		err(1, "RLIMIT_NOFILE");
	files = calloc((size_t)nr_files, sizeof(*files));
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (!files || epoll_fd < 0)
		err(1, "epoll");
	for (int i = 0; i < nr_files; i++) {
		struct epoll_event e = { .events = EPOLLIN, .data = { .u32 = (uint32_t)i } };

		files[i].fd = open("/dev/oom_notify", O_RDWR | O_NONBLOCK | O_CLOEXEC);
		if (files[i].fd < 0 || epoll_ctl(epoll_fd, EPOLL_CTL_ADD, files[i].fd, &e))
			err(1, "/dev/oom_notify");
		if (write(files[i].fd, "none", 4) != 4)
			err(1, "write");
		files[i].step = -1;
	}
}

/* A record of before the step may be read in it. */
static void note(int i, const struct oom_notify_record *r)
{
	printf("{\"step\":%d,\"file\":%d,\"sequence\":%llu,\"level\":%u,\"reasons\":%u,"
	       "\"pages\":%llu,"
	       "\"event_ns\":%llu,\"notified_ns\":%llu}\n",
	       step, i, r->sequence, r->level, r->reasons, r->swapped_pages, r->event_ns,
	       r->notified_ns);
	if (r->notified_ns < step_ns || files[i].step == step)
		return;
	files[i].step = step;
	nr_told++;
}

static void take(int i)
{
	struct oom_notify_record r[OOM_NOTIFY_QUEUE];
	ssize_t got = read(files[i].fd, r, sizeof(r));

	if (got < 0 && errno == EAGAIN)
		nr_empty++;
	else if (got < 0)
		err(1, "read");
	for (ssize_t at = 0; at < got / (ssize_t)sizeof(r[0]); at++)
		note(i, &r[at]);
}

static bool wake(int timeout_ms)
{
	struct epoll_event events[64];
	int n = epoll_wait(epoll_fd, events, ARRAY_LEN(events), timeout_ms);

	if (n < 0 && errno != EINTR)
		err(1, "epoll_wait");
	for (int i = 0; i < n; i++)
		take((int)events[i].data.u32);
	fflush(stdout);
	return n > 0;
}

static void wait_until_told(int wanted)
{
	while (nr_told < wanted) {
		if (ended)
			errx(1, "told only %d files of %d in step %d", nr_told, wanted, step);
		wake(1000);
	}
}

static void feed(const char *level, int len)
{
	static const char *const levels[] = { "none", "low", "medium", "critical" };
	struct oom_notify_record r = {
		.size = sizeof(r),
		.version = OOM_NOTIFY_VERSION,
		.level = ARRAY_LEN(levels),
		.reasons = OOM_NOTIFY_SWAP_OUT,
		.node = -1,
		.event_ns = step_ns,
	};

	if (!strncmp(level, "clear", (size_t)len)) {
		r.level = OOM_NOTIFY_NONE;
		r.reasons = OOM_NOTIFY_ALL_CLEAR;
	}

	for (size_t i = 0; i < ARRAY_LEN(levels); i++)
		if (strlen(levels[i]) == (size_t)len && !strncmp(level, levels[i], (size_t)len))
			r.level = (uint16_t)i;
	if (feed_fd < 0)
		feed_fd = open("/dev/oom_notify", O_WRONLY | O_CLOEXEC);
	if (feed_fd < 0 || ioctl(feed_fd, OOM_NOTIFY_IOC_FEED, &r))
		err(1, "feed");
}

static void write_all(const char *text)
{
	for (int i = 0; i < nr_files; i++)
		if (write(files[first + i].fd, text, strlen(text)) != (ssize_t)strlen(text))
			err(1, "write");
}

static void stay_quiet(int ms)
{
	const uint64_t end_ns = step_ns + (uint64_t)ms * 1000000;

	while (!ended && now_ns() < end_ns)
		wake((int)((end_ns - now_ns()) / 1000000) + 1);
}

/* What waits for all, waits for those that are left. */
static void close_first(int nr)
{
	for (int i = 0; i < nr; i++)
		close(files[first + i].fd);
	first += nr;
	nr_files -= nr;
}

static void wait_for_total(long told)
{
	while (!ended && statistic("told") - told_at_first < told)
		wake(10);
}

static void take_step(const char *text)
{
	const char *level = text + strlen("feed:"), *colon = strchr(text, ':');

	if (strchr(text, '=')) {
		set_parameter(text, (int)strcspn(text, "="), strchr(text, '=') + 1);
	} else if (!strncmp(text, "feed:", 5)) {
		colon = strchr(level, ':');
		feed(level, (int)strcspn(level, ":"));
		wait_until_told(colon ? atoi(colon + 1) : nr_files);
	} else if (!strcmp(text, "wait")) {
		wait_until_told(nr_files);
	} else if (!strncmp(text, "quiet:", 6)) {
		stay_quiet(atoi(colon + 1));
	} else if (!strncmp(text, "close:", 6)) {
		close_first(atoi(colon + 1));
	} else if (!strncmp(text, "total:", 6)) {
		wait_for_total(atol(colon + 1));
	} else if (!strncmp(text, "write:", 6)) {
		write_all(colon + 1);
	} else if (!strcmp(text, "term")) {
		while (!ended)
			wake(-1);
	} else {
		errx(2, "no such step: %s", text);
	}
}

static void say_step(const char *text)
{
	printf("{\"did\":%d,\"text\":\"%s\",\"empty\":%lu", step, text, nr_empty);
	for (size_t i = 0; i < ARRAY_LEN(statistics); i++)
		printf(",\"%s\":%ld", statistics[i], statistic(statistics[i]) - before[i]);
	printf("}\n");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	const struct sigaction term = { .sa_handler = on_term };

	nr_files = argc < 3 ? 0 : atoi(argv[1]);
	if (nr_files < 1)
		errx(2, "usage: herd FILES STEP...");
	sigaction(SIGTERM, &term, NULL);
	open_files();
	told_at_first = statistic("told");
	printf("{\"ready\":%d}\n", nr_files);
	fflush(stdout);
	for (step = 0; step < argc - 2; step++) {
		for (size_t i = 0; i < ARRAY_LEN(statistics); i++)
			before[i] = statistic(statistics[i]);
		nr_told = 0;
		step_ns = now_ns();
		take_step(argv[step + 2]);
		say_step(argv[step + 2]);
	}
	return 0;
}
