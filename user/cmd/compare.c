// SPDX-License-Identifier: GPL-2.0-only
/*
 * `oom-notify compare`: a program of its own, which brings what a daemon should not have in its
 * locked memory.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "common/log.h"
#include "common/program.h"

int cmd_compare(int argc, char **argv)
{
	char path[PATH_MAX];
	int err = program_beside("oom-notify-compare", "../libexec", path);

	(void)argc;
	if (!err) {
		execv(path, argv);
		err = -errno;
	}
	if (err == -ENOENT)
		log_err("%s is not there: make install puts it there", path);
	else
		log_err("oom-notify-compare cannot be started: %s", strerror(-err));
	return EXIT_FAIL;
}
