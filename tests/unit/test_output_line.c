// SPDX-License-Identifier: GPL-2.0-only
/* The live line at the bottom of a terminal: no way out leaves it in front of something else. */
#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"
#include "sinks/output.h"

#define ERASE "\r\033[K"

static struct output *o;
static int from;
static char text[1 << 17];

static void start(void)
{
	int fds[2];

	cr_assert_eq(pipe(fds), 0);
	from = fds[0];
	fcntl(from, F_SETFL, O_NONBLOCK);
	o = output_open(fds[1], 8192);
	cr_assert_not_null(o);
	close(fds[1]);
}

TestSuite(output_line, .init = start, .timeout = 60);

static void write_row(const char *row)
{
	const size_t len = strlen(row);
	size_t room;
	char *to = output_reserve(o, &room);

	cr_assert_geq(room, len);
	for (size_t i = 0; i < len; i++)
		to[i] = row[i];
	output_commit(o, len);
	output_flush(o);
}

static const char *shown(void)
{
	size_t len = 0;
	ssize_t n;

	while ((n = read(from, text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)n;
	text[len] = '\0';
	return text;
}

Test(output_line, taken_away_before_a_row)
{
	write_row("one\n");
	output_show_line(o, "live");
	cr_assert_str_eq(shown(), "one\nlive");
	write_row("two\n");
	write_row("three\n");
	cr_assert_str_eq(shown(), ERASE "two\nthree\n", "once, and before the row");
}

Test(output_line, drawn_anew_and_taken_away)
{
	output_show_line(o, "live 1");
	output_show_line(o, "live 2");
	output_clear_line(o);
	output_clear_line(o);
	cr_assert_str_eq(shown(), "live 1" ERASE "live 2" ERASE);
}

static void clear(void *ctx)
{
	output_clear_line(ctx);
}

Test(output_line, taken_away_before_a_message, .init = start)
{
	cr_redirect_stderr();
	log_set_before(clear, o);
	output_show_line(o, "live");
	log_warn("a message");
	cr_assert_str_eq(shown(), "live" ERASE);
	log_set_before(NULL, NULL);
	output_show_line(o, "live");
	log_err("another");
	cr_assert_str_eq(shown(), "live", "nobody asked for it");
}

/* A terminal that was stopped in the middle of a row (Ctrl-S): the line must not cut it in two. */
Test(output_line, not_drawn_into_a_row)
{
	static char row[5000];
	size_t rows = 0;

	memset(row, 'x', sizeof(row) - 2);
	row[sizeof(row) - 2] = '\n';
	do {
		write_row(row);
		rows++;
	} while (!output_flush(o));
	output_show_line(o, "live");
	shown();
	output_flush(o);
	cr_assert_null(strstr(text, "live"));
	cr_assert_null(strstr(shown(), "live"));
	output_show_line(o, "live");
	cr_assert_str_eq(shown(), "live");
}
