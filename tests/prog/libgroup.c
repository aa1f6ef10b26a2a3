// SPDX-License-Identifier: GPL-2.0-only
/* Real memory cgroups for tests. */
#include "libgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "box/cgroup.h"
#include "common/file.h"
#include "box/name.h"
#include "box/retry.h"

/* Named as a box of `oom-notify pressure` is, which clears away what a killed test left. */
static struct cgroup top = CGROUP_INIT;

static void block_signals(int how, sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGCHLD);
	sigprocmask(how, set, NULL);
}

/* The exit code of the tests, which end when we are told to. */
static int wait_for(pid_t tests, const sigset_t *set)
{
	int status = 0;

	while (waitpid(tests, &status, WNOHANG) == 0) {
		siginfo_t info;

		if (sigwaitinfo(set, &info) >= 0 && info.si_signo != SIGCHLD)
			kill(tests, SIGKILL);
	}
	if (WIFSIGNALED(status))
		printf("the tests were ended by signal %d\n", WTERMSIG(status));
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}

int group_check_all(const struct check *checks, size_t n)
{
	char name[BOX_NAME_SIZE];
	struct box_name self;
	struct failure why;
	sigset_t set;
	pid_t tests;
	int rc;

	if (name_self(&self))
		return EXIT_FAILURE;
	name_format(&self, name);
	if (geteuid() || cgroup_create(&top, name, &why))
		check_skip_all("%s", geteuid() ? "making cgroups needs root" : why.text);
	block_signals(SIG_BLOCK, &set);
	tests = fork();
	if (!tests) {
		block_signals(SIG_UNBLOCK, &set);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		exit(check_all(checks, n));
	}
	rc = tests < 0 ? EXIT_FAILURE : wait_for(tests, &set);
	if (cgroup_remove(&top.mount, name, &why)) {
		printf("%s\n", why.text);
		rc = EXIT_FAILURE;
	}
	return rc;
}

struct group group_make(const struct group *parent, const char *name)
{
	struct group g = { .fd = -1 };
	int dir = parent ? parent->fd : top.fd;
	struct stat st = { 0 };

	(void)snprintf(g.path, sizeof(g.path), "%.3800s/%s", parent ? parent->path : top.path,
		       name);
	/* On v2 a cgroup's children have no memory of their own unless it says so. */
	if (top.mount.version == 2)
		EXPECT_EQ(file_write(dir, "cgroup.subtree_control", "+memory"), 0);
	EXPECT_EQ(mkdirat(dir, name, 0755), 0);
	g.fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	EXPECT_EQ(fstat(g.fd, &st), 0);
	g.id = st.st_ino;
	return g;
}

int group_rename(const struct group *g, const char *name)
{
	char now[64], from[PATH_MAX], to[PATH_MAX];
	ssize_t n;

	(void)snprintf(now, sizeof(now), "/proc/self/fd/%d", g->fd);
	n = readlink(now, from, sizeof(from) - 1);
	if (n < 0)
		return -errno;
	from[n] = '\0';
	(void)snprintf(to, sizeof(to), "%.*s/%s", (int)(strrchr(from, '/') - from), from, name);
	return rename(from, to) ? -errno : 0;
}

void group_remove(struct group *g)
{
	uint64_t deadline_ns = now_ns() + 2 * NS_PER_S;
	char dir[2 * PATH_MAX];
	const char *below = g->path + (strcmp(top.mount.root, "/") ? strlen(top.mount.root) : 0);

	close(g->fd);
	(void)snprintf(dir, sizeof(dir), "%s%s", top.mount.dir, below);
	/* A process that has ended may be in it for a moment longer. */
	while (rmdir(dir) && errno == EBUSY && retry_until(deadline_ns))
		;
	EXPECT(access(dir, F_OK));
}

void group_run(const struct group *g, void (*fn)(void *ctx), void *ctx)
{
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		int before = check_failures();

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		EXPECT_EQ(file_write(g->fd, "cgroup.procs", "0"), 0);
		fn(ctx);
		fflush(stdout);
		_exit(check_failures() > before ? EXIT_FAILURE : EXIT_SUCCESS);
	}
	EXPECT(pid > 0 && waitpid(pid, &status, 0) == pid);
	EXPECT_EQ(status, 0);
}
