// SPDX-License-Identifier: GPL-2.0-only
/* The way out: never blocks, loses nothing of what it took, and says when it cannot go on. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sinks/output.h"

#define BUFFER 8192

static char path[64];

static void start(void)
{
	(void)signal(SIGPIPE, SIG_IGN);
}

static int temp_file(void)
{
	(void)snprintf(path, sizeof(path), "/tmp/test_output.XXXXXX");
	return mkstemp(path);
}

static void remove_temp_file(void)
{
	if (path[0])
		unlink(path);
}

TestSuite(output, .init = start, .fini = remove_temp_file, .timeout = 60);

/* Byte @i of what is written, with a period that no buffer's size has. */
static char byte_at(size_t i)
{
	return (char)('!' + i % 89);
}

/* Puts up to @len bytes of the pattern from @from on into the buffer; returns how many. */
static size_t fill(struct output *o, size_t from, size_t len)
{
	size_t room;
	char *to = output_reserve(o, &room);

	len = len < room ? len : room;
	for (size_t i = 0; i < len; i++)
		to[i] = byte_at(from + i);
	output_commit(o, len);
	return len;
}

/* Reads up to @len bytes, which must go on where the pattern was; returns how many. */
static size_t check_read(int fd, size_t from, size_t len)
{
	char buf[65536];
	ssize_t n = read(fd, buf, len < sizeof(buf) ? len : sizeof(buf));

	cr_assert_geq(n, 0, "read: %s", strerror(errno));
	for (size_t i = 0; i < (size_t)n; i++)
		cr_assert_eq(buf[i], byte_at(from + i), "byte %zu is wrong", from + i);
	return (size_t)n;
}

/* Writes @total bytes while the reader, @from, reads only when nothing more goes in. */
static void write_against_slow_reader(struct output *o, int from, size_t total, size_t line)
{
	size_t put = 0, seen = 0;
	unsigned int waits = 0;

	while (put < total) {
		size_t want = total - put < line ? total - put : line;

		put += fill(o, put, want);
		if (output_flush(o) != 1)
			continue;
		waits++;
		seen += check_read(from, seen, 10000);
	}
	cr_assert_gt(waits, 0, "it was never full");
	while (seen < total) {
		int ret = output_flush(o);

		cr_assert(ret == 0 || ret == 1, "%d", ret);
		seen += check_read(from, seen, 10000);
	}
	cr_assert_eq(output_flush(o), 0);
}

Test(output, pipe_full_and_nothing_lost)
{
	static const size_t lines[] = { 1000, BUFFER, 1 };
	int fds[2];

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct output *o;

		cr_assert_eq(pipe(fds), 0);
		o = output_open(fds[1], BUFFER);
		cr_assert_not_null(o);
		write_against_slow_reader(o, fds[0], lines[i] == 1 ? 100000 : 1000000, lines[i]);
		cr_assert_eq(output_close(o), 0);
		close(fds[1]);
		cr_assert_eq(check_read(fds[0], 0, 1), 0, "the pipe does not end");
		close(fds[0]);
	}
}

Test(output, socket_full_and_nothing_lost)
{
	struct output *o;
	int fds[2];

	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	o = output_open(fds[1], BUFFER);
	cr_assert_not_null(o);
	write_against_slow_reader(o, fds[0], 2000000, 3000);
	cr_assert_eq(output_close(o), 0);
	close(fds[0]);
	close(fds[1]);
}

/* Whoever shares the pipe or socket with us must not find it changed. */
Test(output, shared_file_stays_blocking)
{
	struct output *o;
	int fds[4];

	cr_assert_eq(pipe(fds), 0);
	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds + 2), 0);
	for (int i = 1; i < 4; i += 2) {
		o = output_open(fds[i], BUFFER);
		cr_assert_not_null(o);
		cr_assert_eq(fcntl(fds[i], F_GETFL) & O_NONBLOCK, 0);
		output_close(o);
		cr_assert_neq(fcntl(fds[i], F_GETFL), -1, "it closed what is not its own");
	}
}

Test(output, reader_gone)
{
	struct output *o;
	int fds[2];

	cr_assert_eq(pipe(fds), 0);
	o = output_open(fds[1], BUFFER);
	fill(o, 0, 100);
	cr_assert_eq(output_flush(o), 0);
	close(fds[0]);
	fill(o, 0, 100);
	cr_assert_eq(output_flush(o), -EPIPE);
	output_close(o);
	/* ... and when it was gone from the beginning. */
	o = output_open(fds[1], BUFFER);
	cr_assert_not_null(o);
	fill(o, 0, 100);
	cr_assert_eq(output_flush(o), -EPIPE);
	output_close(o);
}

Test(output, socket_reader_gone_without_a_signal)
{
	struct output *o;
	int fds[2];

	(void)signal(SIGPIPE, SIG_DFL);
	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	o = output_open(fds[1], BUFFER);
	close(fds[0]);
	fill(o, 0, 100);
	cr_assert_eq(output_flush(o), -EPIPE);
	output_close(o);
}

Test(output, device_full)
{
	int fd = open("/dev/full", O_WRONLY);
	struct output *o;

	if (fd < 0)
		cr_skip_test("no /dev/full");
	o = output_open(fd, BUFFER);
	cr_assert_not_null(o);
	cr_assert_eq(output_flush(o), 0, "nothing to write is no error");
	fill(o, 0, 100);
	cr_assert_eq(output_flush(o), -ENOSPC);
	output_close(o);
}

