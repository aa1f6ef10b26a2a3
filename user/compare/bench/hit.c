// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cost of a hit, by run_time_ns / run_cnt of the program on the swap-out tracepoint. Each
 * source is attached alone, one after the other on the same pressure, again in each round; ratios
 * are taken within a round, and medians over the rounds, so that drift of the machine cancels.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "common/cleanup.h"
#include "progs.h"
#include "compare/sources/sources.h"
#include "compare/sources/watcher.h"
#include "compare/statistics.h"
#include "verbs.h"

#define ROUNDS	 7
#define MIN_HITS 1000

enum { DEFAULT, RAW, EMPTY, BPFTRACE, WAKE, NR_SOURCES };

static const struct subject {
	const char *name; /* in bench.json */
	const struct source *source;
	const char *program; /* what its program on the tracepoint is called, or begins with */
} subjects[NR_SOURCES] = {
	[DEFAULT] = { "default", &source_tracepoint, "swap_write" },
	[RAW] = { "raw", &source_tracepoint_raw, "swap_write" },
	[EMPTY] = { "empty", &source_empty, "empty" },
	[BPFTRACE] = { "bpftrace", &source_bpftrace_count, "" }, /* it has one only */
	[WAKE] = { "wake", &source_wake, "wake" },
};

static struct state {
	int stats_fd;
	struct watcher watcher;
	struct samples ns[NR_SOURCES]; /* one a round */
	struct samples all_ns;	       /* all programs of the default mode, by swapped-out page */
	struct progs last;	       /* the default mode's, in the last round */
	uint64_t hits[NR_SOURCES];
	uint64_t dropped[NR_SOURCES];
	char why[NR_SOURCES][160]; /* not measured any more: why */
	bool failed[NR_SOURCES];
} st = { .stats_fd = -1, .watcher = WATCHER_NONE };

static const struct pressure_args pressure = {
	.limit = "64M",
	.use = "192M",
	.swap_size = "256M",
	.gap = "0",
	.episodes = 1,
	.cpu = -1,
};

static int setup(struct env *env)
{
	st.stats_fd = progs_count();
	if (st.stats_fd < 0)
		return env_fail(env, "the kernel does not count runs of BPF programs: %s",
				strerror(-st.stats_fd));
	return 0;
}

static void note_others(int i, const struct progs *delta, uint64_t hits)
{
	double ns = 0;

	if (i != DEFAULT)
		return;
	for (unsigned int k = 0; k < delta->n; k++)
		ns += (double)delta->prog[k].ns;
	samples_add(&st.all_ns, ns / (double)hits);
	st.last = *delta;
}

/* bpftrace may take a while; it is a process of its own. */
#define READY_NS (60 * NS_PER_S)

static void read_progs(struct progs *p)
{
	const pid_t helper = st.watcher.slot->helper;

	progs_read(helper ? helper : st.watcher.pid, p);
}

/* Absent is no failure: @missing then says so. */
static int start_subject(struct env *env, const struct subject *s, bool *missing)
{
	const struct source_env source_env = { .bell_fd = -1 };
	struct failure why = { "" };
	int err = watcher_start(&st.watcher, s->source, NULL, &source_env, &why);

	if (!err)
		err = watcher_wait(&st.watcher, env->signals, READY_NS);
	if (err == -ECANCELED)
		return env_poll(env, NULL, 0, 0);
	if (err)
		return env_fail(env, "%s: %s", s->name, why.text[0] ? why.text : strerror(-err));
	if (atomic_load(&st.watcher.slot->state) == WATCHER_READY)
		return 0;
	*missing = atomic_load(&st.watcher.slot->state) == WATCHER_ABSENT;
	return env_fail(env, "%s", st.watcher.slot->why.text);
}

static int measure(struct env *env, int i, bool *missing)
{
	const struct subject *s = &subjects[i];
	struct progs before = { 0 }, after = { 0 }, delta;
	const struct prog_stat *hit;
	int err = start_subject(env, s, missing);

	if (err)
		return err;
	read_progs(&before);
	err = pressure_run(env, &pressure, NULL);
	if (err)
		return err;
	read_progs(&after);
	progs_delta(&before, &after, &delta);
	hit = progs_find(&delta, s->program);
	if (!hit || hit->runs < MIN_HITS)
		return env_fail(env, "%s: too few hits, %llu", s->name,
				hit ? (unsigned long long)hit->runs : 0);
	samples_add(&st.ns[i], (double)hit->ns / (double)hit->runs);
	st.hits[i] += hit->runs;
	st.dropped[i] += atomic_load(&st.watcher.slot->dropped);
	note_others(i, &delta, hit->runs);
	return 0;
}

