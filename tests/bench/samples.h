/* SPDX-License-Identifier: GPL-2.0-only */
/* A bounded set of measured values, all of them kept. */
#ifndef BENCH_SAMPLES_H
#define BENCH_SAMPLES_H

#include "common/json.h"

#define SAMPLES_MAX 2048

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

#endif
