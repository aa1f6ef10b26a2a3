// SPDX-License-Identifier: GPL-2.0-only
/* From exec to ready: seen from outside, and by watch's own account. */
#include <math.h>

#include "bench.h"
#include "compare/statistics.h"
#include "verbs.h"

#define ROUNDS 10

static struct watch watch = { .proc = PROC_NONE };
static struct samples seen_ns, own_ns;

static int one_round(struct env *env, unsigned int i)
{
	double ready_ms = NAN;
	int err = watch_start(env, &watch, "--duration=1ms");

	(void)i;
	if (!err)
		err = watch_stop(env, &watch, 0);
	if (err)
		return err;
	samples_add(&seen_ns, (double)watch.ready_ns);
	if (!field_double(watch.summary, "ready_ms", &ready_ms))
		return env_fail(env, "no ready_ms in the summary");
	samples_add(&own_ns, ready_ms * (double)NS_PER_MS);
	watch_free(&watch);
	return 0;
}

static void report(struct report *r)
{
	const struct row rows[] = {
		{ "exec to ready", samples_median(&seen_ns), "by itself", samples_median(&own_ns),
		  NAN, 50 * NS_PER_MS, AT_MOST, UNIT_NS },
	};

	report_heading(r, "Start, median of %u", r->rounds);
	report_row(r, &rows[0]);
	samples_json(&r->json, "exec_to_ready_ns", &seen_ns);
	samples_json(&r->json, "ready_ns", &own_ns);
}

static void teardown(void)
{
	watch_free(&watch);
}

const struct bench bench_ready = {
	.name = "ready",
	.does = "time from exec to ready",
	.rounds = ROUNDS,
	.round = one_round,
	.report = report,
	.teardown = teardown,
};
