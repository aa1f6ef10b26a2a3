/* SPDX-License-Identifier: GPL-2.0-only */
/* A file that is written at the end of a run, opened before it: no run is in vain for its name. */
#ifndef OOMN_COMPARE_OUT_H
#define OOMN_COMPARE_OUT_H

#include <stdbool.h>
#include <stdio.h>

struct result_out {
	const char *path;
	int fd;	   /* -1: not open */
	bool made; /* it was not there before */
};

#define RESULT_OUT_NONE ((struct result_out){ .fd = -1 })

/* What is in it stays until it is written. @path must live as long. 0 or negative errno. */
int result_out_open(struct result_out *out, const char *path);

/* A stream into memory, whose descriptor result_out_write() takes. NULL and errno. */
FILE *result_out_scratch(void);

/*
 * Its new contents: all of @from, which is complete. Room for it is taken before anything that is
 * there is overwritten. 0 or negative errno.
 */
int result_out_write(struct result_out *out, int from);

/* Closes it. Unless it was written a file of ours is removed and any other is as it was. */
void result_out_close(struct result_out *out);

#endif
