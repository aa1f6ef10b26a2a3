// SPDX-License-Identifier: GPL-2.0-only
#include "loads.h"

#include <string.h>

#include "verbs.h"

#define STORM_NS  (120 * NS_PER_S)
#define LIMIT	  "67108864"
#define USE	  "201326592"
#define MAX_WORDS 3

/*
 * tail(1) keeps what it reads until the end of it, and then reads it again. sort(1) would be less
 * regular, but the kernel kills it now and then, with swap free: reclaim found all pages active.
 */
static const struct {
	const char *swap;
	const char *limit;
	const char *swap_size;
	const char *program[MAX_WORDS];
} loads[NR_LOADS] = {
	[LOAD_ZRAM] = { "zram", LIMIT, "256M", { LIMIT, USE } },
	[LOAD_FILE] = { "file", LIMIT, "256M", { LIMIT, USE } },
	[LOAD_TAIL] = { "zram",
			"16M",
			"128M",
			{ "sh", "-c", "seq 7000000 | tail -c 50000000 >/dev/null" } },
};

const char *const loads_names[NR_LOADS] = { "zram", "file", "tail" };

bool loads_possible(const struct env *env, enum load load)
{
	if (env->loads && !strstr(env->loads, loads_names[load]))
		return false;
	return !strcmp(loads[load].swap, "file") ? env->has_file : env->has_zram;
}

static int start(struct env *env, struct proc *p, enum load load, int cpu)
{
	const struct proc_opts opts = { .cpu = cpu };
	const char *argv[] = {
		env->oom_notify,
		"pressure",
		"--swap",
		loads[load].swap,
		"--limit",
		loads[load].limit,
		"--swap-size",
		loads[load].swap_size,
		"--",
		env->oom_notify,
		"compare",
		"load",
		loads[load].program[0],
		loads[load].program[1],
		loads[load].program[2],
		NULL,
	};

	return proc_start(env, p, argv, &opts);
}

int loads_run(struct env *env, enum load load, int cpu, struct storm *storm, void (*at_end)(void))
{
	struct proc p = PROC_NONE;
	char *line;
	int err = start(env, &p, load, cpu);

	if (!err)
		err = proc_wait_line(env, &p, &p.out, "\"event\":\"load\"", STORM_NS, &line);
	if (!err && at_end)
		at_end();
	if (!err && (!field_u64(line, "ns", &storm->ns) ||
		     !field_u64(line, "pages", &storm->pages) || !storm->pages))
		err = env_fail(env, "a storm that swapped nothing out");
	if (!err)
		err = proc_end(env, &p, 0, STORM_NS);
	proc_free(&p);
	return err;
}
