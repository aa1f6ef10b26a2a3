// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text in columns: wrapped at the edge, cut where that is seen, and harmless whatever bytes come
 * in.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "common/layout.h"

static char buf[1024];
static struct layout l;

static void start(void)
{
	l = (struct layout){ .buf = buf, .size = sizeof(buf) };
	buf[0] = '\0';
}

TestSuite(layout, .init = start);

static void expect(const char *want)
{
	cr_assert_str_eq(buf, want, "'%s', not '%s'", buf, want);
	cr_assert_eq(layout_end(&l), (long)strlen(want));
	start();
}

Test(layout, wraps_at_blanks)
{
	layout_wrap(&l, 20, 2, "%s", "one two three four five");
	expect("one two three four\n  five\n");
	layout_wrap(&l, 10, 2, "%s", "one two three four five");
	expect("one two\n  three\n  four\n  five\n");
	layout_wrap(&l, 0, 2, "%s", "one two three four five");
	expect("one two three four five\n");
	layout_wrap(&l, 4, 2, "a word-that-is-too-long b");
	expect("a\n  word-that-is-too-long\n  b\n");
	layout_wrap(&l, 20, 0, "   as far  apart");
	expect("   as far  apart\n");
}

/* What stands in the line already has its columns. */
Test(layout, wraps_what_was_begun)
{
	layout_put(&l, "first\n12:34:56 ");
	layout_wrap(&l, 20, 4, "! lost: something");
	expect("first\n12:34:56 ! lost:\n    something\n");
}

Test(layout, harmless)
{
	static const struct {
		const char *in, *utf8, *ascii;
	} cases[] = {
		{ "plain", "plain", "plain" },
		{ "a\x1b[2J\x7f\t", "a?[2J??", "a?[2J??" },
		{ "caf\xc3\xa9", "caf\xc3\xa9",
		  "caf?"
		  "?" },
		{ "\xc2\x9b"
		  "x",
		  "?"
		  "?x",
		  "?"
		  "?x" }, /* U+009B begins what ESC [ does */
		{ "\x9b"
		  "31m",
		  "?31m", "?31m" }, /* ... and, on some terminals, so does this */
		{ "\xff\xc3",
		  "?"
		  "?",
		  "?"
		  "?" },
		{ "\xe2\x82\xac", "\xe2\x82\xac",
		  "?"
		  "?"
		  "?" },
	};
	char name[16];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		strcpy(name, cases[i].in);
		cr_expect_str_eq(layout_harmless(name, true), cases[i].utf8, "case %zu", i);
		strcpy(name, cases[i].in);
		cr_expect_str_eq(layout_harmless(name, false), cases[i].ascii, "case %zu", i);
	}
}

Test(layout, width)
{
	cr_expect_eq(layout_width(""), 0);
	cr_expect_eq(layout_width("caf\xc3\xa9"), 4);
	cr_expect_eq(layout_width("\xe6\xbc\xa2\xe5\xad\x97"),
		     4); /* two characters, each two wide */
}

Test(layout, cut)
{
	layout_cut(&l, "exactly", 7);
	expect("exactly");
	layout_cut(&l, "too-long", 7);
	expect("too-l..");
	l.utf8 = true;
	layout_cut(&l, "too-long", 7);
	expect("too-lo\u2026");
	l.utf8 = true;
	layout_cut(&l, "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2", 4); /* no half characters */
	expect("\xe6\xbc\xa2\u2026");
	layout_cut(&l, "abc", 0);
	expect("..");
}

Test(layout, paths)
{
	static const struct {
		const char *path;
		size_t columns;
		const char *want;
		bool fits;
	} cases[] = {
		{ "/system.slice/db.service", 24, "/system.slice/db.service", true },
		{ "/system.slice/db.service", 23, "../db.service", true },
		{ "/system.slice/db.service", 13, "../db.service", true },
		{ "/system.slice/db.service", 12, "db.service", true },
		{ "/system.slice/db.service", 10, "db.service", true },
		{ "/system.slice/db.service", 9, "db.serv..", false },
		{ "/a/b/c/d", 7, "../c/d", true },
		{ "/a/b/c/d", 6, "../c/d", true },
		{ "/a/b/c/d", 5, "../d", true },
		{ "/", 1, "/", true },
		{ "(machine)", 9, "(machine)", true },
		{ "(machine)", 8, "(machi..", false },
		{ "...a/b", 5, "../b", true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		layout_path(&l, cases[i].path, cases[i].columns);
		cr_expect_eq(layout_path_fits(cases[i].path, cases[i].columns), cases[i].fits,
			     "case %zu", i);
		expect(cases[i].want);
	}
}

Test(layout, too_small_is_told)
{
	l.size = 8;
	layout_put(&l, "%s", "seven!!");
	cr_assert_eq(layout_end(&l), 7);
	layout_put(&l, "x");
	cr_assert_eq(layout_end(&l), -ENOSPC);
}
