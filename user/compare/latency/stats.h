/* SPDX-License-Identifier: GPL-2.0-only */
/* Statistics of a source's samples, and how likely they are what theory says of a timer. */
#ifndef OOMN_COMPARE_STATS_H
#define OOMN_COMPARE_STATS_H

#include "result.h"

/* Below so many the 99th percentile would only be the largest sample under another name. */
#define RESULT_MIN_P99 100

/*
 * Percentiles are nearest rank, over all episodes, where a missed one counts as later than any that
 * was notified; the largest is that of those notified.
 */
struct result_stats {
	uint32_t episodes, notified, missed;
	uint64_t false_wakes;
	uint64_t others_wakes; /* of these, in a quiet in which others swapped out or reclaimed */
	uint64_t p50_ns, p90_ns, p99_ns, max_ns;
};

void result_stats(const struct result *r, const struct result_source *s, struct result_stats *out);

/*
 * Medians over the episodes that @s notified and that swapped out: how long after zero the first
 * swap-out came, and how long after that @s knew. Both RESULT_UNKNOWN where there are none.
 */
void result_after_swap_out(const struct result *r, const struct result_source *s,
			   uint64_t *swap_out_p50_ns, uint64_t *told_p50_ns);

/* Any other percentile of a source, 1 to 100; RESULT_NEVER and RESULT_UNKNOWN as above. */
uint64_t result_percentile(const struct result *r, const struct result_source *s, uint32_t percent);

/* Likewise of a series, which misses nothing. */
void result_cost_stats(const struct result *r, enum result_cost cost, struct result_stats *out);
uint64_t result_cost_percentile(const struct result *r, enum result_cost cost, uint32_t percent);

/* The share of a core, 0 to 1; NaN where it was not measured. */
double result_cpu_share(const struct result_cpu *cpu);

/* The ratio of @a_ns to @b_ns; NaN where one of them is never or unknown, or @b_ns is 0. */
double result_ratio(uint64_t a_ns, uint64_t b_ns);

/* Too few to say anything. */
#define RESULT_MIN_UNIFORM 5
#define RESULT_MIN_RANKS   8

/*
 * Kolmogorov and Smirnov's test: @distance is the largest one between the samples' distribution and
 * the uniform one over the interval. Chance brings one above @limit once in a hundred sound runs
 * (Stephens's approximation, good from 5 samples on); the fewer samples, the larger it is.
 */
struct result_uniform {
	uint32_t n;
	double mean_ns;
	double mean_error_ns; /* standard error that a uniform distribution's mean has at this n */
	double distance, limit;
};

/* Tests the samples that were notified. False when there are fewer than RESULT_MIN_UNIFORM. */
bool result_uniform(const struct result *r, const struct result_source *s,
		    struct result_uniform *out);

/* Chance brings a larger rank distance, up or down, once in a hundred times. */
#define RESULT_RANK_LIMIT 2.576

/*
 * Mann and Whitney's rank test of two sources' samples, a missed one being later than any other:
 * how many standard deviations their ranks are apart (normal approximation, ties and all). NaN
 * below RESULT_MIN_RANKS samples on either side.
 */
double result_rank_distance(const struct result_source *a, const struct result_source *b);

#endif
