// SPDX-License-Identifier: GPL-2.0-only
/* Memory, page faults and processor time of watch while it runs. */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "common/cleanup.h"
#include "verbs.h"

#define IDLE_NS	 (5 * NS_PER_S)
#define EPISODES 4

static struct watch watch = { .proc = PROC_NONE };

static struct {
	double rss_kb;
	double peak_kb;
	double idle_percent; /* of one core */
	double busy_percent;
	double minor_faults;
	double major_faults;
} seen;

static int read_faults(struct env *env, double *minor, double *major)
{
	char path[40], text[1024];
	_cleanup_fclose_ FILE *f = NULL;
	unsigned long min, maj;
	const char *at;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)watch.proc.pid);
	f = fopen(path, "re");
	at = f && fgets(text, sizeof(text), f) ? strrchr(text, ')') : NULL;
	/* Fields 10 and 12, and this stands at the end of field 2. */
	if (!at || sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %lu %*u %lu", &min, &maj) != 2)
		return env_fail(env, "cannot read %s", path);
	*minor = (double)min;
	*major = (double)maj;
	return 0;
}

static double percent(uint64_t cpu_before, uint64_t start_ns)
{
	return 100.0 * (double)(watch_cpu_ns(&watch) - cpu_before) / (double)(now_ns() - start_ns);
}

static int setup(struct env *env)
{
	return watch_start(env, &watch, NULL);
}

static int idle(struct env *env)
{
	const uint64_t cpu_before = watch_cpu_ns(&watch), start_ns = now_ns();
	int err;

	seen.rss_kb = watch_status_kb(&watch, "VmRSS");
	err = env_sleep(env, IDLE_NS);
	seen.idle_percent = percent(cpu_before, start_ns);
	return err;
}

static int busy(struct env *env)
{
	const struct pressure_args args = {
		.limit = "64M",
		.use = "192M",
		.swap_size = "256M",
		.gap = "0",
		.episodes = EPISODES,
		.cpu = -1,
	};
	const uint64_t cpu_before = watch_cpu_ns(&watch), start_ns = now_ns();
	int err = pressure_run(env, &args, NULL);

	seen.busy_percent = percent(cpu_before, start_ns);
	return err;
}

static int one_round(struct env *env, unsigned int i)
{
	double minor = 0, major = 0;
	int err = read_faults(env, &minor, &major);

	(void)i;
	if (!err)
		err = idle(env);
	if (!err)
		err = busy(env);
	seen.peak_kb = watch_status_kb(&watch, "VmHWM");
	if (!err)
		err = read_faults(env, &seen.minor_faults, &seen.major_faults);
	seen.minor_faults -= minor;
	seen.major_faults -= major;
	return err ? err : watch_stop(env, &watch, SIGTERM);
}

static void report(struct report *r)
{
	const struct row rows[] = {
		{ "resident, when ready", seen.rss_kb, "peak", seen.peak_kb, NAN, 8 * 1024, AT_MOST,
		  UNIT_KB },
		{ "major page faults", seen.major_faults, "minor", seen.minor_faults, NAN, 0,
		  AT_MOST, UNIT_COUNT },
		{ "processor time, idle", seen.idle_percent, "busy", seen.busy_percent, NAN, 0,
		  NO_TARGET, UNIT_PERCENT },
	};
	struct json *j = &r->json;

	report_heading(r, "What watch takes, after ready");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		report_row(r, &rows[i]);
	json_fixed(j, "rss_kb", seen.rss_kb);
	json_fixed(j, "peak_rss_kb", seen.peak_kb);
	json_fixed(j, "minor_faults_after_ready", seen.minor_faults);
	json_fixed(j, "major_faults_after_ready", seen.major_faults);
	json_fixed(j, "cpu_idle_percent", seen.idle_percent);
	json_fixed(j, "cpu_under_pressure_percent", seen.busy_percent);
	json_u64(j, "idle_ns", IDLE_NS);
	json_u64(j, "episodes", EPISODES);
}

static void teardown(void)
{
	watch_free(&watch);
}

const struct bench bench_footprint = {
	.name = "footprint",
	.does = "memory, page faults, processor time",
	.rounds = 1,
	.setup = setup,
	.round = one_round,
	.report = report,
	.teardown = teardown,
};
