// SPDX-License-Identifier: GPL-2.0-only
/*
 * 64 threads open, poll, read, write, feed and close both devices as wildly as they can, on files
 * of their own and on shared ones that another thread replaces meanwhile:
 *
 *   stress SECONDS
 *
 * Needs root, to feed. Prints what was done; fails when a call ends as it must not, when a record
 * is malformed, and when something never happened, because then the run proves nothing.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "oom_notify.h"

#define THREADS	    64
#define SHARED	    16 /* odd ones are of the critical device */
#define WAIT_MS	    20
#define FORK_ONE_IN 64

enum deed {
	OPEN,
	REPLACE,
	POLL,
	SELECT,
	EPOLL,
	READY,
	READ,
	RECORD,
	EINTRS,
	WRITE,
	ASYNC,
	SIGIOS,
	FEED,
	FORK,
	DEEDS
};

static const char *const deed_names[DEEDS] = {
	"open",	  "replace", "poll",  "select", "epoll", "ready", "read",
	"record", "eintr",   "write", "async",	"sigio", "feed",  "fork",
};

struct file {
	int fd;
	bool critical;
	bool shared;
	uint64_t sequence; /* of the last record read, on a file that nobody else reads */
};

static atomic_ulong done[DEEDS];
static atomic_bool ending;
static int shared_fd[SHARED];

static void did(enum deed deed)
{
	atomic_fetch_add(&done[deed], 1);
}

static void on_sigio(int signal)
{
	(void)signal;
	did(SIGIOS);
}

/* Only there to interrupt a call. */
static void on_kick(int signal)
{
	(void)signal;
}

static unsigned int pick(unsigned int *seed, unsigned int choices)
{
	return (unsigned int)rand_r(seed) % choices;
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static int open_device(bool critical, unsigned int *seed)
{
	int flags = O_CLOEXEC | (pick(seed, 2) ? O_RDWR : O_RDONLY) |
		    (pick(seed, 2) ? O_NONBLOCK : 0);
	int fd = open(critical ? "/dev/oom_notify_critical" : "/dev/oom_notify", flags);

	if (fd < 0)
		err(1, "open");
	did(OPEN);
	return fd;
}

/* The number stays open all the time, its file goes away under whoever is in a call on it. */
static void replace(struct file *f, unsigned int *seed)
{
	int fd = open_device(f->critical, seed);

	if (dup3(fd, f->fd, O_CLOEXEC) < 0)
		err(1, "dup3");
	close(fd);
	f->sequence = 0;
	did(REPLACE);
}

static void wait_by_poll(struct file *f, unsigned int *seed)
{
	static const short wanted[] = { POLLIN, POLLPRI, POLLIN | POLLPRI, POLLOUT };
	struct pollfd p = { .fd = f->fd, .events = wanted[pick(seed, 4)] };
	int n = poll(&p, 1, (int)pick(seed, WAIT_MS));

	if (n < 0 && errno != EINTR)
		err(1, "poll");
	if (n > 0 && (p.revents & ~p.events))
		errx(1, "poll for %#x gave %#x", (unsigned int)p.events, (unsigned int)p.revents);
	if (n > 0 && (p.revents & (POLLIN | POLLPRI)))
		did(READY);
	did(POLL);
}

static void wait_by_select(struct file *f, unsigned int *seed)
{
	struct timeval timeout = { .tv_usec = (suseconds_t)pick(seed, WAIT_MS * 1000) };
	fd_set readable, exceptional;

	FD_ZERO(&readable);
	FD_ZERO(&exceptional);
	FD_SET(f->fd, &readable);
	FD_SET(f->fd, &exceptional);
	if (select(f->fd + 1, &readable, NULL, &exceptional, &timeout) < 0 && errno != EINTR)
		err(1, "select");
	did(SELECT);
}

/* A shared file may be gone from the epoll set before the wait: it then waits in vain. */
static void wait_by_epoll(struct file *f, unsigned int *seed)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLPRI | (pick(seed, 2) ? EPOLLET : 0) };
	int epoll_fd = epoll_create1(EPOLL_CLOEXEC);

	if (epoll_fd < 0)
		err(1, "epoll_create1");
	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, f->fd, &e))
		err(1, "epoll_ctl");
	if (epoll_wait(epoll_fd, &e, 1, (int)pick(seed, WAIT_MS)) < 0 && errno != EINTR)
		err(1, "epoll_wait");
	close(epoll_fd);
	did(EPOLL);
}

