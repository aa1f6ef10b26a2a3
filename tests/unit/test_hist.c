// SPDX-License-Identifier: GPL-2.0-only
/* The histogram's promise: no quantile below the true sample, none over 1/32 above it. */
#include <criterion/criterion.h>

#include "common/hist.h"

static struct hist h;

static void check_one(uint64_t ns)
{
	uint64_t got;

	h = (struct hist){ 0 };
	hist_add(&h, ns);
	hist_add(&h, UINT64_MAX); /* so that the largest sample does not cut the edge short */
	got = hist_quantile(&h, 500);
	cr_assert(got >= ns, "%lu came out as %lu", ns, got);
	cr_assert(got - ns <= ns / 32, "%lu came out as %lu", ns, got);
}

Test(hist, empty)
{
	cr_assert_eq(hist_quantile(&h, 500), 0);
}

Test(hist, every_power_and_its_neighbours)
{
	check_one(0);
	for (unsigned int bit = 0; bit < 64; bit++) {
		check_one((1ULL << bit) - 1);
		check_one(1ULL << bit);
		check_one((1ULL << bit) + 1);
	}
	check_one(UINT64_MAX);
}

Test(hist, small_values_are_exact)
{
	for (uint64_t ns = 0; ns < 64; ns++) {
		h = (struct hist){ 0 };
		hist_add(&h, ns);
		hist_add(&h, 1000);
		cr_assert_eq(hist_quantile(&h, 500), ns);
	}
}

Test(hist, largest_sample_is_exact)
{
	h = (struct hist){ 0 };
	hist_add(&h, 1000001);
	cr_assert_eq(hist_quantile(&h, 500), 1000001);
	cr_assert_eq(hist_quantile(&h, 1000), 1000001);
	cr_assert_eq(h.max, 1000001);
	cr_assert_eq(h.count, 1);
}

/* Of 1..1000 the nearest-rank quantile of q permille is q itself. */
Test(hist, nearest_rank)
{
	static const unsigned int permille[] = { 1, 10, 500, 900, 990, 999, 1000 };

	h = (struct hist){ 0 };
	for (uint64_t ns = 1; ns <= 1000; ns++)
		hist_add(&h, ns);
	for (size_t i = 0; i < sizeof(permille) / sizeof(permille[0]); i++) {
		uint64_t got = hist_quantile(&h, permille[i]);

		cr_assert(got >= permille[i] && got <= permille[i] + permille[i] / 32,
			  "%u permille came out as %lu", permille[i], got);
	}
}

/* Small values are exact, so that the rank is: the ceil(n * q)th of n samples, for any n. */
Test(hist, rank_is_exact)
{
	static const unsigned int permille[] = { 1, 333, 500, 501, 900, 990, 999, 1000 };

	for (uint64_t n = 1; n <= 2100; n = n < 20 ? n + 1 : n * 4 / 3) {
		h = (struct hist){ 0 };
		for (uint64_t i = 0; i < n; i++)
			hist_add(&h, i * 63 / n);
		for (size_t i = 0; i < sizeof(permille) / sizeof(permille[0]); i++) {
			uint64_t rank = (n * permille[i] + 999) / 1000;

			cr_assert_eq(hist_quantile(&h, permille[i]), (rank - 1) * 63 / n,
				     "%u permille of %lu", permille[i], n);
		}
	}
}

Test(hist, lowest_quantile_is_the_first_sample)
{
	h = (struct hist){ 0 };
	hist_add(&h, 5);
	hist_add(&h, 7);
	cr_assert_eq(hist_quantile(&h, 0), 5);
}

/* A bucket that is full stays full, and the quantile is still one of a sample. */
Test(hist, full_bucket)
{
	h = (struct hist){ 0 };
	hist_add(&h, 3);
	h.bucket[3] = UINT32_MAX;
	h.count = UINT32_MAX;
	hist_add(&h, 3);
	cr_assert_eq(h.bucket[3], UINT32_MAX);
	cr_assert_eq(h.count, (uint64_t)UINT32_MAX + 1);
	cr_assert_eq(hist_quantile(&h, 1000), 3);
}
