// SPDX-License-Identifier: GPL-2.0-only
/* Order statistics of a few measured values. */
#include "samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void samples_add(struct samples *s, double v)
{
	if (s->n < SAMPLES_MAX)
		s->v[s->n++] = v;
}

static int compare(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static const double *sorted(const struct samples *s)
{
	static double v[SAMPLES_MAX];

	memcpy(v, s->v, s->n * sizeof(v[0]));
	qsort(v, s->n, sizeof(v[0]), compare);
	return v;
}

double samples_quantile(const struct samples *s, unsigned int permille)
{
	unsigned int rank = (s->n * permille + 999) / 1000;

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
