// SPDX-License-Identifier: GPL-2.0-only
/*
 * Empty programs on the tracepoints of a swap storm: the least that watching one can cost. They
 * tell nothing.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "core/load_error.h"
#include "sources.h"
#include "swap_out.h"

#include "empty.skel.h"

static int attach_all(struct empty_bpf *skel)
{
	const struct bpf_program *const others[] = {
		skel->progs.memcg_begin,
		skel->progs.memcg_end,
		skel->progs.isolate,
		skel->progs.shrink_inactive,
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!bpf_program__attach(others[i]))
			return -errno;
	return swap_out_attach(skel->progs.swap_write) ? 0 : -errno;
}

static int setup(struct source_env *env, struct failure *why)
{
	struct empty_bpf *skel;
	int err;

	load_error_hush();
	skel = empty_bpf__open_and_load();
	snprintf(env->what, SOURCE_TEXT_LEN, "empty BPF programs on the tracepoints of a storm");
	if (!skel)
		return failure_set(why, errno, "empty programs cannot be loaded: %s",
				   strerror(errno));
	err = attach_all(skel);
	if (err)
		return failure_set(why, -err, "a tracepoint is missing: %s", strerror(-err));
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
