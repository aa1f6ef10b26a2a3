/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as a JSON file: written, and read back by --replay. */
#ifndef OOMN_SURVIVE_FILE_H
#define OOMN_SURVIVE_FILE_H

#include <stdio.h>

#include "result.h"

#define SURVIVE_FORMAT	"oom-notify compare --survive"
#define SURVIVE_VERSION 1

/* Every episode, one a line. 0 or negative errno; does not close @f. */
int survive_write(const struct survive *s, FILE *f);

/* NULL, with what is wrong in @why: without @path, fit for a line that begins with it. */
struct survive *survive_read(const char *path, char why[RESULT_TEXT_LEN]);

#endif
