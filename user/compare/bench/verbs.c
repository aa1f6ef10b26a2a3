// SPDX-License-Identifier: GPL-2.0-only
/* Runs `oom-notify watch` and `oom-notify pressure`, and reads what they tell. */
#include "verbs.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/cleanup.h"

#define READY_NS   (20 * NS_PER_S)
#define STOP_NS	   (20 * NS_PER_S)
#define EPISODE_NS (60 * NS_PER_S)
#define BOX_NS	   (30 * NS_PER_S)

/* In a string a quote is escaped, so `"key":` is found as a key only. */
static const char *field(const char *line, const char *key)
{
	char quoted[48];
	const char *at;

	snprintf(quoted, sizeof(quoted), "\"%s\":", key);
	at = strstr(line, quoted);
	return at ? at + strlen(quoted) : NULL;
}

bool field_u64(const char *line, const char *key, uint64_t *v)
{
	const char *at = field(line, key);
	char *end;

	if (!at)
		return false;
	*v = strtoull(at, &end, 10);
	return end != at;
}

bool field_double(const char *line, const char *key, double *v)
{
	const char *at = field(line, key);
	char *end;

	if (!at)
		return false;
	*v = strtod(at, &end);
	return end != at;
}

int watch_start(struct env *env, struct watch *w, const char *option)
{
	const char *argv[] = { env->oom_notify, "watch", "--json", option, NULL };
	const struct proc_opts opts = { .cpu = -1 };
	uint64_t start_ns = now_ns();
	char *line;
	int err;

	w->summary = NULL;
	err = proc_start(env, &w->proc, argv, &opts);
	if (!err)
		err = proc_wait_line(env, &w->proc, &w->proc.err, "ready in", READY_NS, &line);
	w->ready_ns = now_ns() - start_ns;
	return err;
}

int watch_stop(struct env *env, struct watch *w, int sig)
{
	int err = proc_end(env, &w->proc, sig, STOP_NS);
	char *line;

	if (err)
		return err;
	while ((line = stream_next(&w->proc.out)))
		if (strstr(line, "\"event\":\"summary\""))
			w->summary = line;
	return w->summary ? 0 : env_fail(env, "watch ended without a summary");
}

void watch_free(struct watch *w)
{
	proc_free(&w->proc);
	w->summary = NULL;
}

bool watch_next(struct watch *w, struct event *e)
{
	const char *line, *trailing;

	while ((line = stream_next(&w->proc.out))) {
		trailing = field(line, "trailing");
		if (!trailing || !field_u64(line, "time_ns", &e->time_ns) ||
		    !field_u64(line, "latency_ns", &e->latency_ns) ||
		    !field_u64(line, "cpu", &e->cpu) ||
		    !field_u64(line, "cgroup_id", &e->cgroup_id))
			continue; /* no record: a change of level, a summary */
		e->trailing = !strncmp(trailing, "true", 4);
		return true;
	}
	return false;
}

int watch_cpu(const struct watch *w)
{
	char path[40], text[1024];
	_cleanup_fclose_ FILE *f = NULL;
	int cpu = -1;
	char *at;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)w->proc.pid);
	f = fopen(path, "re");
	if (!f || !fgets(text, sizeof(text), f))
		return -1;
	at = strrchr(text, ')'); /* ends field 2, whatever the name is */
	for (int i = 2; at && i < 39; i++)
		at = strchr(at + 1, ' ');
	if (at)
		cpu = (int)strtol(at, NULL, 10);
	return cpu;
}

double watch_status_kb(const struct watch *w, const char *key)
{
	char path[40], line[128];
	_cleanup_fclose_ FILE *f = NULL;
	unsigned long kb;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)w->proc.pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		size_t len = strlen(key);

		if (!strncmp(line, key, len) && sscanf(line + len, ": %lu", &kb) == 1)
			return (double)kb;
	}
	return NAN;
}

/* To the nanosecond: /proc counts in ticks, which a short run slips by. */
uint64_t watch_cpu_ns(const struct watch *w)
{
	struct timespec ts = { 0 };
	clockid_t clock;

	if (clock_getcpuclockid(w->proc.pid, &clock) || clock_gettime(clock, &ts))
		return 0;
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

int pressure_start(struct env *env, struct pressure *p, const struct pressure_args *args)
{
	const struct proc_opts opts = { .cpu = args->cpu };
	char episodes[16];
	const char *argv[] = {
		env->oom_notify, "pressure", "--json",	"--swap",      env->swap,	"--limit",
		args->limit,	 "--use",    args->use, "--swap-size", args->swap_size, "--gap",
		args->gap,	 "--hold",   "0",	"--episodes",  episodes,	NULL,
	};

	char *line;
	int err;

	snprintf(episodes, sizeof(episodes), "%u", args->episodes);
	err = proc_start(env, &p->proc, argv, &opts);
	if (!err)
		err = proc_wait_line(env, &p->proc, &p->proc.out, "\"event\":\"box\"", BOX_NS,
				     &line);
	if (err)
		return err;
	return field_u64(line, "cgroup_id", &p->cgroup_id) ? 0 :
							     env_fail(env, "a box without an id");
}

int pressure_next(struct env *env, struct pressure *p, struct episode *e)
{
	char *line;
	int err = proc_wait_line(env, &p->proc, &p->proc.out, "\"event\":\"episode\"", EPISODE_NS,
				 &line);

	if (err)
		return err;
	if (!field_u64(line, "first_over_ns", &e->first_over_ns) ||
	    !field_u64(line, "end_ns", &e->end_ns) || e->end_ns <= e->first_over_ns)
		return env_fail(env, "an episode that never met its limit");
	return 0;
}

int pressure_run(struct env *env, const struct pressure_args *args, uint64_t *cgroup_id)
{
	struct pressure p = { .proc = PROC_NONE };
	struct episode e = { 0 };
	int err = pressure_start(env, &p, args);

	for (unsigned int i = 0; !err && i < args->episodes; i++)
		err = pressure_next(env, &p, &e);
	if (!err)
		err = proc_end(env, &p.proc, 0, EPISODE_NS);
	proc_free(&p.proc);
	if (cgroup_id)
		*cgroup_id = p.cgroup_id;
	return err;
}
