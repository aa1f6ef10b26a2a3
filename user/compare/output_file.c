// SPDX-License-Identifier: GPL-2.0-only
/* Opens without emptying, so that an earlier result is lost only to a new one. */
#include "output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int output_file_open(struct output_file *out, const char *path)
{
	*out = (struct output_file){ .path = path, .made = true };
	out->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (out->fd >= 0 || errno != EEXIST)
		return out->fd < 0 ? -errno : 0;
	out->made = false;
	out->fd = open(path, O_WRONLY | O_CLOEXEC);
	return out->fd < 0 ? -errno : 0;
}

FILE *output_file_scratch(void)
{
	const int fd = memfd_create("scratch", MFD_CLOEXEC);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");

	if (!f && fd >= 0)
		close(fd);
	return f;
}

static int copy(int from, int to)
{
	char buf[65536];
	ssize_t n, done, at;

	for (off_t read_bytes = 0; (n = pread(from, buf, sizeof(buf), read_bytes)) > 0;
	     read_bytes += n)
		for (at = 0; at < n; at += done) {
			done = write(to, buf + at, (size_t)(n - at));
			if (done < 0)
				return -errno;
		}
	return n < 0 ? -errno : 0;
}

/* Not of a pipe or a terminal. A file system that cannot promise room is tried without. */
static int take_room(int fd, off_t now_bytes, off_t new_bytes)
{
	if (new_bytes <= now_bytes || !fallocate(fd, 0, 0, new_bytes) || errno == EOPNOTSUPP)
		return 0;
	return -errno;
}

int output_file_write(struct output_file *out, int from)
{
	struct stat now, new;
	int err;

	if (fstat(out->fd, &now) || fstat(from, &new))
		return -errno;
	if (!S_ISREG(now.st_mode))
		return copy(from, out->fd);
	err = take_room(out->fd, now.st_size, new.st_size);
	if (err) {
		(void)!ftruncate(out->fd, now.st_size);
		return err;
	}
	out->made = false;
	err = copy(from, out->fd);
	return err || !ftruncate(out->fd, new.st_size) ? err : -errno;
}

void output_file_close(struct output_file *out)
{
	if (out->fd < 0)
		return;
	close(out->fd);
	out->fd = -1;
	if (out->made)
		(void)unlink(out->path);
}
