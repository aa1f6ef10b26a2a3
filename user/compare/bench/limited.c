// SPDX-License-Identifier: GPL-2.0-only
/* Makes cgroups with a limit, and processes that hold memory in some of them. */
#include "limited.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "box/box.h"
#include "box/cgroup.h"
#include "common/file.h"
#include "common/process.h"
#include "common/cleanup.h"

#define HOLD_NS (30 * NS_PER_S)

static struct cgroup top = { .fd = -1 };
static pid_t holders[LIMITED_MAX_HOLDERS];
static unsigned int nr_holders;

static int make_top(struct env *env)
{
	struct failure why = { "" };
	struct box_name self;
	char name[BOX_NAME_SIZE];
	int err = name_self(&self);

	if (err)
		return env_fail(env, "cannot name a cgroup: %s", strerror(-err));
	(void)box_clean_stale(&(unsigned int){ 0 }, &why);
	name_format(&self, name);
	if (cgroup_create(&top, name, &why))
		return env_fail(env, "%.150s", why.text);
	if (top.mount.version == 2 && file_write(top.fd, "cgroup.subtree_control", "+memory"))
		return env_fail(env, "cannot hand down memory in %s", name);
	return 0;
}

static int make_one(struct env *env, unsigned int i, uint64_t limit_bytes)
{
	const char *const file = top.mount.version == 2 ? "memory.max" : "memory.limit_in_bytes";
	_cleanup_close_ int fd = -1;
	char name[16];
	int err;

	snprintf(name, sizeof(name), "%u", i);
	if (mkdirat(top.fd, name, 0755))
		return env_fail(env, "cannot make cgroup %s/%s: %s", top.path, name,
				strerror(errno));
	fd = openat(top.fd, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	err = fd < 0 ? -errno : file_write_u64(fd, file, limit_bytes);
	return err ? env_fail(env, "cannot limit cgroup %s/%s: %s", top.path, name,
			      strerror(-err)) :
		     0;
}

static _Noreturn void hold(unsigned int i, uint64_t bytes, int told_fd, pid_t parent)
{
	char procs[32];

	process_die_with(parent, SIGKILL);
	snprintf(procs, sizeof(procs), "%u/cgroup.procs", i);
	if (file_write(top.fd, procs, "0") ||
	    mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE,
		 -1, 0) == MAP_FAILED ||
	    write(told_fd, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static int start_holder(struct env *env, const struct limited_args *args, int told_fd)
{
	const pid_t self = getpid();
	const pid_t pid = fork();

	if (!pid)
		hold(nr_holders, args->held_bytes, told_fd, self);
	if (pid < 0)
		return env_fail(env, "fork: %s", strerror(errno));
	holders[nr_holders++] = pid;
	return 0;
}

/* Each writes a byte when it holds all; the last one's end shows when all have ended instead. */
static int wait_held(struct env *env, int fd, unsigned int n)
{
	const uint64_t deadline_ns = now_ns() + HOLD_NS;
	char byte;

	for (unsigned int i = 0; i < n;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int ret = env_poll(env, &p, 1, deadline_ns);

		if (ret < 0)
			return ret;
		if (!ret)
			return env_fail(env, "memory was not held in time");
		if (!p.revents)
			continue;
		if (read(fd, &byte, 1) != 1)
			return env_fail(env, "memory cannot be held in a cgroup");
		i++;
	}
	return 0;
}

static int start_holders(struct env *env, const struct limited_args *args)
{
	_cleanup_close_ int in = -1;
	_cleanup_close_ int out = -1;
	int fds[2], err = 0;

	if (box_available_bytes() / 2 < args->holders * args->held_bytes)
		return env_fail(env, "half of what is available is less than the %u MB to be held",
				(unsigned int)(args->holders * args->held_bytes >> 20));
	if (pipe2(fds, O_CLOEXEC))
		return env_fail(env, "cannot make a pipe: %s", strerror(errno));
	in = fds[0];
	out = fds[1];
	while (!err && nr_holders < args->holders && nr_holders < LIMITED_MAX_HOLDERS)
		err = start_holder(env, args, out);
	cleanup_close(&out);
	return err ? err : wait_held(env, in, nr_holders);
}

int limited_make(struct env *env, const struct limited_args *args)
{
	int err = make_top(env);

	for (unsigned int i = 0; !err && i < args->cgroups; i++)
		err = make_one(env, i, args->limit_bytes);
	return err || !args->holders ? err : start_holders(env, args);
}

void limited_remove(void)
{
	struct failure why = { "" };

	while (nr_holders) {
		(void)kill(holders[--nr_holders], SIGKILL);
		(void)waitpid(holders[nr_holders], NULL, 0);
	}
	if (top.name[0] && cgroup_remove(&top.mount, top.name, &why))
		fprintf(stderr, "bench: %s\n", why.text);
	cleanup_close(&top.fd);
	top = CGROUP_INIT;
}
