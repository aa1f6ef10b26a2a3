// SPDX-License-Identifier: GPL-2.0-only
/* Tells every hit at once, by a record and a forced wake-up, to show what that costs. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>

#include "core/load_error.h"
#include "sources.h"
#include "swap_out.h"

#include "wake.skel.h"

static struct wake_bpf *skel;
static struct ring_buffer *ring;

static int ignore(void *ctx, void *data, size_t size)
{
	(void)ctx;
	(void)data;
	(void)size;
	return 0;
}

static int setup(struct source_env *env, struct failure *why)
{
	snprintf(env->what, SOURCE_TEXT_LEN, "BPF ring buffer, a record and a wake-up a hit");
	load_error_hush();
	skel = wake_bpf__open_and_load();
	if (!skel)
		return failure_set(why, errno, "its program cannot be loaded: %s", strerror(errno));
	ring = ring_buffer__new(bpf_map__fd(skel->maps.ring), ignore, NULL, NULL);
	if (!ring)
		return failure_set(why, errno, "the ring cannot be mapped: %s", strerror(errno));
	if (!swap_out_attach(skel->progs.wake))
		return failure_set(why, errno, "no swap-out tracepoint: %s", strerror(errno));
	env->fd = ring_buffer__epoll_fd(ring);
	env->events = EPOLLIN;
	return 0;
}

static uint64_t on_wake(struct source_env *env, uint64_t woken_ns)
{
	ring_buffer__consume(ring);
	atomic_store(env->dropped, skel->bss->dropped);
	return woken_ns;
}

const struct source source_wake = { .name = "wake", .setup = setup, .on_wake = on_wake };
