// SPDX-License-Identifier: GPL-2.0-only
/* Starts processes, reads their lines, and leaves none behind. */
#include "proc.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/process.h"
#include "common/cleanup.h"
#include "placement.h"

#define PIPE_BYTES (1 << 20)
#define READ_BYTES 65536
/* For a box to be taken down, which frees a swap. */
#define KILL_NS (30 * NS_PER_S)

static _Noreturn void run_child(const char *const argv[], const struct proc_opts *opts, int out,
				int err, pid_t parent)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	process_die_with(parent, SIGTERM);
	if (null < 0)
		_exit(127);
	(void)setpgid(0, 0); /* ^C is for us, who then end this one */
	(void)run_on(opts->cpu);
	if (dup2(null, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(err, STDERR_FILENO) < 0)
		_exit(127);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(argv[0], (char *const *)argv);
	fprintf(stderr, "cannot run %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static int stream_open(struct stream *s, int *write_end)
{
	int fds[2];

	*s = (struct stream){ .fd = -1 };
	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	/* So that nobody need read while a measurement runs; a smaller one does as well. */
	(void)fcntl(fds[0], F_SETPIPE_SZ, PIPE_BYTES);
	(void)fcntl(fds[0], F_SETFL, O_NONBLOCK);
	s->fd = fds[0];
	*write_end = fds[1];
	return 0;
}

int proc_start(struct env *env, struct proc *p, const char *const argv[],
	       const struct proc_opts *opts)
{
	_cleanup_close_ int out = -1;
	_cleanup_close_ int err = -1;
	const pid_t self = getpid();

	*p = PROC_NONE;
	if (stream_open(&p->out, &out) || stream_open(&p->err, &err))
		return env_fail(env, "cannot make a pipe: %s", strerror(errno));
	p->pid = fork();
	if (!p->pid)
		run_child(argv, opts, out, err, self);
	if (p->pid < 0) {
		p->pid = 0;
		return env_fail(env, "cannot start %s: %s", argv[0], strerror(errno));
	}
	p->pidfd = pidfd_open(p->pid, 0);
	return p->pidfd < 0 ? env_fail(env, "pidfd_open: %s", strerror(errno)) : 0;
}

static void stream_read(struct stream *s)
{
	ssize_t n;

	while (s->fd >= 0) {
		if (s->next == s->len)
			s->next = s->len = 0;
		if (s->size - s->len < READ_BYTES) {
			char *buf = realloc(s->buf, s->size + 2 * READ_BYTES);

			if (!buf)
				return;
			s->buf = buf;
			s->size += 2 * READ_BYTES;
		}
		n = read(s->fd, s->buf + s->len, READ_BYTES);
		if (n < 0)
			return;
		if (n == 0) {
			close(s->fd);
			s->fd = -1;
		}
		s->len += (size_t)n;
	}
}

char *stream_next(struct stream *s)
{
	char *line = s->buf + s->next;
	char *end = s->len > s->next ? memchr(line, '\n', s->len - s->next) : NULL;

	if (!end)
		return NULL;
	*end = '\0';
	s->next = (size_t)(end - s->buf) + 1;
	return line;
}

void proc_drain(struct proc *p)
{
	stream_read(&p->out);
	stream_read(&p->err);
}

/* Waits for more to read, or the process' end. */
static int wait_more(struct env *env, struct proc *p, uint64_t deadline_ns)
{
	struct pollfd fds[] = {
		{ .fd = p->out.fd, .events = POLLIN },
		{ .fd = p->err.fd, .events = POLLIN },
		{ .fd = p->pidfd, .events = POLLIN },
	};
	int ret = env_poll(env, fds, 3, deadline_ns);

	proc_drain(p);
	return ret;
}

/* The last line of its own words, for a message. */
static const char *last_words(struct proc *p)
{
	const char *last = "it said nothing";
	char *line;

	while ((line = stream_next(&p->err)))
		last = line;
	return last;
}

int proc_wait_line(struct env *env, struct proc *p, struct stream *s, const char *text,
		   uint64_t timeout_ns, char **line)
{
	const uint64_t deadline_ns = now_ns() + timeout_ns;

	for (;;) {
		int ret;

		while ((*line = stream_next(s)))
			if (strstr(*line, text))
				return 0;
		if (s->fd < 0)
			return env_fail(env, "'%s' never came: %s", text, last_words(p));
		ret = wait_more(env, p, deadline_ns);
		if (ret < 0)
			return ret;
		if (ret == 0)
			return env_fail(env, "'%s' did not come in time", text);
	}
}

static void reap(struct proc *p, int *status)
{
	while (waitpid(p->pid, status, 0) < 0 && errno == EINTR)
		;
	p->pid = 0;
}

int proc_end(struct env *env, struct proc *p, int sig, uint64_t timeout_ns)
{
	const uint64_t deadline_ns = now_ns() + timeout_ns;
	int status = 0;

	if (sig && p->pid)
		(void)kill(p->pid, sig);
	while (p->out.fd >= 0 || p->err.fd >= 0) {
		int ret = wait_more(env, p, deadline_ns);

		if (ret < 0)
			return ret;
		if (ret == 0)
			return env_fail(env, "process %d did not end in time", (int)p->pid);
	}
	reap(p, &status);
	if (status)
		return env_fail(env, "process failed (status 0x%x): %s", (unsigned int)status,
				last_words(p));
	return 0;
}

void proc_free(struct proc *p)
{
	uint64_t deadline_ns = now_ns() + KILL_NS;
	struct pollfd end = { .fd = p->pidfd, .events = POLLIN };
	int status;

	if (p->pid) {
		(void)kill(p->pid, SIGTERM);
		while (end.fd >= 0 && !poll(&end, 1, 10) && now_ns() < deadline_ns)
			proc_drain(p);
		(void)kill(p->pid, SIGKILL); /* not reaped yet, so it is still this one */
		reap(p, &status);
	}
	cleanup_close(&p->pidfd);
	cleanup_close(&p->out.fd);
	cleanup_close(&p->err.fd);
	free(p->out.buf);
	free(p->err.buf);
	*p = PROC_NONE;
}
