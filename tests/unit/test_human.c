// SPDX-License-Identifier: GPL-2.0-only
/* Figures in few columns: never more than five, cut off and never rounded up. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/human.h"

static char buf[HUMAN_LEN];

Test(human, sizes)
{
	static const struct {
		uint64_t bytes;
		const char *want;
	} cases[] = {
		{ 0, "0" },
		{ 1, "0.0K" },
		{ 512, "0.5K" },
		{ 4096, "4.0K" },
		{ 10239, "9.9K" },
		{ 10240, "10K" },
		{ (1 << 20) - 1, "1023K" },
		{ 1 << 20, "1.0M" },
		{ 7654321, "7.2M" },
		{ 16ULL << 30, "16G" },
		{ 5ULL << 40, "5.0T" },
		{ 1ULL << 60, "1024P" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect_str_eq(human_size(cases[i].bytes, buf), cases[i].want, "%s, not %s", buf,
				 cases[i].want);
	for (uint64_t n = 1; n < 1ULL << 60; n = n * 3 / 2 + 1)
		cr_assert_leq(strlen(human_size(n, buf)), 5, "%s", buf);
}

Test(human, times_and_counts)
{
	cr_expect_str_eq(human_time(999, buf), "999ns");
	cr_expect_str_eq(human_time(138 * NS_PER_US, buf), "138us");
	cr_expect_str_eq(human_time(1299 * NS_PER_US, buf), "1.2ms");
	cr_expect_str_eq(human_time(2 * NS_PER_S, buf), "2.0s");
	cr_expect_str_eq(human_time(1000 * NS_PER_S, buf), "16m");
	cr_expect_str_eq(human_count(99999, buf), "99999");
	cr_expect_str_eq(human_count(100000, buf), "100k");
	for (uint64_t n = 1; n < 1ULL << 52; n = n * 3 / 2 + 1) {
		cr_assert_leq(strlen(human_time(n, buf)), 5, "%s", buf);
		cr_assert_leq(strlen(human_count(n, buf)), 5, "%s", buf);
	}
}

Test(human, wall_clock)
{
	setenv("TZ", "UTC0", 1);
	cr_expect_str_eq(human_clock(0, buf), "00:00:00.000");
	cr_expect_str_eq(human_clock((86400ULL + 45296) * NS_PER_S + 789999999, buf),
			 "12:34:56.789");
	human_clock(UINT64_MAX, buf);
	cr_expect_eq(strlen(buf), 12, "%s", buf);
}
