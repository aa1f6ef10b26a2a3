// SPDX-License-Identifier: GPL-2.0-only
/*
 * The speed at which the kernel swaps out with the loader running and without, in pairs of either
 * order: the ratio is taken within a pair.
 */
#include <signal.h>

#include "bench.h"
#include "compare/statistics.h"
#include "verbs.h"

#define PAIRS 12

static struct watch watch = { .proc = PROC_NONE };
static struct samples on, off, ratio; /* pages a second; on / off */

static int swap_out(struct env *env, double *pages_per_s)
{
	const struct pressure_args args = {
		.limit = "64M",
		.use = "192M",
		.swap_size = "256M",
		.gap = "0",
		.episodes = 2,
		.cpu = -1,
	};
	struct burst burst;
	int err = pressure_run(env, &args, &burst);

	if (err)
		return err;
	if (!burst.pages)
		return env_fail(env, "nothing was swapped out");
	*pages_per_s = (double)burst.pages * (double)NS_PER_S / (double)burst.ns;
	return 0;
}

static int swap_out_watched(struct env *env, double *pages_per_s)
{
	int err = watch_start(env, &watch, NULL);

	if (!err)
		err = swap_out(env, pages_per_s);
	if (!err)
		err = watch_stop(env, &watch, SIGTERM);
	watch_free(&watch);
	return err;
}

static int one_round(struct env *env, unsigned int i)
{
	double with = 0, without = 0;
	int err;

	if (i % 2) {
		err = swap_out_watched(env, &with);
		if (!err)
			err = swap_out(env, &without);
	} else {
		err = swap_out(env, &without);
		if (!err)
			err = swap_out_watched(env, &with);
	}
	if (err)
		return err;
	samples_add(&on, with);
	samples_add(&off, without);
	samples_add(&ratio, with / without);
	return 0;
}

static void report(struct report *r)
{
	const struct row row = {
		"swapped out, watched",
		samples_median(&on),
		"not",
		samples_median(&off),
		samples_median(&ratio),
		0.98,
		AT_LEAST,
		UNIT_PAGES_PER_S,
	};

	report_heading(r, "Throughput, median of %u pairs; half of the ratios are %.3f to %.3f",
		       PAIRS, samples_quantile(&ratio, 250), samples_quantile(&ratio, 750));
	report_row(r, &row);
	samples_json(&r->json, "watched_pages_per_s", &on);
	samples_json(&r->json, "unwatched_pages_per_s", &off);
	samples_json(&r->json, "ratio", &ratio);
}

static void teardown(void)
{
	watch_free(&watch);
}

const struct bench bench_throughput = {
	.name = "throughput",
	.does = "swap-out throughput",
	.rounds = PAIRS,
	.round = one_round,
	.report = report,
	.teardown = teardown,
};
