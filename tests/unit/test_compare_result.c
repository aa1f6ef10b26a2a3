// SPDX-License-Identifier: GPL-2.0-only
/* Which wake-ups tell of an episode, which are false, and when it was missed. */
#include <errno.h>

#include "compare_run.h"

static const char *const one[] = { "one", NULL };
static const char *const two[] = { "one", "two", NULL };

/* A run of one source in one episode, that woke at these times relative to zero. */
static struct result_sample judge(const int64_t at[], size_t n, uint64_t unkept)
{
	struct result *r = run_new(one, 1);
	const uint64_t zero_ns = run_episode(r);
	struct result_sample got;
	uint64_t wakes[8];

	for (size_t i = 0; i < n; i++)
		wakes[i] = zero_ns + (uint64_t)at[i];
	cr_assert_eq(result_judge(r, 0, wakes, n, unkept), 0);
	cr_assert_eq(r->source[0].nr_samples, 1);
	got = r->source[0].sample[0];
	result_free(r);
	return got;
}

static void expect(const struct result_sample *got, bool notified, uint64_t latency_ns,
		   uint64_t wakes, uint64_t false_wakes)
{
	cr_assert_eq(got->notified, notified);
	cr_assert_eq(got->latency_ns, latency_ns);
	cr_assert_eq(got->wakes, wakes);
	cr_assert_eq(got->false_wakes, false_wakes);
}

#define JUDGE(unkept, ...)                                                                    \
	judge((const int64_t[]){ __VA_ARGS__ }, sizeof((const int64_t[]){ __VA_ARGS__ }) / 8, \
	      unkept)

#define DEADLINE ((int64_t)(RUN_LAST_NS + RUN_WAIT_NS))

Test(compare_result, silence_is_missed)
{
	const struct result_sample got = judge(NULL, 0, 0);

	expect(&got, false, 0, 0, 0);
}

Test(compare_result, first_wake_is_the_latency)
{
	struct result_sample got = JUDGE(0, 138000, 150000, 900000);

	expect(&got, true, 138000, 3, 0);
	got = JUDGE(0, 900000, 138000, 150000);
	expect(&got, true, 138000, 3, 0);
}

/* Before zero is false, never a negative latency; what follows is still told. */
Test(compare_result, before_zero_is_false)
{
	struct result_sample got = JUDGE(0, -1);

	expect(&got, false, 0, 0, 1);
	got = JUDGE(0, -2000000000, -1, 500);
	expect(&got, true, 500, 1, 2);
}

Test(compare_result, the_edges_belong_to_the_episode)
{
	struct result_sample got = JUDGE(0, 0);

	expect(&got, true, 0, 1, 0);
	got = JUDGE(0, DEADLINE);
	expect(&got, true, (uint64_t)DEADLINE, 1, 0);
}

Test(compare_result, behind_the_deadline_is_missed_and_false)
{
	struct result_sample got = JUDGE(0, DEADLINE + 1);

	expect(&got, false, 0, 0, 1);
	got = JUDGE(0, DEADLINE + 1, 7);
	expect(&got, true, 7, 1, 1);
}

/* Wake-ups that nobody stamped repeat what was told, or they were all before zero. */
Test(compare_result, unkept_wakes)
{
	struct result_sample got = JUDGE(100, 7);

	expect(&got, true, 7, 101, 0);
	got = JUDGE(100, -7);
	expect(&got, false, 0, 0, 101);
}

/* A source that stays silent and one that chatters, next to each other over several episodes. */
Test(compare_result, silenced_and_chatty)
{
	struct result *r = run_new(two, 5);

	for (uint32_t k = 0; k < 5; k++) {
		const uint64_t zero_ns = run_episode(r);
		const uint64_t chat[] = { zero_ns - 3 * NS_PER_S, zero_ns - 1, zero_ns + 10 + k };

		run_silent(r, 0);
		cr_assert_eq(result_judge(r, 1, chat, 3, 0), 0);
	}
	for (uint32_t k = 0; k < 5; k++) {
		cr_assert_eq(r->source[0].sample[k].episode, k);
		expect(&r->source[0].sample[k], false, 0, 0, 0);
		expect(&r->source[1].sample[k], true, 10 + k, 1, 2);
	}
	result_free(r);
}

/* One at a time: a source's samples name the episodes that were its own. */
Test(compare_result, samples_name_their_episode)
{
	struct result *r = run_new(two, 4);

	for (uint32_t k = 0; k < 4; k++) {
		run_episode(r);
		run_told(r, k / 2, k);
	}
	cr_assert_eq(r->source[0].nr_samples, 2);
	cr_assert_eq(r->source[1].nr_samples, 2);
	cr_assert_eq(r->source[1].sample[0].episode, 2);
	cr_assert_eq(r->source[1].sample[1].latency_ns, 3);
	result_free(r);
}

Test(compare_result, there_is_no_room_for_one_more)
{
	struct result *r = run_new(one, 2);
	const struct result_episode e = { .zero_ns = 1 };

	cr_assert_eq(result_judge(r, 0, NULL, 0, 0), -EINVAL, "no episode yet");
	for (int k = 0; k < 2; k++) {
		run_episode(r);
		run_silent(r, 0);
		result_add_cost(r, RESULT_COST_BASELINE, (uint64_t)k);
	}
	cr_assert_eq(result_judge(r, 0, NULL, 0, 0), -ENOSPC);
	cr_assert_eq(result_add_episode(r, &e), -ENOSPC);
	result_add_cost(r, RESULT_COST_BASELINE, 9);
	cr_assert_eq(r->nr_episodes, 2);
	cr_assert_eq(r->source[0].nr_samples, 2);
	cr_assert_eq(r->cost[RESULT_COST_BASELINE].n, 2);
	cr_assert_eq(r->cost[RESULT_COST_BASELINE].ns[1], 1);
	result_free(r);
}

Test(compare_result, found_by_name)
{
	struct result *r = run_new(two, 1);

	cr_assert_eq(result_find(r, "two"), &r->source[1]);
	cr_assert_null(result_find(r, "tw"));
	result_free(r);
	result_free(NULL);
}
