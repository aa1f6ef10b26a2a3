// SPDX-License-Identifier: GPL-2.0-only
/*
 * libsystemd's own memory pressure source, in its own event loop, on what it takes by default: the
 * pressure of the cgroup that the caller is in, or the machine's where that cannot be had. The
 * library is found when it is asked for, because it is not needed for anything else.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "common/file.h"
#include "common/clock.h"
#include "sources.h"
#include "box_files.h"

struct sd_event;
struct sd_event_source;
typedef int (*handler_fn)(struct sd_event_source *s, void *arg);

typedef int (*io_handler_fn)(struct sd_event_source *s, int fd, uint32_t revents, void *arg);

static struct {
	int (*new)(struct sd_event **event);
	int (*run)(struct sd_event *event, uint64_t timeout_us);
	int (*add_io)(struct sd_event *event, struct sd_event_source **s, int fd, uint32_t events,
		      io_handler_fn handler, void *arg);
	int (*add_memory_pressure)(struct sd_event *event, struct sd_event_source **s,
				   handler_fn handler, void *arg);
	struct sd_event *event;
	uint64_t notified_ns;
	bool other;
} sd;

static int on_pressure(struct sd_event_source *s, void *arg)
{
	(void)s;
	(void)arg;
	sd.notified_ns = now_ns();
	return 0;
}

static int on_other(struct sd_event_source *s, int fd, uint32_t revents, void *arg)
{
	(void)s;
	(void)fd;
	(void)revents;
	(void)arg;
	sd.other = true;
	return 0;
}

/* POSIX has it that a function's address fits into a void *. */
static int find_symbol(void *library, const char *name, void *fn)
{
	void *symbol = dlsym(library, name);

	memcpy(fn, &symbol, sizeof(symbol));
	return symbol ? 0 : -ENOENT;
}

static int find_all(struct failure *why)
{
	void *library = dlopen("libsystemd.so.0", RTLD_NOW);

	if (!library)
		return failure_set(why, ENOENT, "libsystemd.so.0 is not installed");
	if (find_symbol(library, "sd_event_new", &sd.new) ||
	    find_symbol(library, "sd_event_run", &sd.run) ||
	    find_symbol(library, "sd_event_add_io", &sd.add_io))
		return failure_set(why, ENOENT, "this libsystemd.so.0 has no event loop");
	if (find_symbol(library, "sd_event_add_memory_pressure", &sd.add_memory_pressure))
		return failure_set(
			why, ENOENT,
			"this libsystemd is older than 254 and has no memory pressure source");
	return 0;
}

/* "0" stands for the writer: into the cgroup of this file's directory. */
static int join(const char *dir)
{
	char path[PATH_MAX + 16];

	snprintf(path, sizeof(path), "%s/cgroup.procs", dir);
	return file_write(AT_FDCWD, path, "0");
}

/*
 * In the box, so that its cgroup is what is watched, as that of a service would be; and out again.
 */
static int add_in_box(struct source_env *env, struct failure *why)
{
	char dir[PATH_MAX], back[PATH_MAX];
	char *name;
	int version = box_files_dir(env->cgroup, dir, why), err;

	if (version < 0)
		return version;
	if (version == 2 && join(dir))
		return failure_set(why, EPERM, "cannot enter the box");
	err = sd.add_memory_pressure(sd.event, NULL, on_pressure, NULL);
	memcpy(back, dir, sizeof(back));
	name = strrchr(back, '/');
	if (name)
		*name = '\0';
	if (version == 2 && join(back))
		return failure_set(why, EPERM, "cannot leave the box");
	snprintf(env->what, SOURCE_TEXT_LEN,
		 "sd_event_add_memory_pressure() of libsystemd, 200 ms of stall in 2 s, %s",
		 version == 2 ? "of a service's own cgroup: the box" : "of the machine");
	return err < 0 ?
		       failure_set(why, -err, "sd_event_add_memory_pressure: %s", strerror(-err)) :
		       0;
}

static int setup(struct source_env *env, struct failure *why)
{
	int err;

	snprintf(env->what, SOURCE_TEXT_LEN, "sd_event_add_memory_pressure() of libsystemd");
	(void)unsetenv("MEMORY_PRESSURE_WATCH");
	err = find_all(why);
	if (err)
		return err;
	err = sd.new(&sd.event);
	if (err >= 0)
		err = sd.add_io(sd.event, NULL, env->other_fd, EPOLLIN, on_other, NULL);
	if (err < 0)
		return failure_set(why, -err, "sd_event_new: %s", strerror(-err));
	err = add_in_box(env, why);
	if (err)
		return err;
	env->events = EPOLLIN;
	/* Its trigger is written at the first turn of the loop. */
	err = sd.run(sd.event, 0);
	return err < 0 ? failure_set(why, -err, "sd_event_run: %s", strerror(-err)) : 0;
}

/*
 * In its own loop: epoll on its epoll would ask the trigger whether it has fired, and a PSI trigger
 * tells that once. The loop would then find nothing.
 */
static bool wait(struct source_env *env)
{
	int ret;

	sd.notified_ns = 0;
	sd.other = false;
	ret = sd.run(sd.event, UINT64_MAX);
	if (ret < 0)
		(void)failure_set(&env->broken, -ret, "sd-event: %s", strerror(-ret));
	return sd.other;
}

static uint64_t on_wake(struct source_env *env, uint64_t woken_ns)
{
	(void)env;
	(void)woken_ns;
	return sd.notified_ns;
}

const struct source source_sdevent = {
	.name = "sd-event",
	.setup = setup,
	.wait = wait,
	.on_wake = on_wake,
};
