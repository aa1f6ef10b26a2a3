// SPDX-License-Identifier: GPL-2.0-only
/* Writes beside a name, then renames. */
#include "output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"

/* A new file's name in @name, where the one that is to be is. Its descriptor or negative errno. */
static int make_beside(const struct output_file *out, char name[PATH_MAX])
{
	int fd;

	if (snprintf(name, PATH_MAX, "%s.XXXXXX", out->target) >= PATH_MAX)
		return -ENAMETOOLONG;
	fd = mkostemp(name, O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Finds out now what would fail at the end. */
static int try_beside(const struct output_file *out)
{
	char name[PATH_MAX];
	const int fd = make_beside(out, name);

	if (fd < 0)
		return fd;
	close(fd);
	return unlink(name) ? -errno : 0;
}

static mode_t new_mode(void)
{
	const mode_t mask = umask(0);

	(void)umask(mask);
	return 0666 & ~mask;
}

/* A file that is there must be writable, though it is replaced. */
static int find_target(struct output_file *out)
{
	struct stat st;

	if (stat(out->path, &st)) {
		if (errno != ENOENT)
			return -errno;
		out->mode = new_mode();
		out->target = strdup(out->path);
		return out->target ? 0 : -ENOMEM;
	}
	if (!S_ISREG(st.st_mode)) {
		out->fd = open(out->path, O_WRONLY | O_CLOEXEC);
		return out->fd < 0 ? -errno : 0;
	}
	if (access(out->path, W_OK))
		return -errno;
	out->mode = st.st_mode & 07777;
	out->target = realpath(out->path, NULL);
	return out->target ? 0 : -errno;
}

int output_file_open(struct output_file *out, const char *path)
{
	int err;

	*out = OUTPUT_FILE_NONE;
	out->path = path;
	err = find_target(out);
	if (!err && out->target)
		err = try_beside(out);
	if (err)
		output_file_close(out);
	return err;
}

/* The folder that @target is in. */
static int stat_folder(const char *target, struct stat *st)
{
	const char *name = strrchr(target, '/');
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%.*s", name ? (int)(name - target) + 1 : 1,
		 name ? target : ".");
	return stat(folder, st);
}

static const char *name_of(const char *target)
{
	const char *slash = strrchr(target, '/');

	return slash ? slash + 1 : target;
}

/* By folder and name, as neither may be there yet. */
bool output_file_same(const struct output_file *a, const struct output_file *b)
{
	struct stat sa, sb;

	return a->target && b->target && !strcmp(name_of(a->target), name_of(b->target)) &&
	       !stat_folder(a->target, &sa) && !stat_folder(b->target, &sb) &&
	       sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
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

int output_file_write(struct output_file *out, int from)
{
	char name[PATH_MAX];
	int fd, err;

	if (!out->target)
		return copy(from, out->fd);
	fd = make_beside(out, name);
	if (fd < 0)
		return fd;
	err = copy(from, fd);
	if (!err && fchmod(fd, out->mode))
		err = -errno;
	/* On the disk before it takes the place of what is there. */
	if (!err && fsync(fd))
		err = -errno;
	close(fd);
	if (!err && rename(name, out->target))
		err = -errno;
	if (err)
		(void)unlink(name);
	return err;
}

void output_file_close(struct output_file *out)
{
	cleanup_close(&out->fd);
	free(out->target);
	*out = OUTPUT_FILE_NONE;
}
