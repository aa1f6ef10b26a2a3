// SPDX-License-Identifier: GPL-2.0-only
/* Statistics of a result. */
#include "stats.h"

#include <math.h>
#include <stdlib.h>

#include "common/cleanup.h"
#include "compare/statistics.h"

/* Sorts the latencies that were notified; their number. */
static uint32_t sort_notified(const struct result *r, const struct result_source *s)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->nr_samples; i++)
		if (s->sample[i].notified)
			r->sorted[n++] = s->sample[i].latency_ns;
	statistics_sort(r->sorted, n);
	return n;
}

static uint32_t sort_cost(const struct result *r, const struct result_series *c)
{
	for (uint32_t i = 0; i < c->n; i++)
		r->sorted[i] = c->ns[i];
	statistics_sort(r->sorted, c->n);
	return c->n;
}

/* @notified values are in order, the other @episodes are behind them. */
static uint64_t percentile(const uint64_t *sorted, uint32_t notified, uint32_t episodes,
			   uint32_t percent)
{
	const uint64_t rank = statistics_rank(episodes, percent * 10);

	if (!episodes)
		return RESULT_UNKNOWN;
	return rank > notified ? RESULT_NEVER : sorted[rank - 1];
}

static void fill_percentiles(const uint64_t *sorted, struct result_stats *s)
{
	s->p50_ns = percentile(sorted, s->notified, s->episodes, 50);
	s->p90_ns = percentile(sorted, s->notified, s->episodes, 90);
	s->p99_ns = s->notified < RESULT_MIN_P99 ? RESULT_UNKNOWN :
						   percentile(sorted, s->notified, s->episodes, 99);
	s->max_ns = s->notified ? sorted[s->notified - 1] : RESULT_UNKNOWN;
}

void result_stats(const struct result *r, const struct result_source *s, struct result_stats *out)
{
	*out = (struct result_stats){ .episodes = s->nr_samples, .notified = sort_notified(r, s) };
	out->missed = out->episodes - out->notified;
	for (uint32_t i = 0; i < s->nr_samples; i++) {
		const struct result_sample *k = &s->sample[i];

		out->false_wakes += k->false_wakes;
		if (r->episode[k->episode].others_hits)
			out->others_wakes += k->false_wakes;
	}
	fill_percentiles(r->sorted, out);
}

/* A wake-up before the swap-out was notified of something else, and counts as at once after it. */
static uint64_t since_swap_out(const struct result_episode *e, const struct result_sample *k)
{
	const uint64_t notified_ns = e->zero_ns + k->latency_ns;

	return notified_ns > e->swap_out_ns ? notified_ns - e->swap_out_ns : 0;
}

void result_after_swap_out(const struct result *r, const struct result_source *s,
			   uint64_t *swap_out_p50_ns, uint64_t *told_p50_ns)
{
	uint64_t *const p50_ns[] = { swap_out_p50_ns, told_p50_ns };

	for (int which = 0; which < 2; which++) {
		uint32_t n = 0;

		for (uint32_t i = 0; i < s->nr_samples; i++) {
			const struct result_episode *e = &r->episode[s->sample[i].episode];

			if (!s->sample[i].notified || !e->swap_out_ns)
				continue;
			r->sorted[n++] = which ? since_swap_out(e, &s->sample[i]) :
						 e->swap_out_ns - e->zero_ns;
		}
		statistics_sort(r->sorted, n);
		*p50_ns[which] = percentile(r->sorted, n, n, 50);
	}
}

uint64_t result_percentile(const struct result *r, const struct result_source *s, uint32_t percent)
{
	return percentile(r->sorted, sort_notified(r, s), s->nr_samples, percent);
}

void result_cost_stats(const struct result *r, enum result_cost cost, struct result_stats *out)
{
	const uint32_t n = sort_cost(r, &r->cost[cost]);

	*out = (struct result_stats){ .episodes = n, .notified = n };
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

bool result_uniform(const struct result *r, const struct result_source *s,
		    struct result_uniform *out)
{
	const uint32_t n = sort_notified(r, s);
	const double interval = (double)s->interval_ns;

	*out = (struct result_uniform){ .n = n };
	if (n < RESULT_MIN_UNIFORM || !s->interval_ns)
		return false;
	for (uint32_t i = 0; i < n; i++)
		out->mean_ns += (double)r->sorted[i] / n;
	out->mean_error_ns = interval / sqrt(12.0 * n);
	out->distance = statistics_uniform_distance(r->sorted, n, interval);
	out->limit = statistics_uniform_limit(n);
	return true;
}

/* A missed episode sorts behind all others. */
static uint64_t *rank_keys(const struct result_source *s)
{
	uint64_t *keys = calloc(s->nr_samples, sizeof(*keys));

	for (uint32_t i = 0; keys && i < s->nr_samples; i++)
		keys[i] = s->sample[i].notified ? s->sample[i].latency_ns : RESULT_NEVER;
	return keys;
}

double result_rank_distance(const struct result_source *a, const struct result_source *b)
{
	_cleanup_free_ uint64_t *ka = NULL, *kb = NULL;

	if (a->nr_samples < RESULT_MIN_RANKS || b->nr_samples < RESULT_MIN_RANKS)
		return NAN;
	ka = rank_keys(a);
	kb = rank_keys(b);
	return ka && kb ? statistics_rank_distance(ka, a->nr_samples, kb, b->nr_samples) : NAN;
}
