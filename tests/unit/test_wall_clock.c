// SPDX-License-Identifier: GPL-2.0-only
/* Stamps on the calendar: in the words of RFC 3339, whatever the clock was set to meanwhile. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "common/wall_clock.h"
#include "core/notice.h"

static char buf[WALL_LEN];

/* In UTC, wherever we are. */
static void start(void)
{
	setenv("TZ", "XYZ-5", 1);
	tzset();
}

TestSuite(wall_clock, .init = start);

Test(wall_clock, in_words)
{
	static const struct {
		uint64_t s;
		const char *want;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00.987654Z" },
		{ 951782399, "2000-02-28T23:59:59.987654Z" },
		{ 951782400, "2000-02-29T00:00:00.987654Z" },
		{ 1795654923, "2026-11-26T01:02:03.987654Z" },
		{ 4102444799, "2099-12-31T23:59:59.987654Z" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect_str_eq(wall_time(cases[i].s * NS_PER_S + 987654999, buf), cases[i].want,
				 "%s, not %s", buf, cases[i].want);
	cr_expect_eq(strlen(wall_time(UINT64_MAX, buf)), strlen(cases[0].want), "%s", buf);
}

Test(wall_clock, boot)
{
	char id[BOOT_ID_LEN], want[64] = "";
	FILE *f = fopen("/proc/sys/kernel/random/boot_id", "r");

	cr_assert(f && fgets(want, sizeof(want), f));
	fclose(f);
	want[strcspn(want, "\n")] = '\0';
	cr_assert_eq(boot_id_read(id), id);
	cr_assert_str_eq(id, want);
}

/* One moment, by both clocks: as far apart as they are when read by hand. */
Test(wall_clock, moment)
{
	struct timespec real;
	struct moment m, again;
	uint64_t wall_ns;

	m = moment_now();
	clock_gettime(CLOCK_REALTIME, &real);
	again = moment_now();
	wall_ns = (uint64_t)real.tv_sec * NS_PER_S + (uint64_t)real.tv_nsec;
	cr_assert(m.wall_ns <= wall_ns && wall_ns <= again.wall_ns);
	cr_assert_leq(m.time_ns, again.time_ns);
}

/* The clock is set an hour ahead between two notices: each keeps to the clock of its own moment. */
Test(wall_clock, clock_step)
{
	struct notice before = { .at = { 100 * NS_PER_S, 5000 * NS_PER_S } };
	struct notice after = { .at = { 101 * NS_PER_S, 8601 * NS_PER_S } };

	cr_assert_eq(notice_wall_ns(&before, 99 * NS_PER_S), 4999 * NS_PER_S);
	cr_assert_eq(notice_wall_ns(&before, 100 * NS_PER_S), 5000 * NS_PER_S);
	cr_assert_eq(notice_wall_ns(&after, 101 * NS_PER_S - 7), 8601 * NS_PER_S - 7);
	/* Processors' clocks may differ by some nanoseconds. */
	cr_assert_eq(notice_wall_ns(&after, 101 * NS_PER_S + 7), 8601 * NS_PER_S + 7);
}
