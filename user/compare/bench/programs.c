// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cost of each program in a storm, by the kernel's run_time_ns and run_cnt. In each round every
 * subject is attached alone under every load, in an order that rotates.
 */
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "common/cleanup.h"
#include "costs.h"
#include "subject.h"
#include "compare/sources/sources.h"

#define ROUNDS 7

const char *const subject_names[NR_SUBJECTS] = { "default", "counted",	"raw",
						 "empty",   "bpftrace", "wake" };

static const struct {
	const struct source *source;
	bool every_load; /* or the first alone */
} subjects[NR_SUBJECTS] = {
	[DEFAULT] = { &source_tracepoint, true },
	[COUNTED] = { &source_tracepoint_counted, true },
	[RAW] = { &source_tracepoint_raw, false },
	[EMPTY] = { &source_empty, true },
	[BPFTRACE] = { &source_bpftrace_count, false },
	[WAKE] = { &source_wake, false },
};

static int stats_fd = -1;
static struct watcher watcher = WATCHER_NONE;

static int setup(struct env *env)
{
	stats_fd = progs_count();
	if (stats_fd < 0)
		return env_fail(env, "the kernel does not count runs of BPF programs: %s",
				strerror(-stats_fd));
	return 0;
}

static struct progs before, after; /* a storm */

static void read_progs(struct progs *p)
{
	const pid_t helper = watcher.slot->helper;

	progs_read(helper ? helper : watcher.pid, p);
}

/* Before what waits is flushed, as it is once nothing comes any more. */
static void read_after(void)
{
	read_progs(&after);
}

static int measure(struct env *env, enum load load, enum subject i, bool *missing)
{
	struct costs *c = &costs[load][i];
	struct storm storm;
	struct progs delta;
	int err = subject_start(env, &watcher, subjects[i].source, missing);

	if (err)
		return err;
	read_progs(&before);
	err = loads_run(env, load, -1, &storm, read_after);
	if (err)
		return err;
	progs_delta(&before, &after, &delta);
	c->dropped += atomic_load(&watcher.slot->dropped);
	return costs_add(c, &delta, &storm) ? 0 : env_fail(env, "too few hits");
}

/* A subject that fails is left out from then on; the others go on. */
static int measure_or_note(struct env *env, enum load load, enum subject i)
{
	struct costs *c = &costs[load][i];
	bool missing = false;
	int err;

	if (c->why[0])
		return 0;
	err = measure(env, load, i, &missing);
	watcher_stop(&watcher);
	if (err && !env->signal) {
		snprintf(c->why, sizeof(c->why), "%.150s", env->why);
		c->failed = !missing;
	}
	return env->signal ? err : 0;
}

static int one_round(struct env *env, unsigned int round)
{
	int err = 0;

	for (unsigned int load = 0; load < NR_LOADS; load++) {
		if (!loads_possible(env, (enum load)load))
			continue;
		for (unsigned int k = 0; !err && k < NR_SUBJECTS; k++) {
			const enum subject i = (enum subject)((k + round) % NR_SUBJECTS);

			if (subjects[i].every_load || load == LOAD_ZRAM)
				err = measure_or_note(env, (enum load)load, i);
		}
	}
	return err;
}

static void report(struct report *r)
{
	json_u64(&r->json, "rounds", r->rounds);
	costs_report(r);
}

static void teardown(void)
{
	watcher_stop(&watcher);
	cleanup_close(&stats_fd);
}

const struct bench bench_programs = {
	.name = "programs",
	.does = "what each program costs",
	.rounds = ROUNDS,
	.setup = setup,
	.round = one_round,
	.report = report,
	.teardown = teardown,
};
