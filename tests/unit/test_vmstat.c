// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's counters, from made-up /proc/vmstat texts. */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "core/vmstat.h"

static struct vmstat v;

static int parse(const char *text)
{
	FILE *f = fmemopen((void *)text, strlen(text), "r");
	int err;

	cr_assert_not_null(f);
	err = vmstat_parse(f, &v);
	(void)fclose(f);
	return err;
}

Test(vmstat, every_counter)
{
	cr_assert_eq(parse("nr_free_pages 1\n"
			   "pswpin 2\n"
			   "pswpout 3\n"
			   "allocstall_dma 0\n"
			   "allocstall_dma32 10\n"
			   "allocstall_normal 20\n"
			   "allocstall_movable 30\n"
			   "allocstall_device 1\n"
			   "oom_kill 4\n"
			   "swpin_zero 5\n"
			   "swpout_zero 6\n"
			   "zswpin 7\n"
			   "zswpout 8\n"
			   "zswpwb 9\n"),
		     0);
	cr_assert_eq(v.pswpout, 3);
	cr_assert_eq(v.swpout_zero, 6);
	cr_assert_eq(v.zswpout, 8);
	cr_assert_eq(v.allocstall, 61);
	cr_assert_eq(v.oom_kill, 4);
}

/* An older kernel, or one without zswap: what is not there is not 0. */
Test(vmstat, missing_counters)
{
	cr_assert_eq(parse("pswpout 0\nallocstall_normal 2\n"), 0);
	cr_assert_eq(v.pswpout, 0);
	cr_assert_eq(v.swpout_zero, -1);
	cr_assert_eq(v.zswpout, -1);
	cr_assert_eq(v.allocstall, 2);
	cr_assert_eq(v.oom_kill, -1);
}

Test(vmstat, names_like_ours)
{
	cr_assert_eq(parse("pswpout2 1\nxpswpout 1\npswpou 1\noom_kill_x 1\nallocstall 1\n"),
		     -EBADMSG);
	cr_assert_eq(v.pswpout, -1);
	cr_assert_eq(v.allocstall, -1);
	cr_assert_eq(v.oom_kill, -1);
}

Test(vmstat, garbage)
{
	static const char *const bad[] = { " ",		  "\n\n",  "pswpout",	   "pswpout x",
					   "pswpout\n\n", "1 2 3", "\xff\xfe\x01", "pswpout -",
					   "= 5" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cr_assert_eq(parse(bad[i]), -EBADMSG, "'%s'", bad[i]);
		cr_assert_eq(v.pswpout, -1);
	}
	/* What stood before it holds. */
	cr_assert_eq(parse("pswpout 5\n\xff\xfe garbage\n"), 0);
	cr_assert_eq(v.pswpout, 5);
}

Test(vmstat, names_longer_than_any)
{
	char text[512];

	memset(text, 'a', sizeof(text));
	memcpy(text + 300, " 7\n", 4);
	cr_assert_eq(parse(text), -EBADMSG);
}

Test(vmstat, largest_number)
{
	cr_assert_eq(parse("pswpout 9223372036854775807\n"), 0);
	cr_assert_eq(v.pswpout, INT64_MAX);
}

/* Nothing that a file can say is undefined behaviour, and no counter turns negative. */
Test(vmstat, overflow)
{
	cr_assert_eq(parse("pswpout 99999999999999999999999\n"), 0);
	cr_assert_geq(v.pswpout, 0);
	cr_assert_eq(parse("allocstall_dma 9223372036854775807\nallocstall_normal 1\n"), 0);
	cr_assert_geq(v.allocstall, 0);
}

Test(vmstat, delta)
{
	const struct vmstat from = {
		.pswpout = 10, .swpout_zero = -1, .zswpout = 5, .allocstall = -1, .oom_kill = 1
	};
	const struct vmstat to = {
		.pswpout = 25, .swpout_zero = -1, .zswpout = -1, .allocstall = 7, .oom_kill = 1
	};
	struct vmstat d = vmstat_delta(&from, &to);

	cr_assert_eq(d.pswpout, 15);
	cr_assert_eq(d.swpout_zero, -1);
	cr_assert_eq(d.zswpout, -1, "known only at the start");
	cr_assert_eq(d.allocstall, -1, "known only at the end");
	cr_assert_eq(d.oom_kill, 0);
}

/* Every kernel we run on has these two. */
Test(vmstat, this_machine)
{
	cr_assert_eq(vmstat_read(&v), 0);
	cr_assert_geq(v.oom_kill, 0);
	cr_assert_geq(v.allocstall, 0);
}
