// SPDX-License-Identifier: GPL-2.0-only
/* Percentiles to the nanosecond, and the two tests against published and hand-computed values. */
#include <math.h>
#include <stdlib.h>

#include "compare/latency/stats.h"
#include "compare_run.h"

static const char *const two[] = { "one", "two", NULL };
static struct result *r;
static struct result_source *s;

static void start(void)
{
	r = run_new(two, 1000);
	s = &r->source[0];
}

static void end(void)
{
	result_free(r);
}

TestSuite(compare_stats, .init = start, .fini = end);

static void add(struct result_source *to, uint64_t latency_ns)
{
	to->sample[to->nr_samples++] =
		(struct result_sample){ .notified = true, .latency_ns = latency_ns, .wakes = 1 };
}

static void miss(struct result_source *to, uint32_t n)
{
	while (n--)
		to->sample[to->nr_samples++] = (struct result_sample){ .notified = false };
}

/* Of 1..n, in an order that is not sorted. */
static struct result_stats stats_of(uint32_t n, uint32_t missed)
{
	struct result_stats got;

	s->nr_samples = 0;
	for (uint32_t i = 0; i < n; i++)
		add(s, n % 7 ? (i * 7 + 3) % n + 1 : n - i);
	miss(s, missed);
	result_stats(r, s, &got);
	return got;
}

Test(compare_stats, nothing)
{
	const struct result_stats got = stats_of(0, 0);

	cr_assert_eq(got.episodes, 0);
	cr_assert_eq(got.p50_ns, RESULT_UNKNOWN);
	cr_assert_eq(got.p90_ns, RESULT_UNKNOWN);
	cr_assert_eq(got.max_ns, RESULT_UNKNOWN);
}

Test(compare_stats, nearest_rank)
{
	struct result_stats got = stats_of(20, 0);

	cr_assert_eq(got.notified, 20);
	cr_assert_eq(got.missed, 0);
	cr_assert_eq(got.p50_ns, 10);
	cr_assert_eq(got.p90_ns, 18);
	cr_assert_eq(got.max_ns, 20);
	got = stats_of(1, 0);
	cr_assert_eq(got.p50_ns, 1);
	cr_assert_eq(got.p90_ns, 1);
	got = stats_of(11, 0);
	cr_assert_eq(got.p50_ns, 6);
	cr_assert_eq(got.p90_ns, 10);
	/* 6.3 and 10.8: up to the next whole rank. */
	cr_assert_eq(stats_of(7, 0).p90_ns, 7);
	cr_assert_eq(stats_of(12, 0).p90_ns, 11);
}

Test(compare_stats, p99_needs_a_hundred)
{
	struct result_stats got = stats_of(99, 0);

	cr_assert_eq(got.p99_ns, RESULT_UNKNOWN);
	got = stats_of(100, 0);
	cr_assert_eq(got.p99_ns, 99);
	got = stats_of(1000, 0);
	cr_assert_eq(got.p99_ns, 990);
	got = stats_of(99, 1);
	cr_assert_eq(got.p99_ns, RESULT_UNKNOWN, "a missed episode is no sample of a latency");
}

/* Leaving out what was missed would flatter those that miss much. */
Test(compare_stats, missed_counts_as_later_than_all)
{
	struct result_stats got = stats_of(10, 10);

	cr_assert_eq(got.episodes, 20);
	cr_assert_eq(got.missed, 10);
	cr_assert_eq(got.p50_ns, 10);
	cr_assert_eq(got.p90_ns, RESULT_NEVER);
	cr_assert_eq(got.max_ns, 10);
	got = stats_of(9, 10);
	cr_assert_eq(got.p50_ns, RESULT_NEVER);
	got = stats_of(0, 3);
	cr_assert_eq(got.p50_ns, RESULT_NEVER);
	cr_assert_eq(got.max_ns, RESULT_UNKNOWN);
	got = stats_of(1000 - 10, 10);
	cr_assert_eq(got.p99_ns, 990);
	got = stats_of(1000 - 11, 11);
	cr_assert_eq(got.p99_ns, RESULT_NEVER);
}

Test(compare_stats, false_wakes_add_up)
{
	struct result_stats got;

	add(s, 1);
	miss(s, 1);
	s->sample[0].false_wakes = 3;
	s->sample[1].false_wakes = 4;
	result_stats(r, s, &got);
	cr_assert_eq(got.false_wakes, 7);
	cr_assert_eq(got.others_wakes, 0);
}

