// SPDX-License-Identifier: GPL-2.0-only
/* Order statistics of samples, and two tests that need no assumption about their distribution. */
#include "stats.h"

#include <math.h>
#include <stdlib.h>

/*
 * Nothing here calls libm. Every verb would have it mapped, and watch, which locks all that is
 * mapped into memory, would be 0.9 MB larger for it.
 */

static int compare(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Those told, in order. */
static uint32_t sort_told(const struct result *r, const struct result_source *s)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->nr_samples; i++)
		if (s->sample[i].told)
			r->sorted[n++] = s->sample[i].latency_ns;
	qsort(r->sorted, n, sizeof(*r->sorted), compare);
	return n;
}

static uint32_t sort_cost(const struct result *r, const struct result_series *c)
{
	for (uint32_t i = 0; i < c->n; i++)
		r->sorted[i] = c->ns[i];
	qsort(r->sorted, c->n, sizeof(*r->sorted), compare);
	return c->n;
}

/* @told values are in order, the other @episodes are behind them. */
static uint64_t percentile(const uint64_t *sorted, uint32_t told, uint32_t episodes,
			   uint32_t percent)
{
	/* In 64 bits: no number of episodes overflows. */
	const uint64_t rank = ((uint64_t)episodes * percent + 99) / 100;

	if (!episodes)
		return RESULT_UNKNOWN;
	return rank > told ? RESULT_NEVER : sorted[rank - 1];
}

static void fill_percentiles(const uint64_t *sorted, struct result_stats *s)
{
	s->p50_ns = percentile(sorted, s->told, s->episodes, 50);
	s->p90_ns = percentile(sorted, s->told, s->episodes, 90);
	s->p99_ns = s->told < RESULT_MIN_P99 ? RESULT_UNKNOWN :
					       percentile(sorted, s->told, s->episodes, 99);
	s->max_ns = s->told ? sorted[s->told - 1] : RESULT_UNKNOWN;
}

void result_stats(const struct result *r, const struct result_source *s, struct result_stats *out)
{
	*out = (struct result_stats){ .episodes = s->nr_samples, .told = sort_told(r, s) };
	out->missed = out->episodes - out->told;
	for (uint32_t i = 0; i < s->nr_samples; i++) {
		const struct result_sample *k = &s->sample[i];

		out->false_wakes += k->false_wakes;
		if (r->episode[k->episode].others_hits)
			out->others_wakes += k->false_wakes;
	}
	fill_percentiles(r->sorted, out);
}

/* What comes before the swap-out was told of something else, and is at once after it. */
static uint64_t since_swap_out(const struct result_episode *e, const struct result_sample *k)
{
	const uint64_t told_ns = e->zero_ns + k->latency_ns;

	return told_ns > e->swap_out_ns ? told_ns - e->swap_out_ns : 0;
}

void result_after_swap_out(const struct result *r, const struct result_source *s,
			   uint64_t *swap_out_p50_ns, uint64_t *told_p50_ns)
{
	uint64_t *const p50_ns[] = { swap_out_p50_ns, told_p50_ns };

	for (int which = 0; which < 2; which++) {
		uint32_t n = 0;

		for (uint32_t i = 0; i < s->nr_samples; i++) {
			const struct result_episode *e = &r->episode[s->sample[i].episode];

			if (!s->sample[i].told || !e->swap_out_ns)
				continue;
			r->sorted[n++] = which ? since_swap_out(e, &s->sample[i]) :
						 e->swap_out_ns - e->zero_ns;
		}
		qsort(r->sorted, n, sizeof(*r->sorted), compare);
		*p50_ns[which] = percentile(r->sorted, n, n, 50);
	}
}

uint64_t result_percentile(const struct result *r, const struct result_source *s, uint32_t percent)
{
	return percentile(r->sorted, sort_told(r, s), s->nr_samples, percent);
}

