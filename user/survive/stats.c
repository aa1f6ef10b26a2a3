// SPDX-License-Identifier: GPL-2.0-only
/* Counts survivors and takes medians. */
#include "stats.h"

#include <math.h>
#include <stdlib.h>

struct series {
	double v[SURVIVE_MAX_EPISODES];
	uint32_t n;
};

static void add(struct series *s, double v)
{
	if (s->n < SURVIVE_MAX_EPISODES)
		s->v[s->n++] = v;
}

static int smaller(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double p50(struct series *s)
{
	if (!s->n)
		return NAN;
	qsort(s->v, s->n, sizeof(s->v[0]), smaller);
	return s->v[(s->n - 1) / 2];
}

void survive_cell(const struct survive *s, uint32_t source, uint32_t rate, enum survive_swap swap,
		  struct survive_cell *out)
{
	struct series lead = { .n = 0 }, given = { .n = 0 }, stall = { .n = 0 };

	*out = (struct survive_cell){ .given_max = NAN };
	for (uint32_t i = 0; i < s->nr_episodes; i++) {
		const struct survive_episode *e = &s->episode[i];

		if (e->source != source || e->rate != rate || e->swap != swap)
			continue;
		out->episodes++;
		add(&stall, (double)e->stall_ns);
		if (e->tells) {
			out->told++;
			add(&lead, (double)e->lead_ns);
		}
		if (e->end != SURVIVE_LIVES || !e->needed_bytes)
			continue;
		out->survivors++;
		add(&given, (double)e->given_bytes / (double)e->needed_bytes);
	}
	out->lead_p50_ns = p50(&lead);
	out->stall_p50_ns = p50(&stall);
	out->given_p50 = p50(&given);
	if (given.n)
		out->given_max = given.v[given.n - 1];
}
