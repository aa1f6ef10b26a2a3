// SPDX-License-Identifier: GPL-2.0-only
/*
 * PSI triggers, of the machine and of the box's cgroup: at the shortest window that this process is
 * allowed, and at the shortest that any process is allowed. An unprivileged trigger's first event
 * comes at the first stall, however short; the rehearsal takes it, and what comes then is judged by
 * nobody.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "sources.h"
#include "box_files.h"

/* The kernel's shortest, and the shortest without CAP_SYS_RESOURCE; a hundredth as threshold. */
static const char *const triggers[] = { "some 5000 500000", "some 20000 2000000" };
static const char *const windows[] = {
	"5 ms of stall in 500 ms, the shortest window there is",
	"20 ms of stall in 2 s, the shortest window without CAP_SYS_RESOURCE",
};

enum { SHORTEST, ANYBODY, NR_TRIGGERS };

/* From @first on, which is with its NUL a part of it. */
static int write_trigger(struct source_env *env, const char *whose, size_t first,
			 struct failure *why)
{
	for (size_t i = first; i < NR_TRIGGERS; i++) {
		if (write(env->fd, triggers[i], strlen(triggers[i]) + 1) < 0)
			continue;
		snprintf(env->what, SOURCE_TEXT_LEN, "PSI trigger, %s: %s", whose, windows[i]);
		env->events = EPOLLPRI;
		return 0;
	}
	if (errno == EOPNOTSUPP)
		return failure_set(why, EOPNOTSUPP, "PSI is off: boot with psi=1");
	return failure_set(why, errno, "no PSI trigger is allowed here: %s", strerror(errno));
}

static int open_machine(struct source_env *env, size_t first, struct failure *why)
{
	env->fd = open("/proc/pressure/memory", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (env->fd < 0)
		return failure_set(why, errno, "/proc/pressure/memory: %s%s", strerror(errno),
				   errno == ENOENT ? ": a kernel with CONFIG_PSI has it" : "");
	return write_trigger(env, "the machine's", first, why);
}

static int open_cgroup(struct source_env *env, size_t first, struct failure *why)
{
	env->fd = box_files_open(env->cgroup, "memory.pressure", O_RDWR | O_NONBLOCK, why);
	return env->fd < 0 ? env->fd : write_trigger(env, "the box's cgroup's", first, why);
}

static int setup(struct source_env *env, struct failure *why)
{
	return open_machine(env, SHORTEST, why);
}

static int setup_cgroup(struct source_env *env, struct failure *why)
{
	char dir[PATH_MAX];
	int version = box_files_dir(env->cgroup, dir, why);

	snprintf(env->what, SOURCE_TEXT_LEN, "PSI trigger, the box's cgroup's");
	if (version < 0)
		return version;
	if (version == 1)
		return failure_set(
			why, ENOENT,
			"the box is on cgroup v1, and only v2 has pressure of a cgroup: boot "
			"with systemd.unified_cgroup_hierarchy=1");
	return open_cgroup(env, SHORTEST, why);
}

/* As a program in the box would: of its cgroup where there is such, else of the machine. */
static int open_own(struct source_env *env, size_t first, struct failure *why)
{
	char dir[PATH_MAX];
	const int version = box_files_dir(env->cgroup, dir, why);

	if (version < 0)
		return version;
	return version == 2 ? open_cgroup(env, first, why) : open_machine(env, first, why);
}

static int setup_own(struct source_env *env, struct failure *why)
{
	return open_own(env, SHORTEST, why);
}

static int setup_own_2s(struct source_env *env, struct failure *why)
{
	return open_own(env, ANYBODY, why);
}

/* Waiting for it took it. */
static uint64_t on_wake(struct source_env *env, uint64_t woken_ns)
{
	(void)env;
	return woken_ns;
}

const struct source source_psi = { .name = SOURCE_PSI, .setup = setup, .on_wake = on_wake };

const struct source source_psi_cgroup = {
	.name = "psi-cgroup",
	.setup = setup_cgroup,
	.on_wake = on_wake,
};

const struct source source_psi_own = { .name = "psi", .setup = setup_own, .on_wake = on_wake };

const struct source source_psi_own_2s = {
	.name = "psi-2s",
	.setup = setup_own_2s,
	.on_wake = on_wake,
};
