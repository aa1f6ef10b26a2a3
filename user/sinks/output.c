// SPDX-License-Identifier: GPL-2.0-only
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/log.h"

struct output {
	int fd;
	bool own_fd;
	bool is_socket;
	bool line_shown; /* see output_show_line() */
	pid_t helper;	 /* 0: none */
	size_t size;
	size_t start; /* of what is not yet written */
	size_t end;
	char buf[];
};

/* Copies the pipe to the file until the pipe ends. Exit status 1: the file took no more. */
static void helper_main(int from, int to)
{
	char buf[65536];
	sigset_t all;
	ssize_t n, done, w;

	/* Ctrl-C is the loader's; we end after its last line. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	while ((n = read(from, buf, sizeof(buf))) > 0) {
		for (done = 0; done < n; done += w) {
			w = write(to, buf + done, (size_t)(n - done));
			if (w < 0)
				_exit(errno & 0x7f);
		}
	}
	_exit(0);
}

static int start_helper(struct output *o, int file)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	o->helper = fork();
	if (o->helper == 0) {
		close(fds[1]);
		helper_main(fds[0], file);
	}
	close(fds[0]);
	if (o->helper < 0) {
		o->helper = 0;
		close(fds[1]);
		return -errno;
	}
	fcntl(fds[1], F_SETPIPE_SZ, 1 << 20); /* the default does as well */
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	o->fd = fds[1];
	o->own_fd = true;
	return 0;
}

/*
 * Non-blocking is a property of the open file, which we share with our parent and others: so open
 * it again for ourselves.
 */
static void reopen(struct output *o, int fd)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	o->fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	o->own_fd = o->fd >= 0;
	if (!o->own_fd)
		o->fd = fd;
}

struct output *output_open(int fd, size_t buffer_bytes)
{
	struct output *o = malloc(sizeof(*o) + buffer_bytes);
	struct stat st;
	int err = 0;

	if (!o)
		return NULL;
	memset(o, 0, sizeof(*o));
	o->size = buffer_bytes;
	o->fd = fd;
	if (fstat(fd, &st))
		err = -errno;
	else if ((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY)
		err = -EBADF;
	else if (S_ISREG(st.st_mode))
		err = start_helper(o, fd);
	else if (S_ISSOCK(st.st_mode))
		o->is_socket = true;
	else
		reopen(o, fd);
	if (!err)
		return o;
	free(o);
	errno = -err;
	return NULL;
}

int output_close(struct output *o)
{
	int status = 0, err = 0;

	if (!o)
		return 0;
	if (o->end > o->start)
		err = -EAGAIN;
	if (o->own_fd)
		close(o->fd);
	if (o->helper) {
		while (waitpid(o->helper, &status, 0) < 0 && errno == EINTR)
			;
		if (!WIFEXITED(status))
			err = -ECHILD; /* killed, and what it held is lost */
		else if (WEXITSTATUS(status))
			err = -WEXITSTATUS(status);
	}
	free(o);
	return err;
}

int output_fd(const struct output *o)
{
	return o->fd;
}

/* To the beginning of the terminal's line, and erase it. */
static const char erase[] = { '\r', '\033', '[', 'K' };

/* Moves waiting bytes to the front of the buffer if that makes much room. */
static void make_room(struct output *o)
{
	if (o->start == o->end) {
		o->start = o->end = 0;
	} else if (o->start > o->size / 2) {
		memmove(o->buf, o->buf + o->start, o->end - o->start);
		o->end -= o->start;
		o->start = 0;
	}
}

char *output_reserve(struct output *o, size_t *size)
{
	make_room(o);
	if (o->line_shown && o->size - o->end >= sizeof(erase)) {
		memcpy(o->buf + o->end, erase, sizeof(erase));
		o->end += sizeof(erase);
		o->line_shown = false;
	}
	*size = o->size - o->end;
	return o->buf + o->end;
}

void output_show_line(struct output *o, const char *line)
{
	size_t len = strlen(line), room;
	char *to;

	if (output_flush(o))
		return;
	to = output_reserve(o, &room);
	if (len > room)
		return;
	memcpy(to, line, len);
	output_commit(o, len);
	o->line_shown = true;
	output_flush(o);
}

void output_clear_line(struct output *o)
{
	size_t room;

	if (!o->line_shown)
		return;
	output_reserve(o, &room);
	output_flush(o);
}

void output_commit(struct output *o, size_t len)
{
	o->end += len;
}

static ssize_t write_some(const struct output *o)
{
	const char *from = o->buf + o->start;
	size_t len = o->end - o->start;

	struct pollfd room = { .fd = o->fd, .events = POLLOUT };

	if (o->is_socket)
		return send(o->fd, from, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	/* A terminal of another user's (after su) cannot be opened again, and may block. */
	if (!o->own_fd && poll(&room, 1, 0) == 0) {
		errno = EAGAIN;
		return -1;
	}
	return write(o->fd, from, len);
}

int output_flush(struct output *o)
{
	while (o->start < o->end) {
		ssize_t n = write_some(o);

		if (n >= 0)
			o->start += (size_t)n;
		else if (errno == EAGAIN)
			return 1;
		else if (errno != EINTR)
			return -errno;
	}
	return 0;
}

int output_exit_code(int err)
{
	if (err == -EPIPE)
		return EXIT_OK;
	if (err == -EAGAIN)
		log_err("the reader of the output stopped reading: the summary is incomplete");
	else if (err == -ECHILD)
		log_err("the process that writes standard output to its file was killed (by the "
			"OOM "
			"killer? the kernel's log tells): the end of the output is lost");
	else if (err)
		log_err("cannot write to standard output: %s", strerror(-err));
	return err ? EXIT_FAIL : EXIT_OK;
}
