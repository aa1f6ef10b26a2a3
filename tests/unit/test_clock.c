// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's clock, seen from a time namespace. */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "common/clock.h"

static int parse(const char *text, int64_t *ahead_ns)
{
	FILE *f = tmpfile();
	int err;

	cr_assert_not_null(f);
	cr_assert_geq(fputs(text, f), 0);
	cr_assert_eq(fseek(f, 0, SEEK_SET), 0);
	err = clock_parse_offsets(f, ahead_ns);
	fclose(f);
	return err;
}

Test(clock, offsets_of_a_namespace)
{
	int64_t ns;

	cr_assert_eq(parse("monotonic           0         0\nboottime            0         0\n",
			   &ns),
		     0);
	cr_assert_eq(ns, 0);
	cr_assert_eq(parse("monotonic      100000         7\nboottime       50000         0\n",
			   &ns),
		     0);
	cr_assert_eq(ns, 100000 * (int64_t)NS_PER_S + 7);
	/* The kernel keeps the nanoseconds positive. */
	cr_assert_eq(parse("boottime 5 0\nmonotonic -1000 250000000\n", &ns), 0);
	cr_assert_eq(ns, -1000 * (int64_t)NS_PER_S + 250000000);
}

Test(clock, no_offsets)
{
	static const char *const texts[] = { "boottime 5 0\n", "monotonic\n", "monotonic x 0\n",
					     "monotonic 9223372036854775807 0\n", "garbage" };
	int64_t ns;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		cr_assert_eq(parse(texts[i], &ns), -EBADMSG, "%s", texts[i]);
}

Test(clock, a_reading_of_the_kernels_sets_it_right)
{
	const int64_t offsets[] = { 100000 * (int64_t)NS_PER_S, -500 * (int64_t)NS_PER_S };

	clock_ahead_ns = 0;
	cr_assert_not(clock_is_known);
	cr_assert(clock_check(1000, 1000, 1000));
	cr_assert(clock_is_known);
	cr_assert(clock_check(1000, 1500, 2000));
	cr_assert_eq(clock_ahead_ns, 0);
	for (size_t i = 0; i < 2; i++) {
		uint64_t kernel_ns = 1000 * NS_PER_S, own_ns = kernel_ns + (uint64_t)offsets[i];

		clock_ahead_ns = 0;
		cr_assert_not(clock_check(own_ns - 3000, kernel_ns, own_ns + 5000));
		cr_assert_eq(clock_ahead_ns, offsets[i] + 1000);
	}
}

Test(clock, this_process_knows_its_own)
{
	struct timespec ts;

	clock_init();
	cr_assert(clock_is_known);
	clock_gettime(CLOCK_MONOTONIC, &ts);
	cr_assert_leq((uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec,
		      now_ns() + (uint64_t)clock_ahead_ns);
}

/*
 * What was set to go off in an hour has nearly an hour left, whatever the namespace says the time
 * is.
 */
Test(clock, a_timer_goes_by_the_same_clock)
{
	const int64_t offsets[] = { 0, 100000 * (int64_t)NS_PER_S, -(int64_t)NS_PER_S };
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	struct itimerspec left;

	cr_assert_geq(fd, 0);
	for (size_t i = 0; i < 3; i++) {
		clock_ahead_ns = offsets[i];
		cr_assert_eq(clock_set_timer(fd, now_ns() + 3600 * NS_PER_S), 0);
		cr_assert_eq(timerfd_gettime(fd, &left), 0);
		cr_assert_leq(left.it_value.tv_sec, 3600);
		cr_assert_gt(left.it_value.tv_sec, 1800);
		cr_assert_eq(clock_set_timer(fd, 0), 0);
		cr_assert_eq(timerfd_gettime(fd, &left), 0);
		cr_assert_eq(left.it_value.tv_sec | left.it_value.tv_nsec, 0);
	}
	close(fd);
}
