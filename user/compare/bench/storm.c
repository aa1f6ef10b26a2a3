// SPDX-License-Identifier: GPL-2.0-only
/* Latency within a storm of events, in turns with bare wake-ups by a busy sender every 10 ms. */
#include "bench.h"
#include "latency.h"

#define ROUNDS 8 /* half of them for each place */
/* The gate's gap: an event that comes much later than that is not within a storm. */
#define GAP_NS	   (10 * NS_PER_MS)
#define BARE_WAKES 120

static struct latency lat = { .watch.proc = PROC_NONE };

static int setup(struct env *env)
{
	return latency_start(env, &lat);
}

static void take_all(struct env *env, uint64_t cgroup_id)
{
	struct event e;
	struct quiet quiet;

	proc_drain(&lat.watch.proc);
	while (latency_next(env, &lat, cgroup_id, &e, &quiet))
		if (quiet.box_ns < 5 * GAP_NS)
			samples_add(&lat.notified[lat.place], (double)e.latency_ns);
}

static int one_round(struct env *env, unsigned int i)
{
	struct pressure_args args = {
		.limit = "64M",
		.use = "256M",
		.swap_size = "320M",
		.gap = "0",
		.episodes = 2,
	};
	uint64_t cgroup_id;
	int err = latency_place(env, &lat, i % 2 ? SAME_CORE : OTHER_CORE, &args.cpu);

	if (err || args.cpu < 0)
		return err;
	err = pressure_run(env, &args, &cgroup_id);
	if (err)
		return err;
	take_all(env, cgroup_id);
	return latency_bare(env, &lat,
			    &(struct baseline_opts){ args.cpu, BARE_WAKES, GAP_NS, GAP_NS });
}

static void report(struct report *r)
{
	report_heading(r, "Latency within a storm, n %u and %u", lat.notified[OTHER_CORE].n,
		       lat.notified[SAME_CORE].n);
	latency_rows(r, &lat, 990);
	if (!lat.notified[OTHER_CORE].n && !lat.notified[SAME_CORE].n)
		report_failure(r, "storm: no event came");
	report_note(r, "in a storm, \"bare\" is woken every 10 ms by a sender that works on.");
	json_u64(&r->json, "rounds", r->rounds);
	json_u64(&r->json, "bare_every_ns", GAP_NS);
	latency_json(&r->json, &lat);
}

static void teardown(void)
{
	latency_stop(&lat);
}

const struct bench bench_storm = {
	.name = "storm",
	.does = "latency within a storm",
	.rounds = ROUNDS,
	.setup = setup,
	.round = one_round,
	.report = report,
	.teardown = teardown,
};
