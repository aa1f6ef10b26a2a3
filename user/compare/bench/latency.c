// SPDX-License-Identifier: GPL-2.0-only
/* Parts that the two measurements of latency have in common. */
#include "latency.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "placement.h"

const char *const place_names[NR_PLACES] = { "other core", "same core" };

/* The receiver goes where watch's reader is, which another real-time task may have driven away. */
static int follow_reader(struct env *env, struct latency *l)
{
	const int cpu = watch_cpu(&l->watch);

	if (cpu < 0)
		return env_fail(env, "cannot tell where watch runs");
	l->reader_cpu = cpu;
	watcher_place(&l->baseline.watcher, cpu);
	return 0;
}

int latency_start(struct env *env, struct latency *l)
{
	struct failure why = { "" };
	int err;

	l->baseline = BASELINE_NONE;
	l->reader_cpu = -1;
	err = watch_start(env, &l->watch, NULL);
	if (err)
		return err;
	err = baseline_start(&l->baseline, env->signals, &why);
	if (err == -ECANCELED)
		return env_poll(env, NULL, 0, 0);
	return err ? env_fail(env, "%s", why.text) : follow_reader(env, l);
}

void latency_stop(struct latency *l)
{
	baseline_stop(&l->baseline);
	watch_free(&l->watch);
	(void)run_on(-1);
}

int latency_bare(struct env *env, struct latency *l, const struct baseline_opts *o)
{
	struct failure why = { "" };
	uint64_t ns[BASELINE_MAX];
	const int n = baseline_send(&l->baseline, o, ns, &why);

	if (n < 0)
		return env_fail(env, "%s", why.text);
	for (int i = 0; i < n; i++)
		samples_add(&l->bare[l->place], (double)ns[i]);
	return 0;
}

static int cpu_of(const struct env *env, const struct latency *l)
{
	if (l->place == SAME_CORE)
		return l->reader_cpu;
	return env->cpus[0] != l->reader_cpu ? env->cpus[0] : env->cpus[1];
}

int latency_place(struct env *env, struct latency *l, enum place place, int *cpu)
{
	int err = follow_reader(env, l);

	l->place = place;
	*cpu = cpu_of(env, l);
	if (!err && *cpu >= 0)
		(void)run_on(*cpu);
	return err;
}

/* Events of two cores may come out of order. */
static uint64_t since(uint64_t *last_ns, uint64_t time_ns)
{
	uint64_t ns = time_ns > *last_ns ? time_ns - *last_ns : 0;

	*last_ns = time_ns;
	return ns;
}

bool latency_next(struct env *env, struct latency *l, uint64_t cgroup_id, struct event *e,
		  struct quiet *quiet)
{
	static uint64_t last_ns, last_own_ns;

	while (watch_next(&l->watch, e)) {
		quiet->machine_ns = since(&last_ns, e->time_ns);
		if (e->cgroup_id != cgroup_id)
			continue;
		quiet->box_ns = since(&last_own_ns, e->time_ns);
		if (e->trailing)
			continue;
		if ((int)e->cpu == cpu_of(env, l) && watch_cpu(&l->watch) == l->reader_cpu)
			return true;
		l->discarded++;
	}
	return false;
}

static void add_row(struct report *r, const char *name, double notified, double bare, double target)
{
	const struct row row = { name,	 notified, "bare", bare, notified / bare,
				 target, AT_MOST,  UNIT_NS };

	report_row(r, &row);
}

void latency_rows(struct report *r, const struct latency *l, unsigned int permille)
{
	static const char *const names[NR_PLACES][3] = {
		{ "other core, p50", "other core, p99", "other core, max" },
		{ "same core, p50", "same core, p99", "same core, max" },
	};

	for (int place = 0; place < NR_PLACES; place++) {
		const struct samples *notified = &l->notified[place], *bare = &l->bare[place];

		if (!notified->n || !bare->n)
			continue;
		add_row(r, names[place][0], samples_quantile(notified, 500),
			samples_quantile(bare, 500), 2);
		add_row(r, names[place][permille == 1000 ? 2 : 1],
			samples_quantile(notified, permille), samples_quantile(bare, permille), 3);
	}
}

void latency_json(struct json *j, const struct latency *l)
{
	json_bool(j, "bare_is_realtime",
		  l->baseline.watcher.slot && l->baseline.watcher.slot->realtime);
	json_i64(j, "reader_cpu", l->reader_cpu);
	json_u64(j, "discarded", l->discarded);
	for (int place = 0; place < NR_PLACES; place++) {
		json_open(j, place_names[place], '{');
		samples_json(j, "watch_ns", &l->notified[place]);
		samples_json(j, "bare_ns", &l->bare[place]);
		json_close(j, '}');
	}
}
