// SPDX-License-Identifier: GPL-2.0-only
/* Each target at its limit, beyond it, and without what it takes to measure it. */
#include <math.h>
#include <stdlib.h>

#include "compare/latency/targets.h"
#include "compare_run.h"

enum { TIMER, TRACEPOINT, PSI, FED };

static const char *const names[] = { "timer", "tracepoint", "psi", "device-fed", NULL };
static struct result *r;
static struct target target[NR_TARGETS];

/* All on their limits: 3000 times, 1.5 times, 5 times, 0.01 % less a little. */
static void start(void)
{
	r = run_new(names, 3);
	r->source[TIMER].interval_ns = NS_PER_S;
	r->source[TRACEPOINT].idle = (struct result_cpu){ 99999, NS_PER_S };
	for (int k = 0; k < 3; k++) {
		run_episode(r);
		run_told(r, TIMER, 450 * NS_PER_MS);
		run_told(r, TRACEPOINT, 150 * NS_PER_US);
		run_told(r, PSI, 450 * NS_PER_MS);
		run_told(r, FED, 750 * NS_PER_US);
		result_add_cost(r, RESULT_COST_BASELINE, 100 * NS_PER_US);
	}
}

static void end(void)
{
	result_free(r);
}

TestSuite(compare_targets, .init = start, .fini = end);

static void set(uint32_t source, uint64_t latency_ns)
{
	for (int k = 0; k < 3; k++)
		r->source[source].sample[k].latency_ns = latency_ns;
}

/* All others are in @state but this one. */
static void expect(enum target_id id, enum target_state state)
{
	targets_judge(r, target);
	for (int i = 0; i < NR_TARGETS; i++)
		cr_assert_eq(target[i].state, (enum target_id)i == id ? state : TARGET_REACHED,
			     "target %d is %d", i, target[i].state);
}

Test(compare_targets, on_the_limit_is_reached)
{
	expect(NR_TARGETS, TARGET_REACHED);
	cr_assert_float_eq(target[TARGET_TIMER].measured, 3000, 1e-6);
	cr_assert_float_eq(target[TARGET_BASELINE].measured, 1.5, 1e-9);
	cr_assert_float_eq(target[TARGET_FED].measured, 5, 1e-9);
}

Test(compare_targets, timer_not_late_enough)
{
	set(TIMER, 450 * NS_PER_MS - 1000);
	expect(TARGET_TIMER, TARGET_SHORT);
}

Test(compare_targets, psi_not_late_enough)
{
	set(PSI, 450 * NS_PER_MS - 1000);
	expect(TARGET_PSI, TARGET_SHORT);
}

Test(compare_targets, above_the_floor)
{
	for (int k = 0; k < 3; k++)
		r->cost[RESULT_COST_BASELINE].ns[k] -= 100;
	expect(TARGET_BASELINE, TARGET_SHORT);
}

Test(compare_targets, one_missed)
{
	r->source[TRACEPOINT].sample[2] = (struct result_sample){ .episode = 2 };
	expect(TARGET_NOT_MISSED, TARGET_SHORT);
	cr_assert_float_eq(target[TARGET_NOT_MISSED].measured, 1, 1e-9);
}

Test(compare_targets, one_false)
{
	r->source[TRACEPOINT].sample[0].false_wakes = 1;
	expect(TARGET_NOT_FALSE, TARGET_SHORT);
}

Test(compare_targets, fed_too_late)
{
	set(FED, 751 * NS_PER_US);
	expect(TARGET_FED, TARGET_SHORT);
}

Test(compare_targets, idle_costs_too_much)
{
	r->source[TRACEPOINT].idle.used_ns = 100000;
	expect(TARGET_IDLE, TARGET_SHORT);
}

/* What died in its second episode has missed none, and reached nothing. */
Test(compare_targets, ended_early)
{
	r->source[TRACEPOINT].state = RESULT_BROKE;
	targets_judge(r, target);
	for (int i = 0; i < NR_TARGETS; i++)
		cr_assert_eq(target[i].state, TARGET_NOT_MEASURED, "target %d", i);
}

Test(compare_targets, idle_not_measured)
{
	r->source[TRACEPOINT].idle.over_ns = 0;
	expect(TARGET_IDLE, TARGET_NOT_MEASURED);
}

Test(compare_targets, source_is_not_here)
{
	r->source[FED].state = RESULT_ABSENT;
	expect(TARGET_FED, TARGET_NOT_MEASURED);
	cr_assert_str_eq(target[TARGET_FED].why, "device-fed is not here");
	snprintf(r->source[FED].name, RESULT_NAME_LEN, "other");
	expect(TARGET_FED, TARGET_NOT_MEASURED);
	cr_assert_str_eq(target[TARGET_FED].why, "device-fed was not asked for");
	snprintf(r->source[FED].name, RESULT_NAME_LEN, "device-fed");
	r->source[FED].state = RESULT_RAN;
	r->source[FED].nr_samples = 0;
	expect(TARGET_FED, TARGET_NOT_MEASURED);
}

Test(compare_targets, another_interval_is_no_1_hz)
{
	r->source[TIMER].interval_ns = NS_PER_S / 10;
	expect(TARGET_TIMER, TARGET_NOT_MEASURED);
	cr_assert_str_eq(target[TARGET_TIMER].why, "the timer's interval was 100ms, not 1 s");
}

/* A median that never comes is no number of times. */
Test(compare_targets, psi_never)
{
	r->source[PSI].sample[0] = (struct result_sample){ 0 };
	r->source[PSI].sample[1] = (struct result_sample){ .episode = 1 };
	expect(TARGET_PSI, TARGET_NOT_MEASURED);
	cr_assert_str_eq(target[TARGET_PSI].why, "psi missed every second episode");
}

Test(compare_targets, without_a_floor)
{
	r->cost[RESULT_COST_BASELINE].n = 0;
	expect(TARGET_BASELINE, TARGET_NOT_MEASURED);
	cr_assert_str_eq(target[TARGET_BASELINE].why, "the bare wake-up was not measured");
}

Test(compare_targets, without_a_tracepoint)
{
	r->source[TRACEPOINT].state = RESULT_ABSENT;
	targets_judge(r, target);
	for (int i = 0; i < NR_TARGETS; i++)
		cr_assert_eq(target[i].state, TARGET_NOT_MEASURED, "target %d", i);
}

static char *printed(void)
{
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	targets_print(r, f);
	fclose(f);
	return text;
}

Test(compare_targets, reasons_only_where_something_is_short)
{
	char *text;

	r->machine.is.load[0] = 1.5;
	text = printed();
	cr_assert_not_null(strstr(text, "7 of 7 reached, 0 not measured"));
	cr_assert_null(strstr(text, "why?"));
	free(text);
	set(TRACEPOINT, 200 * NS_PER_US);
	text = printed();
	cr_assert_not_null(strstr(text, "4 of 7 reached, 0 not measured"));
	cr_assert_not_null(strstr(text, "SHORT    tracepoint p50, times earlier than the timer's: "
					"2250, at least 3000"));
	cr_assert_not_null(strstr(text, "load 1.50 before"));
	cr_assert_not_null(strstr(text, "--one-at-a-time"));
	free(text);
}
