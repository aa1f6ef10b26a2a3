// SPDX-License-Identifier: GPL-2.0-only
/* Who, and whose: no row wider than the terminal, no control characters. */
#include <criterion/criterion.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "core/names.h"
#include "core/stats.h"
#include "record.h"
#include "tables.h"
#include "term_check.h"

TestSuite(sink_term_names, .init = start);

/* What is on a usual machine: a pid of five digits, programs of up to 15 letters. */
Test(sink_term_names, usual_tasks_keep_the_columns)
{
	static const char *const tasks[][2] = {
		{ "sh", "sh/98765 " },
		{ "oom-notify", "oom-notify/98765 " },
		{ "systemd-journal", "systemd-j\u2026/98765 " },
	};

	put_dir(rows, ROW, ROOT_ROW, "with-a-name-that-leaves-nothing-free.service");
	for (size_t i = 0; i < sizeof(tasks) / sizeof(tasks[0]); i++) {
		memset(n.rec.hdr.comm, 0, sizeof(n.rec.hdr.comm));
		memcpy(n.rec.hdr.comm, tasks[i][0], strlen(tasks[i][0]));
		n.rec.hdr.pid = 98765;
		format(SINK_LINE_MAX);
		expect_left("TASK", tasks[i][1]);
		cr_assert_eq(width(), 80, "%zu columns: %s", width(), text);
	}
}

/* Who, and whose, at 80 columns: @want is what stands there from TASK on. */
static void expect_who(const char *comm, const char *parent, const char *leaf, const char *want)
{
	memset(n.rec.hdr.comm, 0, sizeof(n.rec.hdr.comm));
	memcpy(n.rec.hdr.comm, comm, strlen(comm));
	put_dir(rows, ROW + 1, ROOT_ROW, parent);
	put_dir(rows, ROW, *parent ? ROW + 1 : ROOT_ROW, leaf);
	format(SINK_LINE_MAX);
	expect_left("TASK", want);
	cr_assert_leq(width(), 80, "%zu columns: %s", width(), text);
}

Test(sink_term_names, who_and_whose)
{
	expect_who("postgres", "system.slice", "db.service",
		   "postgres/1234    \u2026/db.service\n");
	expect_who("postgres", "user.slice", "a", "postgres/1234    /user.slice/a\n");
	expect_who("nginx", "", "nginx.service", "nginx/1234       /nginx.service\n");
	expect_who("nginx", "system.slice", "nginx1.service", "nginx/1234       nginx1.service\n");
	/* What the task leaves free is the cgroup's, and the other way round. */
	expect_who("sh", "system.slice", "session-12345.scope",
		   "sh/1234     session-12345.scope\n");
	expect_who("systemd-journal", "", "own", "systemd-journal/1234 /own\n");
	expect_who("systemd-journal", "system.slice", "systemd-journald.service",
		   "systemd-jo\u2026/1234 systemd-journ\u2026\n");
	env.utf8 = false;
	expect_who("postgres", "system.slice", "db.service", "postgres/1234    ../db.service\n");
	expect_who("systemd-journal", "system.slice", "systemd-journald.service",
		   "systemd-j../1234 systemd-jour..\n");
}

Test(sink_term_names, fits_a_terminal_of_80_columns)
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

Test(sink_term_names, level_lines_fit_too)
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

/* A path that is too long keeps its last directories; without a limit all of it. */
Test(sink_term_names, long_paths)
{
	put_dir(rows, ROW + 1, ROOT_ROW, "");
	memset(rows[ROW + 1].name, 'p', 100);
	put_dir(rows, ROW, ROW + 1, "the-end");
	env.columns = 120;
	format(SINK_LINE_MAX);
	cr_assert_leq(width(), 120);
	cr_assert_not_null(strstr(text, " \u2026/the-end\n"), "%s", text);
	env.columns = 0;
	format(SINK_LINE_MAX);
	cr_assert_not_null(strstr(text, " /pppp"));
	cr_assert_not_null(strstr(text, "pp/the-end\n"));
	cr_assert_gt(width(), 180);
	for (env.columns = 1; env.columns < 300; env.columns++)
		format(SINK_LINE_MAX);
}

