/* SPDX-License-Identifier: GPL-2.0-only */
/* For tests of rows for people: one row, as it comes out, and what stands below which heading. */
#ifndef OOMN_TERM_CHECK_H
#define OOMN_TERM_CHECK_H

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "record.h"
#include "rows.h"
#include "sinks/sink.h"
#include "tables.h"

#define ROW OOMN_CGROUP_FIRST

static struct oomn_cgroup rows[OOMN_NR_CGROUPS];
/* 12:34:56.789 of some day */
static struct sink_env env = { .cgroups = rows,
			       .now_ns = 100 * NS_PER_S + 138 * NS_PER_US,
			       .page_bytes = 4096,
			       .utf8 = true,
			       .columns = 80 };
static struct notice n;
static char header[256];
static char text[SINK_SUMMARY_MAX + 1];

static inline void start(void)
{
	long len;

	setenv("TZ", "UTC0", 1);
	len = sink_term.header(&env, header, sizeof(header));
	cr_assert(len > 1 && (size_t)len < sizeof(header));
	cr_assert_eq(header[len - 1], '\n');
	header[len - 1] = '\0';
	put_dir(rows, ROW, ROOT_ROW, "box");
	n.type = NOTICE_EVENT;
	n.at = (struct moment){ 100 * NS_PER_S, 45296 * NS_PER_S + 789 * NS_PER_MS };
	n.rec.hdr = (struct oomn_hdr){ .kind = OOMN_SWAP_OUT,
				       .cause = OOMN_CAUSE_MEMCG,
				       .hits = 1,
				       .pages = 32,
				       .time_ns = 100 * NS_PER_S,
				       .cgroup_row = ROW,
				       .pid = 1234,
				       .tid = 1234,
				       .comm = "bash" };
}

static inline size_t format(size_t size)
{
	long len = sink_term.format(&env, &n, text, size);

	cr_assert(len > 0 && (size_t)len <= size, "%ld of %zu", len, size);
	cr_assert_eq(text[len - 1], '\n', "the line is cut off");
	text[len] = '\0';
	cr_assert_eq(strlen(text), (size_t)len);
	return (size_t)len;
}

/* Columns of the widest line; every character here has one. */
static inline size_t width(void)
{
	size_t widest = 0, column = 0;

	for (const char *p = text; *p; p++) {
		column += *p != '\n' && ((unsigned char)*p & 0xc0) != 0x80;
		widest = column > widest ? column : widest;
		column = *p == '\n' ? 0 : column;
	}
	return widest;
}

/* Where the header has @title. */
static inline size_t column(const char *title)
{
	const char *p = strstr(header, title);

	cr_assert_not_null(p, "no %s in '%s'", title, header);
	return (size_t)(p - header);
}

/* The row has @want under @title, its beginning below the title's. */
static inline void expect_left(const char *title, const char *want)
{
	size_t at = column(title);

	cr_assert(strlen(text) > at && (!at || text[at - 1] == ' ') &&
			  !strncmp(text + at, want, strlen(want)),
		  "'%s' is not under %s:\n%s\n%s", want, title, header, text);
}

/* The same with their ends below each other: numbers. */
static inline void expect_right(const char *title, const char *want)
{
	size_t end = column(title) + strlen(title), len = strlen(want);

	cr_assert(strlen(text) > end && !strncmp(text + end - len, want, len) && text[end] == ' ' &&
			  text[end - len - 1] == ' ',
		  "'%s' does not end under %s:\n%s\n%s", want, title, header, text);
}

#endif
