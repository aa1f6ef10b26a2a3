// SPDX-License-Identifier: GPL-2.0-only
/* Opens without emptying, so that an earlier result is lost only to a new one. */
#include "out.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int result_out_open(struct result_out *out, const char *path)
{
	*out = (struct result_out){ .path = path, .made = true };
	out->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (out->fd >= 0 || errno != EEXIST)
		return out->fd < 0 ? -errno : 0;
	out->made = false;
	out->fd = open(path, O_WRONLY | O_CLOEXEC);
	return out->fd < 0 ? -errno : 0;
}

int result_out_begin(struct result_out *out)
{
	struct stat st;

	out->made = false;
	if (fstat(out->fd, &st))
		return -errno;
	/* A pipe or a terminal has nothing to be emptied. */
	if (S_ISREG(st.st_mode) && ftruncate(out->fd, 0))
		return -errno;
	return 0;
}

void result_out_close(struct result_out *out)
{
	if (out->fd < 0)
		return;
	close(out->fd);
	out->fd = -1;
	if (out->made)
		(void)unlink(out->path);
}
