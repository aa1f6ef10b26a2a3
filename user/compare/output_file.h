/* SPDX-License-Identifier: GPL-2.0-only */
/* A file that is written at the end of a run, opened before it: no run is in vain for its name. */
#ifndef OOMN_COMPARE_OUTPUT_FILE_H
#define OOMN_COMPARE_OUTPUT_FILE_H

#include <stdbool.h>
#include <stdio.h>

struct output_file {
	const char *path;
	int fd;	   /* -1: not open */
	bool made; /* it was not there before */
};

#define OUTPUT_FILE_NONE ((struct output_file){ .fd = -1 })

/* What is in it stays until it is written. @path must live as long. 0 or negative errno. */
int output_file_open(struct output_file *out, const char *path);

/* A stream into memory, whose descriptor output_file_write() takes. NULL and errno. */
FILE *output_file_scratch(void);

/*
 * Its new contents: all of @from, which is complete. Room for it is taken before anything that is
 * there is overwritten. 0 or negative errno.
 */
int output_file_write(struct output_file *out, int from);

/* Closes it. Unless it was written a file of ours is removed and any other is as it was. */
void output_file_close(struct output_file *out);

#endif