Test(compare_stats, after_the_first_swap_out)
{
	static const uint64_t swap_out_ns[] = { 5, 7, 0, 20 };
	uint64_t swap_out_p50_ns, told_p50_ns;

	result_after_swap_out(r, s, &swap_out_p50_ns, &told_p50_ns);
	cr_assert_eq(swap_out_p50_ns, RESULT_UNKNOWN);
	cr_assert_eq(told_p50_ns, RESULT_UNKNOWN);
	for (uint32_t i = 0; i < 4; i++) {
		const uint64_t zero_ns = run_episode(r);

		r->episode[i].swap_out_ns = swap_out_ns[i] ? zero_ns + swap_out_ns[i] : 0;
		run_told(r, 0, 10);
	}
	/* 5, 7 and 20 after zero; 5 and 3 after that, and in the third before. */
	result_after_swap_out(r, s, &swap_out_p50_ns, &told_p50_ns);
	cr_assert_eq(swap_out_p50_ns, 7);
	cr_assert_eq(told_p50_ns, 3);
}

Test(compare_stats, wakes_by_others_are_false_too)
{
	struct result_stats got;

	add(s, 1);
	add(s, 1);
	s->sample[0].false_wakes = 3;
	s->sample[1].false_wakes = 4;
	s->sample[1].episode = 1;
	r->episode[1].others_hits = 1;
	result_stats(r, s, &got);
	cr_assert_eq(got.false_wakes, 7);
	cr_assert_eq(got.others_wakes, 4);
}

Test(compare_stats, costs)
{
	struct result_stats got;

	result_cost_stats(r, RESULT_COST_BOOK, &got);
	cr_assert_eq(got.p50_ns, RESULT_UNKNOWN);
	for (uint64_t i = 0; i < 20; i++)
		result_add_cost(r, RESULT_COST_BOOK, 20 - i);
	result_cost_stats(r, RESULT_COST_BOOK, &got);
	cr_assert_eq(got.episodes, 20);
	cr_assert_eq(got.p50_ns, 10);
	cr_assert_eq(got.max_ns, 20);
	cr_assert_eq(result_cost_percentile(r, RESULT_COST_BOOK, 10), 2);
	/* They stay in the order they came in. */
	cr_assert_eq(r->cost[RESULT_COST_BOOK].ns[0], 20);
}

Test(compare_stats, shares_and_ratios)
{
	cr_assert(isnan(result_cpu_share(&(struct result_cpu){ 5, 0 })));
	cr_assert_float_eq(result_cpu_share(&(struct result_cpu){ 5, 1000 }), 0.005, 1e-12);
	cr_assert_float_eq(result_ratio(438000, 138), 3173.9130, 1e-3);
	cr_assert(isnan(result_ratio(RESULT_NEVER, 1)));
	cr_assert(isnan(result_ratio(1, RESULT_UNKNOWN)));
	cr_assert(isnan(result_ratio(1, 0)));
}

static struct result_uniform uniform(void)
{
	struct result_uniform got;

	cr_assert(result_uniform(r, s, &got));
	return got;
}

/* The best there is: each sample amid its own n-th part of the interval. */
static void spread(uint32_t n, uint64_t over_ns)
{
	s->nr_samples = 0;
	s->interval_ns = NS_PER_S;
	for (uint32_t i = 0; i < n; i++)
		add(s, (2 * i + 1) * over_ns / (2 * n));
}

Test(compare_stats, evenly_spread_is_uniform)
{
	struct result_uniform got;

	spread(20, NS_PER_S);
	got = uniform();
	cr_assert_eq(got.n, 20);
	cr_assert_float_eq(got.distance, 1 / 40.0, 1e-9);
	cr_assert_float_eq(got.mean_ns, 5e8, 1);
	/* 1 s / sqrt(12 * 20) */
	cr_assert_float_eq(got.mean_error_ns, 64549722.4, 1);
}

/* The published critical values of D at 1 %; the approximation is worst for the fewest. */
Test(compare_stats, critical_values_are_the_published_ones)
{
	static const struct {
		uint32_t n;
		double d;
	} published[] = { { 5, 0.669 }, { 10, 0.489 }, { 15, 0.404 }, { 20, 0.352 }, { 35, 0.27 } };

	for (size_t i = 0; i < sizeof(published) / sizeof(published[0]); i++) {
		spread(published[i].n, NS_PER_S);
		cr_assert_float_eq(uniform().limit, published[i].d, 0.008, "n %u: %g",
				   published[i].n, uniform().limit);
	}
}

