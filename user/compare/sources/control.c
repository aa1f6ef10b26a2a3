// SPDX-License-Identifier: GPL-2.0-only
/*
 * The controls: a program that is never notified, and one that the load itself tells how much must
 * go.
 */
#include <stdio.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "common/clock.h"
#include "sources.h"

static int setup(struct source_env *env, struct failure *why)
{
	(void)why;
	env->fd = env->bell_fd;
	env->events = EPOLLIN;
	return 0;
}

static int setup_deaf(struct source_env *env, struct failure *why)
{
	snprintf(env->what, SOURCE_TEXT_LEN, "control: is never told");
	return setup(env, why);
}

static int setup_foretold(struct source_env *env, struct failure *why)
{
	snprintf(env->what, SOURCE_TEXT_LEN,
		 "control: the load tells, %d %% of the limit before it is met",
		 SOURCE_FORETELL_PERCENT);
	return setup(env, why);
}

static uint64_t never(struct source_env *env, uint64_t woken_ns)
{
	(void)env;
	(void)woken_ns;
	return 0;
}

static uint64_t on_bell(struct source_env *env, uint64_t woken_ns)
{
	(void)woken_ns;
	if (read(env->fd, &env->to_free_bytes, sizeof(env->to_free_bytes)) < 0)
		return 0;
	return now_ns();
}

const struct source source_deaf = {
	.name = SOURCE_DEAF,
	.setup = setup_deaf,
	.on_wake = never,
};

const struct source source_foretold = {
	.name = SOURCE_FORETOLD,
	.setup = setup_foretold,
	.on_wake = on_bell,
};
