/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as a JSON file: written, and read back by --replay and by a comparison of two. */
#ifndef OOMN_COMPARE_FILE_H
#define OOMN_COMPARE_FILE_H

#include <stdio.h>

#include "result.h"

#define RESULT_FORMAT  "oom-notify compare"
#define RESULT_VERSION 1

/* Every sample, one a line. 0 or negative errno; does not close @f. */
int result_write(const struct result *r, FILE *f);

/* NULL, with what is wrong in @why: without @path, fit for a line that begins with it. */
struct result *result_read(const char *path, char why[RESULT_TEXT_LEN]);

#endif