/* From 80 columns on, whatever the names, no row is wider than the terminal. */
Test(sink_term_names, never_wider)
{
	n.rec.hdr.pid = 4194304;
	for (env.columns = 80; env.columns < 250; env.columns += 7)
		for (size_t comm = 1; comm < OOMN_COMM_LEN; comm += 3)
			for (size_t leaf = 1; leaf < OOMN_CGROUP_NAME_LEN - 1; leaf += 5) {
				memset(n.rec.hdr.comm, 0, OOMN_COMM_LEN);
				memset(n.rec.hdr.comm, 'c', comm);
				put_dir(rows, ROW, ROOT_ROW, "");
				memset(rows[ROW].name, 'l', leaf);
				format(SINK_LINE_MAX);
				cr_assert_leq(width(), env.columns, "%s", text);
			}
}

/* The other lines, at their largest. */
Test(sink_term_names, other_lines_are_wrapped)
{
	struct stats s;

	memset(&s, 0xff, sizeof(s));
	n.rec.oom_kill = (struct oomn_oom_kill){ .hdr = { .kind = OOMN_OOM_KILL,
							  .hits = 1,
							  .pid = 4194304,
							  .comm = "systemd-journal" },
						 .anon_rss_kb = 1ULL << 50,
						 .file_rss_kb = 1ULL << 50,
						 .shmem_rss_kb = 1ULL << 50,
						 .uid = UINT32_MAX,
						 .oom_score_adj = -1000,
						 .has_task = 1 };
	format(SINK_LINE_MAX);
	cr_assert_leq(width(), 80, "%s", text);
	cr_assert_not_null(strstr(text, "oom_score_adj"));
	n = (struct notice){ .type = NOTICE_LOST,
			     .loss = { UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX } };
	format(SINK_LINE_MAX);
	cr_assert_leq(width(), 80, "%s", text);
	n = (struct notice){ .type = NOTICE_STATS, .stats = &s };
	format(SINK_LINE_MAX);
	cr_assert_leq(width(), 80, "%s", text);
	env.columns = 0; /* in a file a line is a line */
	format(SINK_LINE_MAX);
	cr_assert_eq(strchr(text, '\n') - text, (long)strlen(text) - 1);
}

Test(sink_term_names, cgroups_without_a_path)
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

Test(sink_term_names, control_characters_are_replaced)
{
	env.columns = 0;
	for (unsigned int byte = 1; byte < 0x80; byte++) {
		bool control = byte < 0x20 || byte == 0x7f;

		n.rec.hdr.comm[1] = (char)byte;
		rows[ROW].name[1] = (char)byte;
		format(SINK_LINE_MAX);
		for (const char *p = text; p[1]; p++)
			cr_assert_not(iscntrl((unsigned char)*p), "byte %u comes out", byte);
		expect_left("TASK", control ? "b?sh/1234" : "b");
		cr_assert_not_null(strstr(text, control ? " /b?x\n" : " /b"), "%s", text);
	}
}

/* U+0080 to U+009F are control characters as well: U+009B begins what ESC [ does. */
Test(sink_term_names, control_characters_beyond_ascii_are_replaced)
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

/* Text that is no ASCII and harmless stays, where it can be read. */
Test(sink_term_names, utf8_is_kept)
{
	strcpy(n.rec.hdr.comm, "caf\xc3\xa9");
	format(SINK_LINE_MAX);
	expect_left("TASK", "caf\xc3\xa9/1234 ");
	env.utf8 = false;
	format(SINK_LINE_MAX);
	expect_left("TASK", "caf?"
			    "?/1234 ");
}
