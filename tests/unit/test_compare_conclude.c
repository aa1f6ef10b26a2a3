// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sentence below a table: what it claims, and what it does not where samples are few or
 * missing.
 */
#include <stdlib.h>

#include "compare/latency/table.h"
#include "compare_run.h"

static struct result *r;
static char *text;

static void end(void)
{
	result_free(r);
	free(text);
}

TestSuite(compare_conclude, .fini = end);

static void expect_conclusion(const char *want)
{
	size_t size;
	FILE *f = open_memstream(&text, &size);

	conclude(r, f);
	fclose(f);
	for (char *p = text; *p; p++)
		*p = *p == '\n' ? ' ' : *p;
	cr_assert_str_eq(text + 1, want, "said:\n%s", text);
	free(text);
	text = NULL;
}

Test(compare_conclude, conclusion_of_few_episodes)
{
	r = run_of_six(5);
	expect_conclusion(
		"The tracepoint told 1,145 times earlier than the timer, which looks every "
		"1.0s: p50 131us after pressure began against 150ms, in 5 episodes; with so "
		"few, chance moves that factor. ");
}

Test(compare_conclude, conclusion_with_doubts)
{
	r = run_of_six(20);
	r->source[0].sample[3].notified = false;
	r->source[1].state = RESULT_BROKE;
	snprintf(r->incomplete, RESULT_TEXT_LEN, "interrupted");
	expect_conclusion(
		"The tracepoint told 3,986 times earlier than the timer, which looks every "
		"1.0s: p50 138us after pressure began against 550ms, in 20 episodes; the "
		"tracepoint ended early; the timer missed 1 of them; the run is not "
		"complete. ");
}

Test(compare_conclude, conclusion_without_a_timer)
{
	r = run_of_six(20);
	r->source[0].state = RESULT_ABSENT;
	expect_conclusion(
		"The tracepoint told 138us after pressure began (p50 of 20 episodes), but "
		"the timer is not here, so how much earlier it is cannot be said. ");
	strcpy(r->source[0].name, "other");
	expect_conclusion(
		"The tracepoint told 138us after pressure began (p50 of 20 episodes), but "
		"the timer was not asked for, so how much earlier it is cannot be said. ");
}

Test(compare_conclude, conclusion_without_medians)
{
	r = run_of_six(20);
	for (int k = 0; k < 11; k++)
		r->source[0].sample[k].notified = false;
	expect_conclusion(
		"The tracepoint told 138us after pressure began (p50 of 20 episodes), but "
		"the timer missed half of them or more, so how much earlier it is cannot be "
		"said; the timer missed 11 of them. ");
	for (int k = 0; k < 12; k++)
		r->source[1].sample[k].notified = false;
	expect_conclusion(
		"The tracepoint missed half of the 20 episodes or more, so how much earlier "
		"it is cannot be said; the tracepoint missed 12 of them; the timer missed 11 "
		"of them; chance alone may have made that difference. ");
}

Test(compare_conclude, conclusion_without_a_tracepoint)
{
	r = run_of_six(20);
	r->source[1].state = RESULT_ABSENT;
	expect_conclusion(
		"The tracepoint is not here, so this run does not say how early it tells. ");
	strcpy(r->source[1].name, "other");
	expect_conclusion("The tracepoint was not asked for, so this run does not say how early it "
			  "tells. ");
}

/* Later, and no later than chance would have it: nothing is claimed. */
Test(compare_conclude, conclusion_of_no_difference)
{
	r = run_of_six(20);
	for (int k = 0; k < 20; k++)
		r->source[0].sample[k].latency_ns = (125 + (uint64_t)k) * NS_PER_US;
	expect_conclusion(
		"The tracepoint told later than the timer, which looks every 1.0s: p50 "
		"138us after pressure began against 134us, in 20 episodes; chance alone may "
		"have made that difference. ");
}

static void expect_pair_conclusion(const struct result *other, const char *want)
{
	const struct result *const run[] = { r, other };
	size_t size;
	FILE *f = open_memstream(&text, &size);

	conclude_pair(run, f);
	fclose(f);
	for (char *p = text; *p; p++)
		*p = *p == '\n' ? ' ' : *p;
	cr_assert_str_eq(text + 1, want, "said:\n%s", text);
	free(text);
	text = NULL;
}

Test(compare_conclude, conclusion_of_two_runs)
{
	static const char *const others[] = { "timer", "tracepoint", NULL };
	struct result *other = run_new(others, 20);

	r = run_of_six(20);
	for (uint64_t k = 0; k < 20; k++) {
		run_episode(other);
		run_told(other, 0, (50000 * (k + 1)) * NS_PER_US);
		run_told(other, 1, (129 + k) * NS_PER_US);
	}
	expect_pair_conclusion(other, "None of the 2 sources in both runs differs by more than "
				      "chance. ");
	for (int k = 0; k < 20; k++)
		other->source[0].sample[k].notified = k < 5;
	for (int k = 0; k < 20; k++)
		other->source[1].sample[k].latency_ns /= 2;
	expect_pair_conclusion(other,
			       "By more than chance 2 of 2 sources differ in B: timer misses "
			       "more, tracepoint 2.00 times earlier. ");
	other->source[0].nr_samples = other->source[1].nr_samples = 7;
	expect_pair_conclusion(other, "No source has in both runs the 8 episodes that it takes to "
				      "tell a difference from chance. ");
	other->source[0].nr_samples = other->source[1].nr_samples = 0;
	expect_pair_conclusion(other, "No source was measured in both runs. ");
	result_free(other);
}