static void check_record(struct file *f, const struct oom_notify_record *r)
{
	const uint32_t allowed = f->critical ? OOM_NOTIFY_OOM | OOM_NOTIFY_ALL_CLEAR :
					       OOM_NOTIFY_REASONS;

	if (r->size != sizeof(*r) || r->version != OOM_NOTIFY_VERSION)
		errx(1, "record of size %u, version %u", r->size, r->version);
	if (r->level > OOM_NOTIFY_CRITICAL || !r->reasons || r->node < -1)
		errx(1, "record of level %u, reasons %#x, node %d", r->level, r->reasons, r->node);
	if (r->reasons & ~allowed)
		errx(1, "reasons %#x of the %s device", r->reasons,
		     f->critical ? "critical" : "plain");
	if (r->event_ns > r->notified_ns || r->notified_ns > now_ns())
		errx(1, "fact at %llu, told at %llu", r->event_ns, r->notified_ns);
	if (!f->shared && r->sequence <= f->sequence)
		errx(1, "sequence %llu after %llu", r->sequence, (unsigned long long)f->sequence);
	f->sequence = r->sequence;
	did(RECORD);
}

static void read_records(struct file *f, unsigned int *seed)
{
	struct oom_notify_record records[OOM_NOTIFY_QUEUE];
	size_t room = pick(seed, sizeof(records));
	ssize_t got = read(f->fd, records, room);
	size_t i;

	did(READ);
	if (got < 0 && errno == EINTR)
		did(EINTRS);
	else if (got < 0 && errno == EINVAL && room < sizeof(records[0]))
		return;
	else if (got < 0 && errno != EAGAIN)
		err(1, "read");
	if (got == 0 || (got > 0 && (size_t)got % sizeof(records[0])))
		errx(1, "read() of %zu bytes gave %zd", room, got);
	for (i = 0; got > 0 && i < (size_t)got / sizeof(records[0]); i++)
		check_record(f, &records[i]);
}

/* EBADF: was opened for reading only. */
static void write_level(struct file *f, unsigned int *seed)
{
	static const char *const texts[] = {
		"none",	    "low all-clear", "some 70000 1000000", "some 1000 5000 all-clear",
		"nonsense",
	};
	const char *text = texts[pick(seed, 5)];

	if (write(f->fd, text, strlen(text) + 1) < 0 && errno != EBADF &&
	    (errno != EINVAL || text != texts[4]))
		err(1, "write of %s", text);
	did(WRITE);
}

static void toggle_async(struct file *f, unsigned int *seed)
{
	int flags = fcntl(f->fd, F_GETFL);

	flags = pick(seed, 3) ? flags | O_ASYNC : flags & ~O_ASYNC;
	if (fcntl(f->fd, F_SETOWN, getpid()) || fcntl(f->fd, F_SETFL, flags))
		err(1, "fcntl");
	did(ASYNC);
}

static void feed(unsigned int *seed)
{
	static const uint32_t reasons[] = { OOM_NOTIFY_SWAP_OUT, OOM_NOTIFY_LOW_WATERMARK,
					    OOM_NOTIFY_POOR_RECLAIM, OOM_NOTIFY_ALL_CLEAR };
	struct oom_notify_record record = {
		.size = sizeof(record),
		.version = OOM_NOTIFY_VERSION,
		.reasons = reasons[pick(seed, 4)],
		.node = -1,
		.event_ns = now_ns(),
	};
	int fd = open("/dev/oom_notify", O_CLOEXEC | (pick(seed, 2) ? O_RDWR : O_WRONLY));

	if (fd < 0)
		err(1, "open");
	if (record.reasons != OOM_NOTIFY_ALL_CLEAR)
		record.level = (uint16_t)pick(seed, OOM_NOTIFY_CRITICAL + 1);
	if (ioctl(fd, OOM_NOTIFY_IOC_FEED, &record))
		err(1, "feed of reasons %#x, level %u", record.reasons, record.level);
	close(fd);
	did(FEED);
}

