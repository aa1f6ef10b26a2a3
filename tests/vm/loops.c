// SPDX-License-Identifier: GPL-2.0-only
/*
 * Event loops that wait for /dev/oom_notify as real ones do, until they are killed:
 *
 *   loops nested   an epoll set in another one, as when one library's loop runs in another's; reads
 *   loops late     the same, but whoever owns the inner set comes late to it
 *   loops edge     EPOLLET, and never reads
 *   loops oneshot  EPOLLONESHOT, reads and arms again
 *   loops poll     poll(), and never reads
 *
 * Each says "woken", or "nothing" when it came round in vain.
 */
#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

static int device;

static void say(bool woken)
{
	puts(woken ? "woken" : "nothing");
	fflush(stdout);
}

static int watch(int fd, uint32_t events)
{
	struct epoll_event e = { .events = events };
	int set = epoll_create1(EPOLL_CLOEXEC);

	if (set < 0 || epoll_ctl(set, EPOLL_CTL_ADD, fd, &e))
		err(1, "epoll");
	return set;
}

static bool wait_for(int set, int timeout_ms)
{
	struct epoll_event e;

	return epoll_wait(set, &e, 1, timeout_ms) == 1;
}

static bool take(void)
{
	char records[4096];

	return read(device, records, sizeof(records)) > 0;
}

static void nested(useconds_t late_us)
{
	int inner = watch(device, EPOLLIN), outer = watch(inner, EPOLLIN);

	while (wait_for(outer, -1)) {
		usleep(late_us);
		say(wait_for(inner, 0) && take());
	}
}

static void edge(void)
{
	int set = watch(device, EPOLLIN | EPOLLET);

	while (wait_for(set, -1))
		say(true);
}

static void oneshot(void)
{
	struct epoll_event again = { .events = EPOLLIN | EPOLLONESHOT };
	int set = watch(device, EPOLLIN | EPOLLONESHOT);

	while (wait_for(set, -1)) {
		say(take());
		if (epoll_ctl(set, EPOLL_CTL_MOD, device, &again))
			err(1, "epoll");
	}
}

static void by_poll(void)
{
	struct pollfd p = { .fd = device, .events = POLLIN };

	while (poll(&p, 1, -1) == 1)
		say(p.revents & POLLIN);
}

int main(int argc, char **argv)
{
	device = open("/dev/oom_notify", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (device < 0)
		err(1, "/dev/oom_notify");
	if (argc != 2)
		errx(2, "usage: loops nested | late | edge | oneshot | poll");
	if (!strcmp(argv[1], "nested"))
		nested(0);
	else if (!strcmp(argv[1], "late"))
		nested(50000);
	else if (!strcmp(argv[1], "edge"))
		edge();
	else if (!strcmp(argv[1], "oneshot"))
		oneshot();
	else
		by_poll();
	return 1;
}
