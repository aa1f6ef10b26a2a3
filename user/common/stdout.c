// SPDX-License-Identifier: GPL-2.0-only
#include "stdout.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "log.h"

int stdout_flush(void)
{
	int err;

	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return 0;
	err = errno ?: EIO;
	if (err != EPIPE)
		log_err("cannot write to standard output: %s", strerror(err));
	return -err;
}
