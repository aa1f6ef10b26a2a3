// SPDX-License-Identifier: GPL-2.0-only
/* Lines for people: aligned under the header, no wider than the terminal, no control characters. */
#include <criterion/criterion.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "core/names.h"
#include "rows.h"
#include "sinks/sink.h"

#define ROW OOMN_CGROUP_FIRST

static struct oomn_cgroup rows[OOMN_NR_CGROUPS];
/* 12:34:56.789 of some day */
static struct sink_env env = { .cgroups = rows,
			       .now_ns = 100 * NS_PER_S + 138 * NS_PER_US,

			       .columns = 80 };
static struct notice n;
static char header[256];
static char text[SINK_SUMMARY_MAX + 1];

static void start(void)
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
				       .cause = OOMN_MEMCG,
				       .hits = 1,
				       .pages = 32,
				       .time_ns = 100 * NS_PER_S,
				       .cgroup_row = ROW,
				       .pid = 1234,
				       .tid = 1234,
				       .comm = "bash" };
}

TestSuite(sink_term, .init = start);

static size_t format(size_t size)
{
	long len = sink_term.format(&env, &n, text, size);

	cr_assert(len > 0 && (size_t)len <= size, "%ld of %zu", len, size);
	cr_assert_eq(text[len - 1], '\n', "the line is cut off");
	text[len] = '\0';
	cr_assert_eq(strlen(text), (size_t)len);
	return (size_t)len;
}

/* The widest line of the text, in bytes: it is used with ASCII only. */
static const char *const short_levels[] = { "none", "low", "med", "crit" };

static size_t width(void)
{
	size_t widest = 0;

	for (const char *p = text; *p; p += strcspn(p, "\n") + 1)
		widest = strcspn(p, "\n") > widest ? strcspn(p, "\n") : widest;
	return widest;
}

/* Where the header has @title. */
static size_t column(const char *title)
{
	const char *p = strstr(header, title);

	cr_assert_not_null(p, "no %s in '%s'", title, header);
	return (size_t)(p - header);
}

/* The row has @want under @title, its beginning below the title's. */
static void expect_left(const char *title, const char *want)
{
	size_t at = column(title);

	cr_assert(strlen(text) > at && (!at || text[at - 1] == ' ') &&
			  !strncmp(text + at, want, strlen(want)),
		  "'%s' is not under %s:\n%s\n%s", want, title, header, text);
}

/* The same with their ends below each other: numbers. */
static void expect_right(const char *title, const char *want)
{
	size_t end = column(title) + strlen(title), len = strlen(want);

	cr_assert(strlen(text) > end && !strncmp(text + end - len, want, len) && text[end] == ' ' &&
			  text[end - len - 1] == ' ',
		  "'%s' does not end under %s:\n%s\n%s", want, title, header, text);
}

Test(sink_term, every_kind_is_aligned)
{
	for (int kind = 0; kind < OOMN_NR_KINDS; kind++)
		for (int cause = 0; cause < OOMN_NR_CAUSES; cause++) {
			n.rec.hdr.kind = (__u8)kind;
			n.rec.hdr.cause = (__u8)cause;
			n.level = (enum level)(cause % NR_LEVELS);
			format(SINK_LINE_MAX);
			expect_left("TIME", "12:34:56.789");
			expect_left("LVL", short_levels[n.level]);
			expect_left("EVENT", kind_names[kind]);
			expect_left("CAUSE", cause_names[cause]);
			expect_right("PAGES", "32");
			expect_left("TASK", "1234/bash ");
			expect_left("CGROUP", "/box");
		}
}

