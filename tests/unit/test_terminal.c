// SPDX-License-Identifier: GPL-2.0-only
/* Who is given colours, a live line, and how many columns. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/terminal.h"

static int terminal, file;

/* A pseudo-terminal's end that programs have, and something that is none. */
static void start(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	cr_assert(master >= 0 && !grantpt(master) && !unlockpt(master));
	terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
	file = open("/dev/null", O_RDWR);
	cr_assert(terminal >= 0 && file >= 0 && isatty(terminal) && !isatty(file));
	setenv("TERM", "xterm", 1);
	unsetenv("NO_COLOR");
}

TestSuite(terminal, .init = start);

/* no-color.org: "when present and not an empty string (regardless of its value)". */
Test(terminal, colour)
{
	cr_assert(terminal_has_colour(terminal));
	cr_assert_not(terminal_has_colour(file));
	setenv("NO_COLOR", "", 1);
	cr_assert(terminal_has_colour(terminal), "an empty NO_COLOR asks for nothing");
	setenv("NO_COLOR", "0", 1);
	cr_assert_not(terminal_has_colour(terminal), "any value does");
	unsetenv("NO_COLOR");
	setenv("TERM", "dumb", 1);
	cr_assert_not(terminal_has_colour(terminal));
	unsetenv("TERM");
	cr_assert_not(terminal_has_colour(terminal));
}

static void expect_live(int out, int err, bool want)
{
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	cr_assert_eq(terminal_is_live(), want);
}

/* With a pager behind standard output, standard error is still the terminal. */
Test(terminal, live_line)
{
	expect_live(terminal, terminal, true);
	expect_live(file, terminal, false);
	expect_live(terminal, file, false);
	setenv("NO_COLOR", "1", 1);
	expect_live(terminal, terminal, true);
	setenv("TERM", "dumb", 1);
	expect_live(terminal, terminal, false);
	unsetenv("TERM");
	expect_live(terminal, terminal, false);
}

Test(terminal, size)
{
	struct winsize ws = { .ws_col = 132, .ws_row = 43 };

	cr_assert_eq(terminal_columns(file), 0);
	cr_assert_eq(terminal_rows(file), 0);
	cr_assert_eq(terminal_columns(terminal), TERMINAL_COLUMNS, "one that does not say");
	cr_assert_eq(ioctl(terminal, TIOCSWINSZ, &ws), 0);
	cr_assert_eq(terminal_columns(terminal), 132);
	cr_assert_eq(terminal_rows(terminal), 43);
}

static void set(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

Test(terminal, utf8)
{
	static const struct {
		const char *lc_all, *lc_ctype, *lang;
		bool want;
	} cases[] = {
		{ NULL, NULL, NULL, false },	    { NULL, NULL, "C.UTF-8", true },
		{ NULL, NULL, "de_DE.utf8", true }, { NULL, NULL, "de_DE.ISO-8859-1", false },
		{ NULL, "C.UTF-8", "C", true },	    { "C", "C.UTF-8", "C.UTF-8", false },
		{ "", "", "C.UTF-8", true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set("LC_ALL", cases[i].lc_all);
		set("LC_CTYPE", cases[i].lc_ctype);
		set("LANG", cases[i].lang);
		cr_assert_eq(terminal_is_utf8(), cases[i].want, "case %zu", i);
	}
}
