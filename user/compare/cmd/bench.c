// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the measurements one after the other, prints the table and writes bench.json. From the
 * environment: OOM_NOTIFY and OUTPUT, the binary and the folder of the build; ROUNDS, at most so
 * many of each; LOADS, the storms that are wanted (zram, file, tail). Exit code: 0
 * when all was measured, whatever came out; 1 when something could not be; 2 for a wrong command
 * line; 128+N when signal N ended it.
 */
#include "bench.h"

#include <errno.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compare/bench/bench.h"
#include "common/cleanup.h"
#include "common/signals.h"
#include "core/machine.h"
#include "compare/bench/verbs.h"

#define JSON_BYTES  (4UL << 20)
#define PROGRESS_NS (5 * NS_PER_S)

static const struct bench *const benches[] = {
	&bench_ready, &bench_footprint, &bench_idle,	 &bench_programs,
	&bench_quiet, &bench_storm,	&bench_slowdown,
};

#define NR_BENCHES (sizeof(benches) / sizeof(benches[0]))

/* On a terminal one line that changes, elsewhere a line now and then. */
static void progress(const struct bench *b, unsigned int i, unsigned int rounds)
{
	static uint64_t last_ns;
	uint64_t now = now_ns();

	if (isatty(STDERR_FILENO)) {
		fprintf(stderr, "\r\033[Kbench: %s, %u of %u", b->does, i + 1, rounds);
		if (i + 1 == rounds)
			fputs("\r\033[K", stderr);
	} else if (i == 0 || now - last_ns > PROGRESS_NS) {
		fprintf(stderr, "bench: %s, %u of %u\n", b->does, i + 1, rounds);
		last_ns = now;
	}
}

/* Returns what ended it early: a signal, or 0. */
static int run_bench(struct env *env, struct report *r, const struct bench *b)
{
	const uint64_t start_ns = now_ns();
	int err = b->setup ? b->setup(env) : 0;

	r->rounds = env->rounds && env->rounds < b->rounds ? env->rounds : b->rounds;
	for (unsigned int i = 0; !err && i < r->rounds; i++) {
		progress(b, i, r->rounds);
		err = b->round(env, i);
	}
	if (!err) {
		json_open(&r->json, b->name, '{');
		json_u64(&r->json, "took_ns", now_ns() - start_ns);
		b->report(r);
		json_close(&r->json, '}');
	} else if (!env->signal) {
		report_failure(r, "%s: %s", b->does, env->why);
	}
	b->teardown();
	return env->signal;
}

static bool is_wanted(const struct bench *b, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], b->name))
			return true;
	return argc == 1;
}

static int check_names(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		size_t k = 0;

		while (k < NR_BENCHES && strcmp(argv[i], benches[k]->name) != 0)
			k++;
		if (k < NR_BENCHES)
			continue;
		fprintf(stderr, "bench: '%s' is none of", argv[i]);
		for (k = 0; k < NR_BENCHES; k++)
			fprintf(stderr, " %s", benches[k]->name);
		fputc('\n', stderr);
		return 2;
	}
	return 0;
}

static void find_cpus(struct env *env)
{
	cpu_set_t cpus;
	int n = 0;

	env->cpus[0] = env->cpus[1] = -1;
	if (sched_getaffinity(0, sizeof(cpus), &cpus))
		return;
	for (int cpu = 0; cpu < CPU_SETSIZE && n < 2; cpu++)
		if (CPU_ISSET((size_t)cpu, &cpus))
			env->cpus[n++] = cpu;
}

static bool can_swap_to(struct env *env, const char *swap)
{
	const struct pressure_args args = { "8M", "12M", "32M", "0", 1, -1 };

	env->swap = swap;
	return !env->signal && !pressure_run(env, &args, NULL);
}

/* zram where it works: memory is the steadier swap. */
static int find_swap(struct env *env)
{
	env->has_zram = can_swap_to(env, "zram");
	env->has_file = can_swap_to(env, "file");
	env->swap = env->has_zram ? "zram" : "file";
	return env->has_zram || env->has_file ? 0 : -EIO;
}

static void print_head(const struct env *env, const struct machine *m)
{
	double load[3];

	if (getloadavg(load, 3) != 3)
		load[0] = load[1] = load[2] = NAN;
	printf("oom-notify bench on Linux %s, %u cores, %lu MB, swap: %s\n%s\n", m->kernel,
	       m->cores, m->memory_kb / 1024, env->swap, m->processor);
	printf("load %.2f %.2f %.2f before, %.2f %.2f %.2f after%s\n", m->load[0], m->load[1],
	       m->load[2], load[0], load[1], load[2],
	       m->load[0] > MACHINE_LOAD_MAX ? ": busy, so figures are noisy" : "");
}

static int write_json(const struct env *env, struct json *j)
{
	char path[4096], tmp[4112];
	FILE *f;
	int err;

	if (json_end_line(j) < 0) {
		fprintf(stderr, "bench: bench.json became too long\n");
		return 1;
	}
	snprintf(path, sizeof(path), "%s/bench.json", env->output);
	snprintf(tmp, sizeof(tmp), "%s.tmp", path);
	f = fopen(tmp, "we");
	err = !f || fputs(j->buf, f) < 0;
	err |= f && fclose(f);
	if (err || rename(tmp, path)) {
		fprintf(stderr, "bench: cannot write %s: %s\n", path, strerror(errno));
		return 1;
	}
	printf("\nall of it, with every sample: %s\n", path);
	return 0;
}

static int run_all(struct env *env, struct report *r, int argc, char **argv)
{
	struct machine machine = { 0 };
	struct json *j = &r->json;
	double load[3];

	machine_read(&machine);
	json_open(j, NULL, '{');
	json_open(j, "machine", '{');
	machine_json(j, &machine);
	machine_load_json(j, "load_before", machine.load);
	json_str(j, "swap", env->swap);
	json_close(j, '}');
	json_open(j, "measured", '{');
	for (size_t i = 0; i < NR_BENCHES; i++)
		if (is_wanted(benches[i], argc, argv) && run_bench(env, r, benches[i]))
			return 128 + env->signal;
	json_close(j, '}');
	report_json(r);
	machine_load(load);
	machine_load_json(j, "load_after", load);
	json_close(j, '}');
	print_head(env, &machine);
	report_print(r);
	return write_json(env, j) || r->nr_failures;
}

int cmd_bench(int argc, char **argv)
{
	static struct report r;
	struct env env = { .oom_notify = getenv("OOM_NOTIFY"),
			   .output = getenv("OUTPUT"),
			   .loads = getenv("LOADS") };
	const char *rounds = getenv("ROUNDS");
	_cleanup_free_ char *json = malloc(JSON_BYTES);
	int err = check_names(argc, argv);

	if (err)
		return err;
	if (!env.oom_notify || !env.output || !json) {
		fprintf(stderr, "bench: run it by 'make bench'\n");
		return 1;
	}
	if (geteuid()) {
		fprintf(stderr, "bench: needs root, for BPF and for memory pressure: try 'sudo "
				"make bench'\n");
		return 1;
	}
	env.rounds = rounds ? (unsigned int)strtoul(rounds, NULL, 10) : 0;
	json_init(&r.json, json, JSON_BYTES);
	find_cpus(&env);
	env.signals = signals_open();
	err = env.signals < 0 ? env_fail(&env, "no signalfd: %s", strerror(errno)) :
				find_swap(&env);
	if (env.signal)
		return 128 + env.signal;
	if (err) {
		fprintf(stderr, "bench: no memory pressure can be made here: %s\n", env.why);
		return 1;
	}
	return run_all(&env, &r, argc, argv);
}
