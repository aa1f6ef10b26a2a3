/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs made of synthetic sources, whose wake-ups the test chooses, for the tests of compare/. */
#ifndef OOMN_COMPARE_RUN_H
#define OOMN_COMPARE_RUN_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "compare/latency/result.h"

#define RUN_ZERO(k) ((1000ULL + 10 * (k)) * NS_PER_S)
#define RUN_LAST_NS (3 * NS_PER_S)
#define RUN_WAIT_NS (2 * NS_PER_S)

/* @names ends with NULL. */
static inline struct result *run_new(const char *const names[], uint32_t episodes)
{
	struct result *r;
	uint32_t n = 0;

	while (names[n])
		n++;
	r = result_new(n, episodes);
	cr_assert_not_null(r);
	for (uint32_t i = 0; i < n; i++)
		snprintf(r->source[i].name, RESULT_NAME_LEN, "%s", names[i]);
	r->machine.is.cores = 2;
	r->params.episodes = episodes;
	return r;
}

/* Episode after episode, ten seconds apart. */
static inline uint64_t run_episode(struct result *r)
{
	const uint64_t zero_ns = RUN_ZERO(r->nr_episodes);
	const struct result_episode e = { .zero_ns = zero_ns,
					  .end_ns = zero_ns + RUN_LAST_NS,
					  .deadline_ns = zero_ns + RUN_LAST_NS + RUN_WAIT_NS,
					  .quiet_ns = 4 * NS_PER_S,
					  .zero = RESULT_RECLAIM };

	cr_assert_eq(result_add_episode(r, &e), 0);
	return zero_ns;
}

/* It wakes once, so long after zero. */
static inline void run_told(struct result *r, uint32_t source, uint64_t latency_ns)
{
	const uint64_t wake_ns = r->episode[r->nr_episodes - 1].zero_ns + latency_ns;

	cr_assert_eq(result_judge(r, source, &wake_ns, 1, 0), 0);
}

static inline void run_silent(struct result *r, uint32_t source)
{
	cr_assert_eq(result_judge(r, source, NULL, 0, 0), 0);
}

/*
 * Six sources: a timer, the tracepoint, PSI, one that says nothing, one that wakes for nothing as
 * well, one that is absent. Of 20 episodes the medians are 500000, 138 and 1418322 us.
 */
static inline struct result *run_of_six(uint32_t episodes)
{
	static const char *const names[] = { "timer",  "tracepoint", "psi", "silenced",
					     "chatty", "absent",     NULL };
	struct result *r = run_new(names, episodes);

	r->source[0].interval_ns = NS_PER_S;
	r->source[5].state = RESULT_ABSENT;
	snprintf(r->source[5].why, RESULT_TEXT_LEN, "no such device");
	for (uint32_t k = 0; k < episodes; k++) {
		const uint64_t zero_ns = run_episode(r);
		const uint64_t chat[] = { zero_ns - 1, zero_ns + (7 + k) * NS_PER_US };

		run_told(r, 0, (50000 * (k + 1)) * NS_PER_US);
		run_told(r, 1, (129 + k) * NS_PER_US);
		run_told(r, 2, (1418313 + k) * NS_PER_US);
		run_silent(r, 3);
		cr_assert_eq(result_judge(r, 4, chat, 2, 0), 0);
	}
	return r;
}

#endif
