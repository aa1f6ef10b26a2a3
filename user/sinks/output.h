/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A way out that never blocks its caller: what a pipe or terminal does not take at once stays in a
 * buffer, and a regular file, whose writes may sleep in the very reclaim that we report, is written
 * by a helper process behind a pipe.
 */
#ifndef OOMN_OUTPUT_H
#define OOMN_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

struct output;

/* Allocates all it ever needs. NULL with errno on failure. */
struct output *output_open(int fd, size_t buffer_bytes);

/* Waits for the helper, if any; 0, or negative errno when not all it was given was written. */
int output_close(struct output *o);

/*
 * The exit code for what output_close() returned, printed in one line if it did not go well. A
 * reader who has seen enough is no failure.
 */
int output_exit_code(int err);

/* The descriptor to poll for EPOLLOUT (and EPOLLERR: nobody reads any more). */
int output_fd(const struct output *o);

/* Where to put at most *size bytes; then say with output_commit() how many they were. */
char *output_reserve(struct output *o, size_t *size);
void output_commit(struct output *o, size_t len);

/*
 * On a terminal: draws @line where the cursor is. Whatever comes next, from output_reserve() on,
 * takes its place: all that goes out passes there, so that no way out can leave the line in front
 * of its own. Not drawn while something waits, for then the cursor may be in the middle of a row.
 */
void output_show_line(struct output *o, const char *line);
void output_clear_line(struct output *o);

/* Writes what it can. 0: all; 1: the rest must wait; negative errno: no more will ever go. */
int output_flush(struct output *o);

#endif
