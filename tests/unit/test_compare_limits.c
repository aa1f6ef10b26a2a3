// SPDX-License-Identifier: GPL-2.0-only
/*
 * Limits of early notification, held against the published runs (docs/compare): medians on
 * two idle cores, 3,000 times earlier than the timer and than PSI, 1.5 times the bare wake-up,
 * nothing missed, nothing false, 0.01 % of a core while idle. A run that falls short of one has its
 * own limit here, so that no later run is published that is worse.
 */
#include <criterion/criterion.h>

#include "compare/latency/file.h"
#include "compare/latency/stats.h"

#define EARLIER	      3000
#define TIMES_BARE    1.5
#define IDLE_SHARE    0.0001
#define NOT_ASKED_FOR 0

static const struct published {
	const char *path;
	double timer, psi; /* so many times earlier at least */
	double bare;	   /* so many times the bare wake-up at most */
	uint64_t false_wakes;
} runs[] = {
	/* DAMON swapped out a page now and then, which the tracepoint told of. */
	{ "docs/compare/6.18-alone.json", 2700, EARLIER, TIMES_BARE, 4 },
	/* In company: all sources wake up at once. */
	{ "docs/compare/6.18.json", 2900, EARLIER, 2.6, 10 },
	/* In a virtual machine only what a program does takes ten times as long. */
	{ "docs/compare/5.10-device.json", 900, NOT_ASKED_FOR, TIMES_BARE, 0 },
	{ "docs/compare/6.1-device.json", 400, NOT_ASKED_FOR, TIMES_BARE, 0 },
	{ "docs/compare/6.12-device.json", 700, NOT_ASKED_FOR, TIMES_BARE, 0 },
	{ "docs/compare/7.x-device.json", 700, NOT_ASKED_FOR, TIMES_BARE, 0 },
};

static uint64_t p50_ns(const struct result *r, const char *name)
{
	const struct result_source *s = result_find(r, name);

	cr_assert(s && s->state == RESULT_RAN && s->nr_samples, "%s was not measured", name);
	return result_percentile(r, s, 50);
}

static void check(const struct published *p)
{
	char why[RESULT_TEXT_LEN];
	struct result *r = result_read(p->path, why);
	const struct result_source *own;
	struct result_stats stats, bare;
	double times;

	cr_assert_not_null(r, "%s: %s", p->path, why);
	own = result_find(r, SOURCE_TRACEPOINT);
	cr_assert_not_null(own);
	result_stats(r, own, &stats);
	result_cost_stats(r, RESULT_COST_BASELINE, &bare);
	cr_assert_eq(stats.missed, 0, "%s", p->path);
	cr_assert_leq(stats.false_wakes, p->false_wakes, "%s", p->path);
	cr_assert_lt(result_cpu_share(&own->idle), IDLE_SHARE, "%s", p->path);
	times = result_ratio(stats.p50_ns, bare.p50_ns);
	cr_assert_leq(times, p->bare, "%s: %g times the bare wake-up", p->path, times);
	times = result_ratio(p50_ns(r, SOURCE_TIMER), stats.p50_ns);
	cr_assert_geq(times, p->timer, "%s: %g times the timer", p->path, times);
	if (p->psi > NOT_ASKED_FOR)
		cr_assert_geq(result_ratio(p50_ns(r, SOURCE_PSI), stats.p50_ns), p->psi, "%s",
			      p->path);
	result_free(r);
}

Test(compare_limits, published_runs)
{
	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++)
		check(&runs[i]);
}
