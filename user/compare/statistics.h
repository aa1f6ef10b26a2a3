/* SPDX-License-Identifier: GPL-2.0-only */
/* Order statistics, and two tests that need no assumption about how values are distributed. */
#ifndef OOMN_COMPARE_STATISTICS_H
#define OOMN_COMPARE_STATISTICS_H

#include <stdint.h>

#include "common/json.h"

#define SAMPLES_MAX 2048

/* A bounded set of measured values, all of them kept. */
struct samples {
	unsigned int n;
	double v[SAMPLES_MAX];
};

/* One too many is left out: measured things take fewer. */
void samples_add(struct samples *s, double v);

/* Nearest rank; NaN when empty. 1000 is the largest. */
double samples_quantile(const struct samples *s, unsigned int permille);

/* The mean of the two in the middle where there are two. NaN when empty. */
double samples_median(const struct samples *s);

/* @key: {"n", "p50", "p99", "max", "samples": [...]} in the order they came. */
void samples_json(struct json *j, const char *key, const struct samples *s);

/* The nearest rank, from 1 on, of @permille of @n values. */
uint64_t statistics_rank(uint64_t n, unsigned int permille);

void statistics_sort(uint64_t *v, uint32_t n);

/*
 * Kolmogorov and Smirnov's test: the largest distance between the distribution of the sorted @v and
 * the uniform one over 0 to @high.
 */
double statistics_uniform_distance(const uint64_t *v, uint32_t n, double high);

/*
 * Chance brings a larger one once in a hundred sound runs (Stephens's approximation, good from 5
 * samples on); the fewer samples, the larger it is.
 */
double statistics_uniform_limit(uint32_t n);

/*
 * Mann and Whitney's rank test of two sets of values: how many standard deviations their ranks are
 * apart (normal approximation, ties and all; good from 8 values each on).
 */
double statistics_rank_distance(const uint64_t *a, uint32_t na, const uint64_t *b, uint32_t nb);

#endif
