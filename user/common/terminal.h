/* SPDX-License-Identifier: GPL-2.0-only */
/* Properties of the terminal that we may write to: the one place that decides, for all verbs. */
#ifndef OOMN_TERMINAL_H
#define OOMN_TERMINAL_H

#include <stdbool.h>

/* A terminal that says nothing of its width has as many. */
#define TERMINAL_COLUMNS 80

/*
 * May what goes to @fd be coloured? No unless it is a terminal; nor with NO_COLOR (any value but
 * the empty one, see no-color.org), nor where TERM says that it understands no orders: "dumb", or
 * nothing.
 */
bool terminal_has_colour(int fd);

/*
 * May a line be drawn there over and over? Both standard output and standard error must be
 * terminals, for a pager behind standard output has the same screen; and TERM must say what it is.
 */
bool terminal_is_live(void);

/* Are we what the terminal's user now works with? Another job's live line is in the way. */
bool terminal_is_ours(void);

/* 0 when @fd is no terminal. */
unsigned int terminal_columns(int fd);
unsigned int terminal_rows(int fd);

/* Does the locale say that text is UTF-8? */
bool terminal_is_utf8(void);

#endif
