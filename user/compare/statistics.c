// SPDX-License-Identifier: GPL-2.0-only
#include "statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void samples_add(struct samples *s, double v)
{
	if (s->n < SAMPLES_MAX)
		s->v[s->n++] = v;
}

static int compare_double(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static const double *sorted(const struct samples *s)
{
	static double v[SAMPLES_MAX];

	memcpy(v, s->v, s->n * sizeof(v[0]));
	qsort(v, s->n, sizeof(v[0]), compare_double);
	return v;
}

double samples_quantile(const struct samples *s, unsigned int permille)
{
	const uint64_t rank = statistics_rank(s->n, permille);

	if (!s->n)
		return NAN;
	return sorted(s)[rank ? rank - 1 : 0];
}

double samples_median(const struct samples *s)
{
	const double *v = sorted(s);

	if (!s->n)
		return NAN;
	return (v[(s->n - 1) / 2] + v[s->n / 2]) / 2;
}

void samples_json(struct json *j, const char *key, const struct samples *s)
{
	json_open(j, key, '{');
	json_u64(j, "n", s->n);
	json_fixed(j, "p50", samples_median(s));
	json_fixed(j, "p99", samples_quantile(s, 990));
	json_fixed(j, "max", samples_quantile(s, 1000));
	json_open(j, "samples", '[');
	for (unsigned int i = 0; i < s->n; i++)
		json_fixed(j, NULL, s->v[i]);
	json_close(j, ']');
	json_close(j, '}');
}

uint64_t statistics_rank(uint64_t n, unsigned int permille)
{
	return (n * permille + 999) / 1000;
}

static int compare_u64(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

void statistics_sort(uint64_t *v, uint32_t n)
{
	qsort(v, n, sizeof(*v), compare_u64);
}

double statistics_uniform_distance(const uint64_t *v, uint32_t n, double high)
{
	double distance = 0;

	for (uint32_t i = 0; i < n; i++) {
		const double at = (double)v[i];
		/* A late wake-up may be behind the interval's end. */
		const double theory = at < high ? at / high : 1;

		distance = fmax(distance, fmax((i + 1.0) / n - theory, theory - 1.0 * i / n));
	}
	return distance;
}

/* Where Kolmogorov's limit law has 1 %. */
#define KOLMOGOROV_1_PERCENT 1.6276

double statistics_uniform_limit(uint32_t n)
{
	/* Stephens's factor makes a distance follow that law already with few samples. */
	return KOLMOGOROV_1_PERCENT / (sqrt(n) + 0.12 + 0.11 / sqrt(n));
}

/* Adds the number of values in @v that are below @key, and of those that are equal. */
static void count_below(const uint64_t *v, uint32_t n, uint64_t key, double *below, double *equal)
{
	for (uint32_t i = 0; i < n; i++) {
		*below += v[i] < key;
		*equal += v[i] == key;
	}
}

double statistics_rank_distance(const uint64_t *a, uint32_t na, const uint64_t *b, uint32_t nb)
{
	const uint64_t *const both[] = { a, b };
	const uint32_t size[] = { na, nb };
	const double n = (double)na + nb, mean = (double)na * nb / 2;
	double u = 0, ties = 0, variance;

	for (int which = 0; which < 2; which++) {
		for (uint32_t i = 0; i < size[which]; i++) {
			const uint64_t key = both[which][i];
			double below = 0, equal = 0;

			count_below(b, nb, key, &below, &equal);
			if (!which)
				u += below + equal / 2;
			count_below(a, na, key, &below, &equal);
			/* Over all members of a group of t equal ones, t^3 - t. */
			ties += equal * equal - 1;
		}
	}
	variance = (double)na * nb / 12 * (n + 1 - ties / (n * (n - 1)));
	if (variance <= 0)
		return 0; /* all are equal */
	/* Half a step towards the mean, as ranks are whole numbers. */
	return fmax(fabs(u - mean) - 0.5, 0) / sqrt(variance);
}