void result_cost_stats(const struct result *r, enum result_cost cost, struct result_stats *out)
{
	const uint32_t n = sort_cost(r, &r->cost[cost]);

	*out = (struct result_stats){ .episodes = n, .told = n };
	fill_percentiles(r->sorted, out);
}

uint64_t result_cost_percentile(const struct result *r, enum result_cost cost, uint32_t percent)
{
	const uint32_t n = sort_cost(r, &r->cost[cost]);

	return percentile(r->sorted, n, n, percent);
}

double result_cpu_share(const struct result_cpu *cpu)
{
	return cpu->over_ns ? (double)cpu->used_ns / (double)cpu->over_ns : NAN;
}

double result_ratio(uint64_t a_ns, uint64_t b_ns)
{
	if (a_ns >= RESULT_NEVER || b_ns >= RESULT_NEVER || !b_ns)
		return NAN;
	return (double)a_ns / (double)b_ns;
}

/* Heron's method; from above it comes down to the root without ever passing it. */
static double root(double x)
{
	double now = x > 1 ? x : 1, before;

	do {
		before = now;
		now = (before + x / before) / 2;
	} while (now < before);
	return before;
}

static double larger(double a, double b)
{
	return a > b ? a : b;
}

/* Where Kolmogorov's limit law has 1 %. */
#define KOLMOGOROV_1_PERCENT 1.6276

/* What a distance is multiplied by to follow that law already with few samples. */
static double stephens(uint32_t n)
{
	return root(n) + 0.12 + 0.11 / root(n);
}

bool result_uniform(const struct result *r, const struct result_source *s,
		    struct result_uniform *out)
{
	const uint32_t n = sort_told(r, s);
	const double interval = (double)s->interval_ns;

	*out = (struct result_uniform){ .n = n };
	if (n < RESULT_MIN_UNIFORM || !s->interval_ns)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		const double at = (double)r->sorted[i];
		/* What wakes up late may be behind the interval's end by that. */
		const double theory = at < interval ? at / interval : 1;

		out->mean_ns += at / n;
		out->distance = larger(out->distance,
				       larger((i + 1.0) / n - theory, theory - 1.0 * i / n));
	}
	out->mean_error_ns = interval / root(12.0 * n);
	out->limit = KOLMOGOROV_1_PERCENT / stephens(n);
	return true;
}

/* A missed episode sorts behind all others. */
static uint64_t rank_key(const struct result_sample *s)
{
	return s->told ? s->latency_ns : RESULT_NEVER;
}

/* How many of @keys are below @key, and as many as are equal. */
static void count_below(const struct result_source *s, uint64_t key, double *below, double *equal)
{
	for (uint32_t i = 0; i < s->nr_samples; i++) {
		*below += rank_key(&s->sample[i]) < key;
		*equal += rank_key(&s->sample[i]) == key;
	}
}

double result_rank_distance(const struct result_source *a, const struct result_source *b)
{
	const double na = a->nr_samples, nb = b->nr_samples, n = na + nb;
	double u = 0, ties = 0, variance;
	const struct result_source *both[] = { a, b };

	if (na < RESULT_MIN_RANKS || nb < RESULT_MIN_RANKS)
		return NAN;
	for (int which = 0; which < 2; which++) {
		for (uint32_t i = 0; i < both[which]->nr_samples; i++) {
			const uint64_t key = rank_key(&both[which]->sample[i]);
			double below = 0, equal = 0;

			count_below(b, key, &below, &equal);
			if (!which)
				u += below + equal / 2;
			count_below(a, key, &below, &equal);
			/* Over all members of a group of t equal ones, t^3 - t. */
			ties += equal * equal - 1;
		}
	}
	variance = na * nb / 12 * (n + 1 - ties / (n * (n - 1)));
	if (variance <= 0)
		return 0; /* all are equal */
	/* Half a step towards the mean, as ranks are whole numbers. */
	u = u > na * nb / 2 ? u - na * nb / 2 : na * nb / 2 - u;
	return larger(u - 0.5, 0) / root(variance);
}