Test(sink_term, lateness_and_stall)
{
	static const struct {
		uint64_t ns;
		const char *want;
	} times[] = {
		{ 0, "0ns" },
		{ 999, "999ns" },
		{ 1000, "1us" },
		{ 138000, "138us" },
		{ 999999, "999us" },
		{ 1200000, "1.2ms" },
		{ 438 * NS_PER_MS, "438ms" },
		{ 2 * NS_PER_S, "2.0s" },
		{ 120 * NS_PER_S, "120s" },
	};

	n.rec.hdr.kind = OOMN_RECLAIM_END;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		char late[8];

		env.now_ns = n.rec.hdr.time_ns + times[i].ns;
		n.rec.reclaim_end.stall_ns = times[i].ns;
		format(SINK_LINE_MAX);
		cr_assert_eq(sscanf(text, "%*s %7s", late), 1);
		cr_assert_str_eq(late, times[i].want);
		expect_right("STALL", times[i].want);
	}
	n.rec.hdr.flags = OOMN_F_START_UNSEEN;
	format(SINK_LINE_MAX);
	expect_right("STALL", "-");
}

/* Whatever the time, the columns behind it stay where they are. */
Test(sink_term, any_time_keeps_the_columns)
{
	for (uint64_t ns = 1; ns < 9999 * NS_PER_S; ns += ns / 500 + 1) {
		env.now_ns = n.rec.hdr.time_ns + ns;
		format(SINK_LINE_MAX);
		expect_left("LVL", "none");
	}
}

Test(sink_term, throttled_shows_its_timeout)
{
	n.rec.hdr.kind = OOMN_THROTTLED;
	n.rec.throttled.timeout_us = 100000;
	format(SINK_LINE_MAX);
	expect_right("STALL", "100ms");
}

/* What is on a usual machine: a pid of five digits, programs of up to 15 letters. */
Test(sink_term, usual_tasks_keep_the_columns)
{
	static const char *const comms[] = { "sh", "oom-notify", "systemd-journal" };

	for (size_t i = 0; i < sizeof(comms) / sizeof(comms[0]); i++) {
		memset(n.rec.hdr.comm, 0, sizeof(n.rec.hdr.comm));
		memcpy(n.rec.hdr.comm, comms[i], strlen(comms[i]));
		n.rec.hdr.pid = 98765;
		format(SINK_LINE_MAX);
		expect_left("TASK", "98765/");
		expect_left("CGROUP", "/box");
	}
}

Test(sink_term, fits_a_terminal_of_80_columns)
{
	cr_expect_leq(strlen(header), 80, "the header has %zu columns", strlen(header));
	for (int kind = 0; kind < OOMN_OOM_KILL; kind++) {
		n.rec.hdr.kind = (__u8)kind;
		n.rec.hdr.pid = 98765;
		strcpy(n.rec.hdr.comm, "systemd-journa");
		put_dir(rows, ROW + 1, ROOT_ROW, "system.slice");
		put_dir(rows, ROW, ROW + 1, "systemd-journald.service");
		format(SINK_LINE_MAX);
		cr_assert_leq(width(), 80, "%zu columns: %s", width(), text);
	}
}

Test(sink_term, level_lines_fit_too)
{
	put_dir(rows, ROW + 1, ROOT_ROW, "system.slice");
	put_dir(rows, ROW, ROW + 1, "systemd-journald-with-a-long-name.service");
	for (int to = 0; to < NR_LEVELS; to++) {
		n = (struct notice){ .type = NOTICE_LEVEL,
				     .change = { .scope = SCOPE_CGROUP,
						 .from = LEVEL_CRITICAL,
						 .to = (enum level)to,
						 .cgroup_row = ROW } };
		format(SINK_LINE_MAX);
		cr_assert_leq(width(), 80, "%zu columns: %s", width(), text);
	}
}

/* A path that is too long keeps its end, where it differs; without a limit all of it. */
Test(sink_term, long_paths)
{
	put_dir(rows, ROW + 1, ROOT_ROW, "");
	memset(rows[ROW + 1].name, 'p', 100);
	put_dir(rows, ROW, ROW + 1, "the-end");
	env.columns = 120;
	format(SINK_LINE_MAX);
	cr_assert_leq(width(), 120);
	expect_left("CGROUP", "..ppp");
	cr_assert_not_null(strstr(text, "pp/the-end\n"));
	env.columns = 0;
	format(SINK_LINE_MAX);
	expect_left("CGROUP", "/pppp");
	cr_assert_gt(width(), 180);
	for (env.columns = 1; env.columns < 300; env.columns++)
		format(SINK_LINE_MAX);
}