/* Samples in the first part of the interval have its other part as distance, and half a step. */
Test(compare_stats, what_is_not_uniform_is_far_from_it)
{
	spread(20, NS_PER_S * 7 / 10);
	cr_assert_float_eq(uniform().distance, 0.3 + 0.7 / 40, 1e-6);
	cr_assert_lt(uniform().distance, uniform().limit);
	spread(20, NS_PER_S / 2);
	cr_assert_float_eq(uniform().distance, 0.5 + 0.5 / 40, 1e-6);
	cr_assert_gt(uniform().distance, uniform().limit);
}

/* All late, and by more than an interval: no timer of that interval. */
Test(compare_stats, always_late_is_not_uniform)
{
	s->interval_ns = NS_PER_S;
	for (uint32_t i = 0; i < 10; i++)
		add(s, 2 * NS_PER_S + i);
	cr_assert_float_eq(uniform().distance, 1, 1e-9);
}

/* Of sound runs about one in a hundred is told as a contradiction, and no more. */
Test(compare_stats, chance_contradicts_once_in_a_hundred)
{
	unsigned int contradictions = 0;

	srandom(1);
	for (int run = 0; run < 5000; run++) {
		s->nr_samples = 0;
		s->interval_ns = NS_PER_S;
		for (uint32_t i = 0; i < 20; i++)
			add(s, (uint64_t)((double)random() / 2147483648.0 * 1e9));
		contradictions += uniform().distance > uniform().limit;
	}
	cr_assert(contradictions >= 25 && contradictions <= 75, "%u of 5000", contradictions);
}

Test(compare_stats, too_few_say_nothing)
{
	struct result_uniform got;

	spread(RESULT_MIN_UNIFORM - 1, NS_PER_S);
	cr_assert_not(result_uniform(r, s, &got));
	spread(RESULT_MIN_UNIFORM, NS_PER_S);
	cr_assert(result_uniform(r, s, &got));
	s->interval_ns = 0;
	cr_assert_not(result_uniform(r, s, &got), "it has no interval");
}

/* Missed ones have no place in the interval. */
Test(compare_stats, uniform_takes_what_was_told)
{
	spread(20, NS_PER_S);
	miss(s, 50);
	cr_assert_eq(uniform().n, 20);
	cr_assert_float_eq(uniform().distance, 1 / 40.0, 1e-9);
}

static double apart(void)
{
	return result_rank_distance(&r->source[0], &r->source[1]);
}

Test(compare_stats, ranks_apart)
{
	for (uint32_t i = 0; i < 10; i++) {
		add(s, i);
		add(&r->source[1], 10 + i);
	}
	/* U = 0: 49.5 / sqrt(175) */
	cr_assert_float_eq(apart(), 3.74185, 1e-5);
}

Test(compare_stats, ranks_mixed)
{
	for (uint32_t i = 0; i < 10; i++) {
		add(s, 2 * i);
		add(&r->source[1], 2 * i + 1);
	}
	/* U = 45: 4.5 / sqrt(175) */
	cr_assert_float_eq(apart(), 0.34017, 1e-5);
}

Test(compare_stats, ranks_tied)
{
	for (uint32_t i = 0; i < 8; i++) {
		add(s, 1);
		add(&r->source[1], i < 4 ? 1 : 2);
	}
	/* U = 16 of a mean of 32; groups of 12 and 4: 15.5 / sqrt(51.2) */
	cr_assert_float_eq(apart(), 2.16619, 1e-5);
	for (uint32_t i = 4; i < 8; i++)
		r->source[1].sample[i].latency_ns = 1;
	cr_assert_float_eq(apart(), 0, 1e-9, "all are equal");
}

Test(compare_stats, ranks_of_missed_come_last)
{
	for (uint32_t i = 0; i < 10; i++)
		add(s, i);
	miss(&r->source[1], 10);
	/* Ties among the missed: 49.5 / sqrt(100 / 12 * (21 - 990 / 380)) */
	cr_assert_float_eq(apart(), 3.99806, 1e-5);
}

Test(compare_stats, ranks_of_few_say_nothing)
{
	for (uint32_t i = 0; i < 7; i++)
		add(s, i);
	for (uint32_t i = 0; i < 20; i++)
		add(&r->source[1], i);
	cr_assert(isnan(apart()));
	add(s, 7);
	cr_assert_not(isnan(apart()));
}