/* A source that fails is left out from then on; the others go on. */
static int one_round(struct env *env, unsigned int round)
{
	(void)round;
	for (int i = 0; i < NR_SOURCES; i++) {
		bool missing = false;
		int err;

		if (st.why[i][0])
			continue;
		err = measure(env, i, &missing);
		watcher_stop(&st.watcher);
		if (env->signal)
			return err;
		if (!err)
			continue;
		snprintf(st.why[i], sizeof(st.why[i]), "%.150s", env->why);
		st.failed[i] = !missing;
	}
	return 0;
}

/* Median of the rounds' own ratios; rounds of a source that failed at last do not count. */
static double ratio(int over, int under)
{
	struct samples r = { .n = 0 };

	for (unsigned int i = 0; i < st.ns[over].n && i < st.ns[under].n; i++)
		samples_add(&r, st.ns[over].v[i] / st.ns[under].v[i]);
	return samples_median(&r);
}

static void report_rows(struct report *r)
{
	const double ns[NR_SOURCES] = {
		samples_median(&st.ns[DEFAULT]), samples_median(&st.ns[RAW]),
		samples_median(&st.ns[EMPTY]),	 samples_median(&st.ns[BPFTRACE]),
		samples_median(&st.ns[WAKE]),
	};
	const struct row rows[] = {
		{ "counted, by default", ns[DEFAULT], "empty", ns[EMPTY], ratio(DEFAULT, EMPTY),
		  2.2, AT_MOST, UNIT_NS },
		{ "counted, by default", ns[DEFAULT], "bpftrace", ns[BPFTRACE],
		  ratio(DEFAULT, BPFTRACE), 1, BELOW, UNIT_NS },
		{ "told, --raw", ns[RAW], "wake each", ns[WAKE], ratio(WAKE, RAW), 5, AT_LEAST,
		  UNIT_NS },
		{ "all programs, a page", samples_median(&st.all_ns), NULL, 0, NAN, 0, NO_TARGET,
		  UNIT_NS },
	};

	report_heading(r, "A hit of the swap-out tracepoint, median of %u rounds", ROUNDS);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!isnan(rows[i].value) && (!rows[i].beside || !isnan(rows[i].beside_value)))
			report_row(r, &rows[i]);
}

static void report_missing(struct report *r)
{
	for (int i = 0; i < NR_SOURCES; i++) {
		if (st.failed[i])
			report_failure(r, "hit, %s: %s", subjects[i].name, st.why[i]);
		else if (st.why[i][0])
			report_note(r, "hit: not beside %s: %s.", subjects[i].name, st.why[i]);
		if (st.dropped[i])
			report_note(
				r,
				"hit, %s: %.1f %% of the hits found the ring full and cost less "
				"for it.",
				subjects[i].name,
				100.0 * (double)st.dropped[i] / (double)st.hits[i]);
	}
}

static void progs_json(struct json *j, const struct progs *p)
{
	json_open(j, "default_programs", '[');
	for (unsigned int i = 0; i < p->n; i++) {
		json_open(j, NULL, '{');
		json_str(j, "name", p->prog[i].name);
		json_u64(j, "runs", p->prog[i].runs);
		json_fixed(j, "ns", (double)p->prog[i].ns / (double)p->prog[i].runs);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void report(struct report *r)
{
	struct json *j = &r->json;

	report_rows(r);
	report_missing(r);
	json_u64(j, "rounds", ROUNDS);
	json_str(j, "limit", pressure.limit);
	json_str(j, "use", pressure.use);
	for (int i = 0; i < NR_SOURCES; i++) {
		json_open(j, subjects[i].name, '{');
		json_u64(j, "hits", st.hits[i]);
		json_u64(j, "dropped", st.dropped[i]);
		samples_json(j, "ns", &st.ns[i]);
		json_close(j, '}');
	}
	samples_json(j, "default_all_programs_ns_per_page", &st.all_ns);
	progs_json(j, &st.last);
}

static void teardown(void)
{
	watcher_stop(&st.watcher);
	cleanup_close(&st.stats_fd);
}

const struct bench bench_hit = {
	.name = "hit",
	.does = "what a hit costs",
	.rounds = ROUNDS,
	.setup = setup,
	.round = one_round,
	.report = report,
	.teardown = teardown,
};
