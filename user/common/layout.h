/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text for people in a caller's buffer: columns, words wrapped at the edge, and names of others
 * made harmless. Never allocates.
 */
#ifndef OOMN_LAYOUT_H
#define OOMN_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

struct layout {
	char *buf;
	size_t size;
	size_t len;
	bool full; /* something did not fit; what is in the buffer is of no use */
	bool utf8; /* who reads it can */
};

__attribute__((format(printf, 2, 3))) void layout_put(struct layout *l, const char *fmt, ...);

/* The length of the text, or -ENOSPC. */
long layout_end(const struct layout *l);

/*
 * Ends the line with these words. If they do not fit @columns (0: they always do), it is broken at
 * blanks, and what follows is indented by @indent.
 */
__attribute__((format(printf, 4, 5))) void layout_wrap(struct layout *l, unsigned int columns,
						       unsigned int indent, const char *fmt, ...);

/*
 * In place: whatever is not to be shown, a byte at a time, becomes '?'. That is control characters,
 * which would move the cursor or worse, what is no UTF-8, and without @utf8 all that is not ASCII.
 */
char *layout_harmless(char *name, bool utf8);

/*
 * Columns of a harmless name; characters of three bytes and more count two, as the widest of them
 * have.
 */
size_t layout_width(const char *s);

/* At most @columns of its beginning, the mark of a cut included. */
void layout_cut(struct layout *l, const char *s, size_t columns);

/*
 * At most @columns of a path, from its end: as many whole directories as fit, the last one without
 * the slash before it, or the beginning of that one.
 */
void layout_path(struct layout *l, const char *path, size_t columns);

/* Does layout_path() show its last directory whole? */
bool layout_path_fits(const char *path, size_t columns);

#endif
