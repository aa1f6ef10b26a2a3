// SPDX-License-Identifier: GPL-2.0-only
/* trace_pipe of a tracefs instance of our own, read as `cat` does. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "box/name.h"
#include "lines.h"
#include "sources.h"
#include "box_files.h"

#define INSTANCES TRACEFS_DIR "/instances"

static char instance[PATH_MAX];

static int set(const char *file, const char *value)
{
	char path[PATH_MAX + 96];

	snprintf(path, sizeof(path), "%s/%s", instance, file);
	return file_write(AT_FDCWD, path, value);
}

/* Removes what killed runs left. */
static void remove_stale(const struct box_name *self)
{
	DIR *dir = opendir(INSTANCES);
	struct dirent *e;

	while (dir && (e = readdir(dir))) {
		struct box_name name;

		if (name_parse(e->d_name, &name) && name_is_stale(&name, self))
			(void)unlinkat(dirfd(dir), e->d_name, AT_REMOVEDIR);
	}
	if (dir)
		closedir(dir);
}

static int make_instance(struct failure *why)
{
	struct box_name self;
	char name[BOX_NAME_SIZE];
	int err = name_self(&self);

	if (err)
		return failure_set(why, -err, "cannot read our own /proc/PID");
	remove_stale(&self);
	name_format(&self, name);
	snprintf(instance, sizeof(instance), INSTANCES "/%s", name);
	if (!mkdir(instance, 0700))
		return 0;
	err = errno;
	instance[0] = '\0';
	return failure_set(why, err, "no tracefs instance can be made: %s", strerror(err));
}

static int enable(struct failure *why)
{
	int err;

	/*
	 * Or it would be notified only when half of the buffer is full; older kernels know no other
	 * way.
	 */
	(void)set("buffer_percent", "0");
	err = set("events/vmscan/mm_vmscan_memcg_reclaim_begin/enable", "1");
	if (!err)
		err = set("events/vmscan/mm_vmscan_direct_reclaim_begin/enable", "1");
	return err ? failure_set(why, -err, "events/vmscan: %s", strerror(-err)) : 0;
}

static int setup(struct source_env *env, struct failure *why)
{
	char path[PATH_MAX + 16];
	int err = tracefs_mount(why);

	snprintf(env->what, SOURCE_TEXT_LEN, "trace_pipe of tracefs, a line for each reclaim");
	if (!err)
		err = make_instance(why);
	if (!err)
		err = enable(why);
	if (err)
		return err;
	snprintf(path, sizeof(path), "%s/trace_pipe", instance);
	env->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	env->events = EPOLLIN;
	return env->fd < 0 ? failure_set(why, errno, "trace_pipe: %s", strerror(errno)) : 0;
}

static uint64_t on_wake(struct source_env *env, uint64_t woken_ns)
{
	bool ended;

	(void)woken_ns;
	return lines_read(env->fd, &ended);
}

/* A busy instance cannot be removed. */
static void teardown(struct source_env *env)
{
	if (!instance[0])
		return;
	if (env->fd >= 0)
		close(env->fd);
	(void)set("events/enable", "0");
	(void)rmdir(instance);
}

const struct source source_trace_pipe = {
	.name = "trace_pipe",
	.setup = setup,
	.on_wake = on_wake,
	.teardown = teardown,
};