/* Files that a child got and takes with it when it ends. */
static void fork_once(unsigned int *seed)
{
	pid_t child;

	if (pick(seed, FORK_ONE_IN))
		return;
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (child == 0)
		_exit(0);
	while (waitpid(child, NULL, 0) < 0)
		if (errno != EINTR)
			err(1, "waitpid");
	did(FORK);
}

static void act(struct file *f, unsigned int *seed)
{
	static void (*const acts[])(struct file *, unsigned int *) = {
		replace,      wait_by_poll, wait_by_select, wait_by_epoll,
		read_records, write_level,  toggle_async,
	};
	const unsigned int nr_acts = sizeof(acts) / sizeof(acts[0]);
	unsigned int i = pick(seed, nr_acts + 2);

	if (i < nr_acts)
		acts[i](f, seed);
	else if (i == nr_acts)
		feed(seed);
	else
		fork_once(seed);
}

static void *run(void *arg)
{
	unsigned int seed = *(const unsigned int *)arg;
	struct file own = { .critical = seed % 2 };

	own.fd = open_device(own.critical, &seed);
	while (!atomic_load(&ending)) {
		unsigned int i = pick(&seed, SHARED);
		struct file shared = { .fd = shared_fd[i], .critical = i % 2, .shared = true };

		act(pick(&seed, 2) ? &own : &shared, &seed);
	}
	close(own.fd);
	return NULL;
}

/* Blocking reads end by a signal, now and then while it runs and all of them at the end. */
static void join_all(const pthread_t *threads, unsigned int seconds)
{
	const struct timespec pause = { .tv_nsec = WAIT_MS * 1000000L };
	const uint64_t end = now_ns() + seconds * (uint64_t)1000000000;
	int i, joined = 0;

	while (joined < THREADS) {
		nanosleep(&pause, NULL);
		atomic_store(&ending, now_ns() >= end);
		for (i = joined; i < THREADS; i++)
			pthread_kill(threads[i], SIGUSR1);
		while (atomic_load(&ending) && joined < THREADS &&
		       !pthread_tryjoin_np(threads[joined], NULL))
			joined++;
	}
}

static int report(void)
{
	int i, missing = 0;

	for (i = 0; i < DEEDS; i++) {
		printf("%s %lu\n", deed_names[i], atomic_load(&done[i]));
		if (!atomic_load(&done[i])) {
			warnx("never happened: %s", deed_names[i]);
			missing = 1;
		}
	}
	return missing;
}

int main(int argc, char **argv)
{
	const struct sigaction kick = { .sa_handler = on_kick }, sigio = { .sa_handler = on_sigio };
	unsigned int seconds = argc == 2 ? (unsigned int)strtoul(argv[1], NULL, 10) : 0, seed = 1;
	unsigned int seeds[THREADS];
	pthread_t threads[THREADS];
	int i;

	if (!seconds)
		errx(2, "usage: stress SECONDS");
	sigaction(SIGUSR1, &kick, NULL);
	sigaction(SIGIO, &sigio, NULL);
	for (i = 0; i < SHARED; i++)
		shared_fd[i] = open_device(i % 2, &seed);
	for (i = 0; i < THREADS; i++) {
		seeds[i] = (unsigned int)i;
		errno = pthread_create(&threads[i], NULL, run, &seeds[i]);
		if (errno)
			err(1, "pthread_create");
	}
	join_all(threads, seconds);
	return report();
}
