// SPDX-License-Identifier: GPL-2.0-only
#include "layout.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "control_chars.h"
#include "utf8.h"

static void put_args(struct layout *l, const char *fmt, va_list args)
{
	int n = vsnprintf(l->buf + l->len, l->size - l->len, fmt, args);

	if (n < 0 || (size_t)n >= l->size - l->len)
		l->full = true;
	else
		l->len += (size_t)n;
}

void layout_put(struct layout *l, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	put_args(l, fmt, args);
	va_end(args);
}

long layout_end(const struct layout *l)
{
	return l->full ? -ENOSPC : (long)l->len;
}

/* The columns of the buffer's last line so far. */
static size_t line_width(const struct layout *l)
{
	size_t from = l->len;

	while (from && l->buf[from - 1] != '\n')
		from--;
	return l->len > from ? layout_width(l->buf + from) : 0;
}

void layout_wrap(struct layout *l, unsigned int columns, unsigned int indent, const char *fmt, ...)
{
	char line[1024];
	const char *word = line;
	size_t column = line_width(l);
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof(line))
		l->full = true; /* no sentence of ours is as long */
	while (*word) {
		size_t blanks = strspn(word, " "), len = strcspn(word + blanks, " ");

		if (columns && column && column + blanks + len > columns) {
			layout_put(l, "\n%*s", (int)indent, "");
			column = indent;
			word += blanks;
			blanks = 0;
		}
		layout_put(l, "%.*s", (int)(blanks + len), word);
		column += blanks + len;
		word += blanks + len;
	}
	layout_put(l, "\n");
}

char *layout_harmless(char *name, bool utf8)
{
	size_t left = strlen(name);

	for (char *p = name; left;) {
		size_t len = utf8_len(p, left);
		bool shown = !is_control(p) && (len == 1 || (len && utf8));

		if (!len)
			len = 1;
		if (!shown)
			memset(p, '?', len);
		p += len;
		left -= len;
	}
	return name;
}

static size_t char_width(size_t bytes)
{
	return bytes >= 3 ? 2 : 1;
}

static size_t char_len(const char *s)
{
	size_t len = utf8_len(s, strlen(s));

	return len ? len : 1;
}

size_t layout_width(const char *s)
{
	size_t width = 0;

	for (size_t len; *s; s += len) {
		len = char_len(s);
		width += char_width(len);
	}
	return width;
}

/* The mark where something was left out. */
static const char *mark(const struct layout *l)
{
	return l->utf8 ? "\xe2\x80\xa6" : "..";
}

static size_t mark_width(const struct layout *l)
{
	return l->utf8 ? 1 : 2;
}

void layout_cut(struct layout *l, const char *s, size_t columns)
{
	size_t room, width = 0;
	const char *p = s;

	if (layout_width(s) <= columns) {
		layout_put(l, "%s", s);
		return;
	}
	room = columns > mark_width(l) ? columns - mark_width(l) : 0;
	while (width + char_width(char_len(p)) <= room) {
		width += char_width(char_len(p));
		p += char_len(p);
	}
	layout_put(l, "%.*s%s", (int)(p - s), s, mark(l));
}

/* Its last directory, the slash before it included. */
static const char *leaf_of(const char *path)
{
	const char *leaf = strrchr(path, '/');

	return leaf ? leaf : path;
}

void layout_path(struct layout *l, const char *path, size_t columns)
{
	const char *leaf = leaf_of(path), *from = path;

	if (layout_width(path) <= columns) {
		layout_put(l, "%s", path);
		return;
	}
	while (from < leaf && mark_width(l) + layout_width(from) > columns)
		from += 1 + strcspn(from + 1, "/");
	if (from > path && mark_width(l) + layout_width(from) <= columns)
		layout_put(l, "%s%s", mark(l), from);
	else
		layout_cut(l, *leaf == '/' ? leaf + 1 : leaf, columns);
}

bool layout_path_fits(const char *path, size_t columns)
{
	const char *leaf = leaf_of(path);

	return layout_width(path) <= columns || layout_width(leaf + (*leaf == '/')) <= columns;
}
