// SPDX-License-Identifier: GPL-2.0-only
/* memory.events of the box's cgroup, on cgroup v2: notified when a counter in it has changed. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "common/clock.h"
#include "sources.h"
#include "box_files.h"

static int setup(struct source_env *env, struct failure *why)
{
	char dir[PATH_MAX], text[512];
	int version = box_files_dir(env->cgroup, dir, why);

	snprintf(env->what, SOURCE_TEXT_LEN, "memory.events of the box's cgroup");
	if (version < 0)
		return version;
	if (version == 1)
		return failure_set(
			why, ENOENT,
			"the box is on cgroup v1, and only v2 has memory.events: boot with "
			"systemd.unified_cgroup_hierarchy=1");
	env->fd = box_files_open(env->cgroup, "memory.events", O_RDONLY, why);
	env->events = EPOLLPRI;
	if (env->fd < 0)
		return env->fd;
	/* Counts that are there by now are no news. */
	return pread(env->fd, text, sizeof(text), 0) < 0 ? -errno : 0;
}

static uint64_t on_wake(struct source_env *env, uint64_t woken_ns)
{
	char text[512];

	(void)woken_ns;
	return pread(env->fd, text, sizeof(text), 0) > 0 ? now_ns() : 0;
}

const struct source source_memory_events = {
	.name = "memory.events",
	.setup = setup,
	.on_wake = on_wake,
};
