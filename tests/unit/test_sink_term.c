// SPDX-License-Identifier: GPL-2.0-only
/* Rows for people: aligned under the header, and told as what they are. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "core/names.h"
#include "core/stats.h"
#include "record.h"
#include "term_check.h"

TestSuite(sink_term, .init = start);

static const char *const short_levels[] = { "none", "low", "med", "crit" };

static const char *const causes[OOMN_NR_CAUSES] = { "?",     "kswapd", "direct",
						    "memcg", "node",   "proact" };

/* The cause stands behind the event, but where it is part of the name. */
Test(sink_term, every_kind_is_aligned)
{
	for (int kind = 0; kind < OOMN_NR_KINDS; kind++)
		for (int cause = 0; cause < OOMN_NR_CAUSES; cause++) {
			const bool is_kswapd = kind >= OOMN_WAKEUP_KSWAPD &&
					       kind <= OOMN_KSWAPD_SLEEP;
			char what[64];

			n.rec.hdr.kind = (__u8)kind;
			n.rec.hdr.cause = (__u8)cause;
			n.level = (enum level)(cause % NR_LEVELS);
			(void)snprintf(what, sizeof(what), "%s %s ", kind_names[kind],
				       is_kswapd ? "" : causes[cause]);
			format(SINK_LINE_MAX);
			expect_left("TIME", "12:34:56.789");
			expect_left("LVL", short_levels[n.level]);
			expect_left("EVENT", what);
			expect_left("TASK", "bash/1234 ");
			expect_left("CGROUP", "/box\n");
		}
}

Test(sink_term, sizes)
{
	n.rec.hdr.pages = 1;
	format(SINK_LINE_MAX);
	expect_right("SIZE/STALL", "4.0K");
	n.rec.hdr.pages = 27944;
	format(SINK_LINE_MAX);
	expect_right("SIZE/STALL", "109M");
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
		expect_right("SIZE/STALL", times[i].want);
	}
	n.rec.hdr.flags = OOMN_F_START_UNSEEN;
	format(SINK_LINE_MAX);
	expect_right("SIZE/STALL", "-");
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
	expect_right("SIZE/STALL", "100ms");
}

/* What waited for others like it is told by a word, at the time at which it is told. */
Test(sink_term, what_waited)
{
	n.at = (struct moment){ 100 * NS_PER_S + 400 * NS_PER_MS,
				45297 * NS_PER_S + 189 * NS_PER_MS };
	env.now_ns = n.at.time_ns;
	format(SINK_LINE_MAX);
	expect_left("TIME", "12:34:56.789");
	expect_right("LATE", "400ms");
	n.rec.hdr.flags = OOMN_F_TRAILING;
	format(SINK_LINE_MAX);
	expect_left("TIME", "12:34:57.189");
	expect_right("LATE", "burst");
	n.rec.hdr.kind = OOMN_RECLAIM_BEGIN;
	format(SINK_LINE_MAX);
	expect_right("LATE", "burst");
	expect_right("SIZE/STALL", "-");
	n.waited = WAITED_FOR_END;
	format(SINK_LINE_MAX);
	expect_left("TIME", "12:34:57.189");
	expect_right("LATE", "still");
	expect_right("SIZE/STALL", "-");
	expect_left("TASK", "bash/1234");
}

Test(sink_term, legend)
{
	static char with[512];
	long len;

	cr_assert_null(strchr(header, '\n'));
	env.legend = true;
	len = sink_term.header(&env, with, sizeof(with));
	cr_assert(len > 0 && (size_t)len < sizeof(with));
	with[len] = '\0';
	cr_assert_eq(strncmp(with, header, strlen(header)), 0);
	cr_assert(strstr(with, "burst:") && strstr(with, "still:"));
	cr_assert_leq(strlen(strchr(with, '\n') + 1), 81);
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
