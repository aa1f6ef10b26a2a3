// SPDX-License-Identifier: GPL-2.0-only
/* An empty program on the swap-out tracepoint: the least that a hit can cost. It tells nothing. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "core/load_error.h"
#include "sources.h"
#include "swap_out.h"

#include "empty.skel.h"

static int setup(struct source_env *env, struct failure *why)
{
	struct empty_bpf *skel;

	load_error_hush();
	skel = empty_bpf__open_and_load();

	snprintf(env->what, SOURCE_TEXT_LEN, "an empty BPF program on the swap-out tracepoint");
	if (!skel)
		return failure_set(why, errno, "an empty program cannot be loaded: %s",
				   strerror(errno));
	if (!swap_out_attach(skel->progs.empty))
		return failure_set(why, errno, "no swap-out tracepoint: %s", strerror(errno));
	env->fd = eventfd(0, EFD_CLOEXEC);
	env->events = EPOLLIN;
	return env->fd < 0 ? failure_set(why, errno, "no eventfd: %s", strerror(errno)) : 0;
}

static uint64_t never(struct source_env *env, uint64_t woken_ns)
{
	(void)env;
	(void)woken_ns;
	return 0;
}

const struct source source_empty = { .name = "empty", .setup = setup, .on_wake = never };
