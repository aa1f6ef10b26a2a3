// SPDX-License-Identifier: GPL-2.0-only
/* The bare wake-up: an eventfd, with nothing behind it. No source can be earlier. */
#include "sources.h"

#include <sys/epoll.h>
#include <unistd.h>

static int setup(struct source_env *env, struct failure *why)
{
	(void)why;
	env->fd = env->bell_fd;
	env->events = EPOLLIN;
	return 0;
}

static uint64_t on_wake(struct source_env *env, uint64_t woken_ns)
{
	uint64_t count;

	return read(env->fd, &count, sizeof(count)) == sizeof(count) ? woken_ns : 0;
}

const struct source source_baseline = { .name = "floor", .setup = setup, .on_wake = on_wake };
