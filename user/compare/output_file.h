/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file that is written at the end of a run, and looked at before it: no run is in vain for its
 * name. It is written beside its name and renamed, so that an earlier result is lost only to a
 * whole new one.
 */
#ifndef OOMN_COMPARE_OUTPUT_FILE_H
#define OOMN_COMPARE_OUTPUT_FILE_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

struct output_file {
	const char *path; /* NULL: not open */
	char *target; /* what @path leads to; NULL: no regular file, which is written as it is */
	mode_t mode;  /* that it will have */
	int fd;	      /* of one that is written as it is */
};

#define OUTPUT_FILE_NONE ((struct output_file){ .fd = -1 })

/* @path must live as long. 0 or negative errno. */
int output_file_open(struct output_file *out, const char *path);

/* Whether both would write the same file. */
bool output_file_same(const struct output_file *a, const struct output_file *b);

/* A stream into memory, whose descriptor output_file_write() takes. NULL and errno. */
FILE *output_file_scratch(void);

/* Its new contents: all of @from, which is complete. 0 or negative errno: then it is as it was. */
int output_file_write(struct output_file *out, int from);

/* Fine for one that is not open. */
void output_file_close(struct output_file *out);

#endif