Test(sink_term, cgroups_without_a_path)
{
	n.rec.hdr.cgroup_row = OOMN_CGROUP_NONE;
	format(SINK_LINE_MAX);
	expect_left("CGROUP", "-\n");
	n.rec.hdr.cgroup_row = OOMN_CGROUP_OTHER;
	format(SINK_LINE_MAX);
	expect_left("CGROUP", "(other)");
	n.rec.hdr.cgroup_row = OOMN_CGROUP_GONE;
	format(SINK_LINE_MAX);
	expect_left("CGROUP", "(removed)");
}

Test(sink_term, control_characters_are_replaced)
{
	env.columns = 0;
	for (unsigned int byte = 1; byte < 0x80; byte++) {
		bool control = byte < 0x20 || byte == 0x7f;

		n.rec.hdr.comm[1] = (char)byte;
		rows[ROW].name[1] = (char)byte;
		format(SINK_LINE_MAX);
		for (const char *p = text; p[1]; p++)
			cr_assert_not(iscntrl((unsigned char)*p), "byte %u comes out", byte);
		expect_left("TASK", control ? "1234/b?sh" : "1234/b");
		expect_left("CGROUP", control ? "/b?x" : "/b");
	}
}

/* U+0080 to U+009F are control characters as well: U+009B begins what ESC [ does. */
Test(sink_term, control_characters_beyond_ascii_are_replaced)
{
	env.columns = 0;
	for (unsigned int byte = 0x80; byte < 0xa0; byte++) {
		const char c1[] = { (char)0xc2, (char)byte, '\0' };

		memcpy(n.rec.hdr.comm + 1, c1, 2);
		format(SINK_LINE_MAX);
		cr_assert_null(strstr(text, c1), "U+%04X of a comm comes out", byte);
		strcpy(n.rec.hdr.comm, "bash");
		memcpy(rows[ROW].name + 1, c1, 2);
		format(SINK_LINE_MAX);
		cr_assert_null(strstr(text, c1), "U+%04X of a path comes out", byte);
		put_dir(rows, ROW, ROOT_ROW, "box");
	}
}

/* Text that is no ASCII and harmless stays. */
Test(sink_term, utf8_is_kept)
{
	strcpy(n.rec.hdr.comm, "caf\xc3\xa9");
	format(SINK_LINE_MAX);
	expect_left("TASK", "1234/caf\xc3\xa9 ");
}

/* With the colours taken out, it is the same text. */
Test(sink_term, colour)
{
	static char plain[SINK_LINE_MAX];

	for (int level = 0; level < NR_LEVELS; level++) {
		char *to = text;

		n.level = (enum level)level;
		env.colour = false;
		memcpy(plain, text, format(SINK_LINE_MAX) + 1);
		cr_assert_null(strchr(plain, '\033'));
		env.colour = true;
		format(SINK_LINE_MAX);
		cr_assert_not_null(strchr(text, '\033'));
		for (const char *from = text; *from; from++) {
			if (*from == '\033')
				from += strcspn(from, "m");
			else
				*to++ = *from;
		}
		*to = '\0';
		cr_assert_str_eq(text, plain);
	}
}

/* One that does not fit is told as such, not cut off: half a line would run into the next. */
Test(sink_term, too_small_is_told)
{
	size_t whole = format(SINK_LINE_MAX);

	for (size_t size = whole - 1; size < whole; size--) {
		char *small = malloc(size ? size : 1);
		long len;

		cr_assert_not_null(small);
		len = sink_term.format(&env, &n, small, size);
		free(small);
		cr_assert_eq(len, -ENOSPC, "%zu of %zu gave %ld", size, whole, len);
	}
}
