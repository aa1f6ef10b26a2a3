// SPDX-License-Identifier: GPL-2.0-only
/* memory.pressure_level of the box's cgroup, on cgroup v1: an eventfd, from level low on. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "sources.h"
#include "box_files.h"

static int setup(struct source_env *env, struct failure *why)
{
	char dir[PATH_MAX], line[64];
	int version = box_files_dir(env->cgroup, dir, why), level, control, len;

	snprintf(env->what, SOURCE_TEXT_LEN, "vmpressure of the box's cgroup, level low");
	if (version < 0)
		return version;
	if (version == 2)
		return failure_set(
			why, ENOENT,
			"the box is on cgroup v2, and only v1 has memory.pressure_level");
	level = box_files_open(env->cgroup, "memory.pressure_level", O_RDONLY, why);
	if (level < 0)
		return level;
	control = box_files_open(env->cgroup, "cgroup.event_control", O_WRONLY, why);
	if (control < 0)
		return control;
	env->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	env->events = EPOLLIN;
	len = snprintf(line, sizeof(line), "%d %d low", env->fd, level);
	if (env->fd < 0 || write(control, line, (size_t)len) < 0)
		return failure_set(why, errno, "cgroup.event_control: %s", strerror(errno));
	close(control);
	return 0;
}

static uint64_t on_wake(struct source_env *env, uint64_t woken_ns)
{
	uint64_t count;

	return read(env->fd, &count, sizeof(count)) == sizeof(count) ? woken_ns : 0;
}

const struct source source_vmpressure = {
	.name = "vmpressure",
	.setup = setup,
	.on_wake = on_wake,
};
