// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cost of watching headroom while nothing happens: the processor time of `oom-notify watch`,
 * and that of the BPF timer which looks at each cgroup with a limit. Nobody is charged with the
 * latter, so it is measured from outside (tick.h). The measured things take turns.
 */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "limited.h"
#include "progs.h"
#include "compare/statistics.h"
#include "tick.h"
#include "verbs.h"

#define LIMIT_BYTES (256ULL << 20)
#define TURNS	    3
#define SETTLE_NS   NS_PER_S /* each cgroup has been looked at by then, and its files read */
#define IDLE_NS	    (3 * NS_PER_S)

enum { ONE_EMPTY, ONE_HALF, MANY_EMPTY, MANY_HALF, NR_CASES };

static const struct {
	const char *name; /* in bench.json */
	const char *row;
	double target_percent; /* of one core */
	struct limited_args args;
} cases[NR_CASES] = {
	[ONE_EMPTY] = { "one_empty", "1 cgroup, empty", 0.02, { 1, 0, LIMIT_BYTES, 0 } },
	[ONE_HALF] = { "one_half_full",
		       "1, half full",
		       0.02,
		       { 1, 1, LIMIT_BYTES, LIMIT_BYTES / 2 } },
	[MANY_EMPTY] = { "many_empty", "200, empty", 0.2, { 200, 0, LIMIT_BYTES, 0 } },
	[MANY_HALF] = { "many_some_half_full",
			"200, 4 half full",
			0.2,
			{ 200, 4, LIMIT_BYTES, LIMIT_BYTES / 2 } },
};

static struct watch watch = { .proc = PROC_NONE };

static struct {
	struct samples percent;	      /* of one core, all of it */
	struct samples timer_percent; /* the timer's part */
	struct samples ticks_a_s;
	struct samples peak_kb;
	uint64_t others; /* cgroups with a limit that are not ours, at most */
} seen[NR_CASES];

/* 0 where the kernel has no BPF timers: user space looks then, at its own expense. */
static uint32_t timer_prog_id(void)
{
	struct progs progs;
	const struct prog_stat *start;

	progs_read(watch.proc.pid, &progs);
	start = progs_find(&progs, "limit_start");
	return start ? start->id : 0;
}

static int measure(struct env *env, int which)
{
	const uint32_t prog_id = timer_prog_id();
	struct tick_cost before = { 0 }, after = { 0 };
	uint64_t start_ns, cpu_ns, timer_ns;
	double whole_ns;
	int err = prog_id ? tick_start(env, prog_id) : 0;

	if (!err)
		err = env_sleep(env, SETTLE_NS);
	if (!err && prog_id)
		err = tick_read(env, &before);
	start_ns = now_ns();
	cpu_ns = watch_cpu_ns(&watch);
	if (!err)
		err = env_sleep(env, IDLE_NS);
	cpu_ns = watch_cpu_ns(&watch) - cpu_ns;
	whole_ns = (double)(now_ns() - start_ns);
	if (!err && prog_id)
		err = tick_read(env, &after);
	if (err)
		return err;
	if (prog_id && after.ticks == before.ticks)
		return env_fail(env, "the timer of watch was not seen to run");
	timer_ns = after.soft_ns + after.hard_ns - before.soft_ns - before.hard_ns;
	samples_add(&seen[which].percent, 100.0 * (double)(cpu_ns + timer_ns) / whole_ns);
	samples_add(&seen[which].timer_percent, 100.0 * (double)timer_ns / whole_ns);
	samples_add(&seen[which].ticks_a_s,
		    (double)(after.ticks - before.ticks) * (double)NS_PER_S / whole_ns);
	samples_add(&seen[which].peak_kb, watch_status_kb(&watch, "VmHWM"));
	return 0;
}

/* That it watched ours, and how many others. */
static int check_watched(struct env *env, int which)
{
	const char *headroom = strstr(watch.summary, "\"headroom\":{");
	uint64_t watched;

	if (!headroom || !field_u64(headroom, "cgroups", &watched))
		return env_fail(env, "a summary without cgroups");
	if (watched < cases[which].args.cgroups)
		return env_fail(env, "watch saw %u of %u cgroups", (unsigned int)watched,
				cases[which].args.cgroups);
	watched -= cases[which].args.cgroups;
	if (watched > seen[which].others)
		seen[which].others = watched;
	return 0;
}

static int one_round(struct env *env, unsigned int i)
{
	const int which = (int)(i % NR_CASES);
	int err = limited_make(env, &cases[which].args);

	if (!err)
		err = watch_start(env, &watch, NULL);
	if (!err)
		err = measure(env, which);
	tick_stop();
	if (!err)
		err = watch_stop(env, &watch, SIGTERM);
	if (!err)
		err = check_watched(env, which);
	watch_free(&watch);
	limited_remove();
	return err;
}

static void report_others(struct report *r)
{
	uint64_t others = 0;

	for (int i = 0; i < NR_CASES; i++)
		if (seen[i].others > others)
			others = seen[i].others;
	if (others)
		report_note(r,
			    "idle: up to %u more cgroups here had a limit, and were watched too.",
			    (unsigned int)others);
}

static void report(struct report *r)
{
	struct json *j = &r->json;

	report_heading(r, "Idle, with limits of %u MB, of a core, median of %u",
		       (unsigned int)(LIMIT_BYTES >> 20), TURNS);
	for (int i = 0; i < NR_CASES; i++) {
		const struct row row = { cases[i].row, samples_median(&seen[i].percent),
					 "timer",      samples_median(&seen[i].timer_percent),
					 NAN,	       cases[i].target_percent,
					 AT_MOST,      UNIT_PERCENT };

		report_row(r, &row);
	}
	report_row(r, &(struct row){ "peak memory, 200", samples_median(&seen[MANY_HALF].peak_kb),
				     NULL, 0, NAN, 0, NO_TARGET, UNIT_KB });
	report_others(r);
	json_u64(j, "limit_bytes", LIMIT_BYTES);
	json_u64(j, "idle_ns", IDLE_NS);
	for (int i = 0; i < NR_CASES; i++) {
		json_open(j, cases[i].name, '{');
		samples_json(j, "cpu_percent", &seen[i].percent);
		samples_json(j, "timer_percent", &seen[i].timer_percent);
		samples_json(j, "timer_ticks_per_s", &seen[i].ticks_a_s);
		samples_json(j, "peak_rss_kb", &seen[i].peak_kb);
		json_u64(j, "other_cgroups_with_limit", seen[i].others);
		json_close(j, '}');
	}
}

static void teardown(void)
{
	tick_stop();
	watch_free(&watch);
	limited_remove();
}

const struct bench bench_idle = {
	.name = "idle",
	.does = "idle, with cgroups that have a limit",
	.rounds = NR_CASES * TURNS,
	.report = report,
	.round = one_round,
	.teardown = teardown,
};
