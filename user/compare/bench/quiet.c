// SPDX-License-Identifier: GPL-2.0-only
/*
 * Latency of the first event after two seconds of quiet, in turns with the bare wake-up, two
 * seconds apart from each other:
 *
 *	episode   2 s   bare   2 s   episode   2 s   bare ...
 *
 * With so few samples there is no p99: the largest is given.
 */
#include <errno.h>
#include <string.h>

#include "bench.h"
#include "latency.h"

#define QUIET_NS (2 * NS_PER_S)
/* The box's child takes 2 to 4 ms from its start to its limit, measured here. */
#define BUSY_NS (3 * NS_PER_MS)
/* The first of a run comes right after the box was made: it does not count. */
#define OTHER_ROUNDS (1 + 20)
#define SAME_ROUNDS  (1 + 12)

static struct latency lat = { .watch.proc = PROC_NONE };
static struct pressure pressure = { .proc = PROC_NONE };
static int event_cpu;
static unsigned int disturbed[NR_PLACES]; /* rounds that were quiet in the box alone */

static int setup(struct env *env)
{
	return latency_start(env, &lat);
}

static int start_pressure(struct env *env, unsigned int episodes)
{
	struct pressure_args args = {
		.limit = "8M",
		.use = "12M",
		.swap_size = "32M",
		.gap = "4010ms", /* twice the quiet, and the bare wake-up in between */
		.episodes = episodes,
	};
	int err = latency_place(env, &lat, lat.place, &args.cpu);

	event_cpu = args.cpu;
	proc_free(&pressure.proc);
	return err || event_cpu < 0 ? err : pressure_start(env, &pressure, &args);
}

/* Takes from what watch printed of an episode the event that ended the quiet. */
static void take_first(struct env *env, bool counts)
{
	struct event e;
	struct quiet quiet;

	proc_drain(&lat.watch.proc);
	while (latency_next(env, &lat, pressure.cgroup_id, &e, &quiet)) {
		if (!counts || quiet.box_ns < QUIET_NS)
			continue;
		samples_add(&lat.notified[lat.place], (double)e.latency_ns);
		disturbed[lat.place] += quiet.machine_ns < QUIET_NS / 2;
	}
}

static int pair(struct env *env, bool counts)
{
	struct episode e;
	int err = pressure_next(env, &pressure, &e);

	if (!err)
		err = env_sleep(env, QUIET_NS);
	if (err)
		return err;
	take_first(env, counts);
	err = latency_bare(env, &lat, &(struct baseline_opts){ event_cpu, 1, BUSY_NS, BUSY_NS });
	if (!counts)
		lat.bare[lat.place].n = 0;
	return err;
}

static int one_round(struct env *env, unsigned int i)
{
	const bool starts = i == 0 || i == OTHER_ROUNDS;
	int err = 0;

	if (starts) {
		lat.place = i ? SAME_CORE : OTHER_CORE;
		err = start_pressure(env, i ? SAME_ROUNDS : OTHER_ROUNDS);
	}
	if (err || !pressure.proc.pid)
		return err;
	return pair(env, !starts);
}

static void report_noise(struct report *r)
{
	for (int place = 0; place < NR_PLACES; place++) {
		if (!lat.bare[place].n)
			continue; /* not made: one core only */
		if (!lat.notified[place].n)
			report_failure(r, "quiet, %s: no episode began with an event there",
				       place_names[place]);
		if (disturbed[place])
			report_note(r,
				    "quiet, %s: before %u of the %u events others on this machine "
				    "were under pressure, which watch sees too.",
				    place_names[place], disturbed[place], lat.notified[place].n);
	}
}

static void report(struct report *r)
{
	report_heading(r, "Latency of the first event after 2 s of quiet, n %u and %u",
		       lat.notified[OTHER_CORE].n, lat.notified[SAME_CORE].n);
	latency_rows(r, &lat, 1000);
	report_noise(r);
	report_note(r,
		    "latency is from the fact (time_ns) to the text of the event; \"bare\" from "
		    "before write() to an eventfd to after epoll_wait(), with the same quiet "
		    "before it, scheduling and cores; its sender has touched new memory for 3 ms.");
	json_u64(&r->json, "quiet_ns", QUIET_NS);
	json_u64(&r->json, "bare_busy_before_ns", BUSY_NS);
	latency_json(&r->json, &lat);
}

static void teardown(void)
{
	proc_free(&pressure.proc);
	latency_stop(&lat);
}

const struct bench bench_quiet = {
	.name = "quiet",
	.does = "latency after quiet",
	.rounds = OTHER_ROUNDS + SAME_ROUNDS,
	.setup = setup,
	.round = one_round,
	.report = report,
	.teardown = teardown,
};