/* Writes @total bytes as `watch` does: waits for room when told to. */
static int write_all(struct output *o, size_t total)
{
	int ret = 0;

	for (size_t put = 0; put < total;) {
		put += fill(o, put, total - put);
		while ((ret = output_flush(o)) == 1) {
			struct pollfd p = { .fd = output_fd(o), .events = POLLOUT };

			cr_assert_eq(poll(&p, 1, 10000), 1, "there is never room");
		}
		if (ret < 0)
			break;
	}
	return ret;
}

/* All is in the file when close returns, behind what was there, and no child is left. */
Test(output, regular_file_is_complete)
{
	const size_t total = 3000000;
	int fd = temp_file();
	struct output *o;
	struct stat st;

	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, "abc", 3), 3);
	o = output_open(fd, BUFFER);
	cr_assert_not_null(o);
	cr_assert_eq(write_all(o, total), 0);
	cr_assert_eq(output_close(o), 0);
	cr_assert_eq(waitpid(-1, NULL, 0), -1);
	cr_assert_eq(errno, ECHILD);
	cr_assert_eq(fstat(fd, &st), 0);
	cr_assert_eq(st.st_size, 3 + (off_t)total);
	cr_assert_eq(lseek(fd, 3, SEEK_SET), 3);
	for (size_t seen = 0; seen < total;) {
		size_t n = check_read(fd, seen, total);

		cr_assert_gt(n, 0);
		seen += n;
	}
	close(fd);
}

/* A file that takes no more, as on a full disk: told at the latest by close. */
Test(output, regular_file_full)
{
	struct rlimit limit = { .rlim_cur = 10000, .rlim_max = RLIM_INFINITY };
	int fd = temp_file(), ret;
	struct output *o;

	cr_assert_geq(fd, 0);
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = 10000;
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	o = output_open(fd, BUFFER);
	cr_assert_not_null(o);
	ret = write_all(o, 4000000);
	cr_assert_eq(ret, -EPIPE, "%d", ret);
	cr_assert_eq(output_close(o), -EFBIG);
	close(fd);
}

static pid_t only_child(void)
{
	FILE *f = fopen("/proc/thread-self/children", "r");
	int pid = 0;

	if (!f)
		return 0;
	if (fscanf(f, "%d", &pid) != 1)
		pid = 0;
	(void)fclose(f);
	return pid;
}

/* The helper is a process as others are: the OOM killer may take it, with what it held. */
Test(output, helper_killed)
{
	int fd = temp_file(), ret;
	struct output *o = output_open(fd, BUFFER);
	pid_t helper = only_child();

	cr_assert_not_null(o);
	if (!helper)
		cr_skip_test("this kernel does not list a process's children");
	cr_assert_eq(kill(helper, SIGSTOP), 0);
	cr_assert_eq(waitpid(helper, NULL, WUNTRACED), helper);
	fill(o, 0, 100);
	cr_assert_eq(output_flush(o), 0);
	cr_assert_eq(kill(helper, SIGKILL), 0);
	ret = output_close(o);
	cr_assert_eq(ret, -ECHILD, "100 bytes were lost and close says %d", ret);
	close(fd);
}

Test(output, what_was_never_flushed_is_an_error)
{
	struct output *o;
	int fds[2];

	cr_assert_eq(pipe(fds), 0);
	o = output_open(fds[1], BUFFER);
	fill(o, 0, 1);
	cr_assert_eq(output_close(o), -EAGAIN);
}

Test(output, nothing_and_nowhere)
{
	cr_assert_eq(output_close(NULL), 0);
	cr_assert_null(output_open(-1, BUFFER));
	cr_assert_eq(errno, EBADF);
	cr_assert_null(output_open(1000, BUFFER));
	cr_assert_eq(errno, EBADF);
}

/* The whole buffer can be had, never more, and room comes back once more than half is written. */
Test(output, room_in_the_buffer)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE), size = 3 * page;
	size_t room, put, seen = 0;
	struct output *o;
	int fds[2];

	cr_assert_eq(pipe(fds), 0);
	cr_assert_eq(fcntl(fds[1], F_SETPIPE_SZ, page), (int)page);
	o = output_open(fds[1], size);
	output_reserve(o, &room);
	cr_assert_eq(room, size);
	put = fill(o, 0, 2 * size);
	cr_assert_eq(put, size);
	output_reserve(o, &room);
	cr_assert_eq(room, 0);
	cr_assert_eq(output_flush(o), 1);
	seen += check_read(fds[0], seen, page);
	cr_assert_eq(output_flush(o), 1, "two of three pages are written");
	put += fill(o, put, 2 * page);
	cr_assert_eq(put, size + 2 * page);
	while (seen < put) {
		seen += check_read(fds[0], seen, page);
		output_flush(o);
	}
	cr_assert_eq(output_close(o), 0);
	close(fds[1]);
	cr_assert_eq(check_read(fds[0], 0, 1), 0, "more came out than went in");
}

static int open_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	cr_assert_not_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

Test(output, leaves_no_file_open)
{
	int fds[5], before;

	cr_assert_eq(pipe(fds), 0);
	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds + 2), 0);
	fds[4] = temp_file();
	before = open_fds();
	for (int i = 1; i < 5; i += i == 1 ? 2 : 1)
		output_close(output_open(fds[i], BUFFER));
	cr_assert_eq(open_fds(), before);
}
