// SPDX-License-Identifier: GPL-2.0-only
/*
 * A storm that is watched takes longer: how much. In each round every variant has one storm, in an
 * order that rotates, and ratios are to the bare storm of the same round; a second bare one shows
 * what chance does. Nobody counts runs of programs meanwhile.
 */
#include <math.h>
#include <signal.h>

#include "bench.h"
#include "loads.h"
#include "subject.h"
#include "compare/sources/sources.h"
#include "compare/statistics.h"
#include "verbs.h"

#define ROUNDS	     100
#define OTHER_ROUNDS 25 /* of the other loads */

enum variant { BARE, AGAIN, EMPTY, WATCHED, NR_VARIANTS };

static const char *const variant_names[NR_VARIANTS] = { "bare", "bare, again", "five empty",
							"watched" };

static struct samples page_ns[NR_LOADS][NR_VARIANTS], ratio[NR_LOADS][NR_VARIANTS];
static struct watch watch = { .proc = PROC_NONE };
static struct watcher empties = WATCHER_NONE;

static int start(struct env *env, enum variant v)
{
	bool missing;

	if (v == EMPTY)
		return subject_start(env, &empties, &source_empty, &missing);
	return v == WATCHED ? watch_start(env, &watch, NULL) : 0;
}

static int stop(struct env *env, enum variant v, int err)
{
	if (v == WATCHED && !err)
		err = watch_stop(env, &watch, SIGTERM);
	watch_free(&watch);
	watcher_stop(&empties);
	return err;
}

/* One task's storm stays on a core; watch may run on any, as it does elsewhere. */
static int measure(struct env *env, enum load load, enum variant v, double *ns)
{
	const int cpu = load == LOAD_TAIL ? -1 : env->cpus[1];
	struct storm storm = { 0 };
	int err = start(env, v);

	if (!err)
		err = loads_run(env, load, cpu, &storm, NULL);
	err = stop(env, v, err);
	if (!err)
		*ns = (double)storm.ns / (double)storm.pages;
	return err;
}

static int one_load(struct env *env, unsigned int round, enum load load)
{
	double ns[NR_VARIANTS] = { 0 };

	for (unsigned int k = 0; k < NR_VARIANTS; k++) {
		const enum variant v = (enum variant)((k + round) % NR_VARIANTS);
		int err = measure(env, load, v, &ns[v]);

		if (err)
			return err;
	}
	for (int v = 0; v < NR_VARIANTS; v++) {
		samples_add(&page_ns[load][v], ns[v]);
		samples_add(&ratio[load][v], ns[v] / ns[BARE]);
	}
	return 0;
}

static int one_round(struct env *env, unsigned int round)
{
	int err = 0;

	for (unsigned int load = 0; !err && load < NR_LOADS; load++)
		if (loads_possible(env, (enum load)load) &&
		    (load == LOAD_ZRAM || round % (ROUNDS / OTHER_ROUNDS) == 0))
			err = one_load(env, round, (enum load)load);
	return err;
}

static void report_load(struct report *r, enum load load)
{
	const double targets[NR_VARIANTS] = { [WATCHED] = load == LOAD_ZRAM ? 1.035 : 0 };

	if (!page_ns[load][BARE].n)
		return;
	report_heading(r, "A storm's page, %s, median of %u rounds; quartiles of the ratio",
		       loads_names[load], page_ns[load][BARE].n);
	for (int v = AGAIN; v < NR_VARIANTS; v++)
		report_ratios(r,
			      &(struct row){
				      .name = variant_names[v],
				      .value = samples_median(&page_ns[load][v]),
				      .beside = variant_names[BARE],
				      .beside_value = samples_median(&page_ns[load][BARE]),
				      .target = targets[v],
				      .direction = targets[v] > 0 ? AT_MOST : NO_TARGET,
				      .unit = UNIT_NS,
			      },
			      &ratio[load][v]);
}

/* Where the empty ones cost nothing that can be told from chance there is no ratio to them. */
static void report_beside_empty(struct report *r)
{
	const double ours = 100 * (samples_median(&ratio[LOAD_ZRAM][WATCHED]) - 1);
	const double empty = 100 * (samples_median(&ratio[LOAD_ZRAM][EMPTY]) - 1);

	if (isnan(ours))
		return;
	report_row(r, &(struct row){
			      .name = "slowdown, watched",
			      .value = ours,
			      .beside = "empty",
			      .beside_value = empty,
			      .ratio = empty > 0 ? ours / empty : NAN,
			      .target = 1.5,
			      .direction = empty > 0 ? AT_MOST : NO_TARGET,
			      .unit = UNIT_PERCENT,
		      });
}

static void report(struct report *r)
{
	for (int load = 0; load < NR_LOADS; load++) {
		report_load(r, (enum load)load);
		if (load == LOAD_ZRAM)
			report_beside_empty(r);
		json_open(&r->json, loads_names[load], '{');
		for (int v = 0; v < NR_VARIANTS; v++)
			samples_json(&r->json, variant_names[v], &page_ns[load][v]);
		json_close(&r->json, '}');
	}
}

static void teardown(void)
{
	watch_free(&watch);
	watcher_stop(&empties);
}

const struct bench bench_slowdown = {
	.name = "slowdown",
	.does = "how much a storm is slowed down",
	.rounds = ROUNDS,
	.round = one_round,
	.report = report,
	.teardown = teardown,
};
