// SPDX-License-Identifier: GPL-2.0-only
/* Starts, reads and ends a program that works for a source. */
#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/process.h"
#include "common/clock.h"
#include "common/control_chars.h"
#include "common/program.h"
#include "lines.h"
#include "box_files.h"

/* It may have something to take down. */
#define END_NS (5 * NS_PER_S)

static _Noreturn void run(const char *const argv[], int out, pid_t parent)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	process_die_with(parent, SIGKILL);
	if (null < 0)
		_exit(127);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (dup2(fd == STDIN_FILENO ? null : out, fd) < 0)
			_exit(127);
	(void)signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(argv[0], (char *const *)argv);
	_exit(127);
}

int helper_start(struct source_env *env, const char *const argv[], struct failure *why)
{
	const pid_t self = getpid();
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		return failure_set(why, errno, "no pipe: %s", strerror(errno));
	(void)fcntl(fds[0], F_SETFL, O_NONBLOCK);
	env->fd = fds[0];
	env->events = EPOLLIN;
	env->helper = fork();
	if (!env->helper)
		run(argv, fds[1], self);
	close(fds[1]);
	if (env->helper < 0) {
		env->helper = 0;
		return failure_set(why, errno, "cannot start %s: %s", argv[0], strerror(errno));
	}
	return 0;
}

/* With what it said first, as far as a terminal may have it. */
static int ended(char *said, struct failure *why)
{
	said[strcspn(said, "\n")] = '\0';
	blank_controls(said);
	return failure_set(why, ECHILD, "it ended at once: %s", said[0] ? said : "without a word");
}

int helper_wait(const struct source_env *env, const char *text, uint64_t ns, struct failure *why)
{
	const uint64_t deadline_ns = now_ns() + ns;
	char said[4096] = "";
	size_t len = 0;

	for (;;) {
		struct pollfd p[] = {
			{ .fd = env->fd, .events = POLLIN },
			{ .fd = env->other_fd, .events = POLLIN },
		};
		const uint64_t now = now_ns();
		ssize_t n;

		if (now >= deadline_ns)
			return text ? failure_set(why, ETIMEDOUT, "it was not ready within %llu s",
						  (unsigned long long)(ns / NS_PER_S)) :
				      0;
		if (poll(p, 2, (int)((deadline_ns - now) / NS_PER_MS) + 1) <= 0)
			continue;
		if (p[1].revents)
			return failure_set(why, ECANCELED, "told to end while it was starting");
		if (len > sizeof(said) / 2)
			len = 0;
		n = read(env->fd, said + len, sizeof(said) - len - 1);
		if (n < 0)
			continue;
		said[len + (size_t)n] = '\0';
		if (!n)
			return ended(said, why);
		len += (size_t)n;
		if (text && strstr(said, text))
			return 0;
	}
}

int helper_trace(struct source_env *env, const char *const argv[], const char *package,
		 struct failure *why)
{
	int err;

	if (!program_installed(argv[0]))
		return failure_set(why, ENOENT, "it is not installed: apt-get install %s", package);
	err = tracefs_mount(why);
	return err ? err : helper_start(env, argv, why);
}

uint64_t helper_on_wake(struct source_env *env, uint64_t woken_ns)
{
	bool at_end;
	const uint64_t notified_ns = lines_read(env->fd, &at_end);

	(void)woken_ns;
	if (at_end)
		(void)failure_set(&env->broken, ECHILD, "the program has ended");
	return notified_ns;
}

bool helper_runs(struct source_env *env)
{
	siginfo_t si = { 0 };

	/* Not reaped: helper_stop() does that. */
	if (!waitid(P_PID, (id_t)env->helper, &si, WEXITED | WNOHANG | WNOWAIT) && !si.si_pid)
		return true;
	(void)failure_set(&env->broken, ECHILD, "the program has ended");
	return false;
}

void helper_stop(struct source_env *env)
{
	const uint64_t deadline_ns = now_ns() + END_NS;
	const struct timespec nap = { .tv_nsec = (long)(10 * NS_PER_MS) };

	if (!env->helper)
		return;
	(void)kill(env->helper, SIGTERM);
	while (!waitpid(env->helper, NULL, WNOHANG)) {
		if (now_ns() > deadline_ns)
			(void)kill(env->helper, SIGKILL);
		(void)clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, NULL);
	}
	env->helper = 0;
}
