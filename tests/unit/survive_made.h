/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs of who survives, made up, for the tests of survive/. */
#ifndef OOMN_SURVIVE_MADE_H
#define OOMN_SURVIVE_MADE_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "compare/survive/result.h"

#define MADE_MB (1ULL << 20)

/* Two rates, without swap and with; @names ends with NULL. */
static inline struct survive *made_new(const char *const names[])
{
	struct survive *s;
	uint32_t n = 0;

	while (names[n])
		n++;
	s = survive_new(n, 1000);
	cr_assert_not_null(s);
	for (uint32_t i = 0; i < n; i++) {
		snprintf(s->source[i].name, RESULT_NAME_LEN, "%s", names[i]);
		snprintf(s->source[i].what, RESULT_TEXT_LEN, "what %s is", names[i]);
	}
	s->machine.is.cores = 2;
	s->params = (struct survive_params){ .episodes = 10,
					     .seed = 7,
					     .limit_bytes = 256 * MADE_MB,
					     .cache_bytes = 152 * MADE_MB,
					     .swap_bytes = 38 * MADE_MB,
					     .rate_mb_s = { 200, SURVIVE_UNTHROTTLED },
					     .nr_rates = 2,
					     .swap = { true, true },
					     .benign_ns = 600 * NS_PER_S,
					     .realtime = true };
	return s;
}

/* An episode without a reason to be different. */
static inline struct survive_episode made_episode(uint32_t source, enum survive_end end)
{
	return (struct survive_episode){ .source = source,
					 .end = end,
					 .tells = 1,
					 .lead_ns = (int64_t)(100 * NS_PER_MS),
					 .given_bytes = 95 * MADE_MB,
					 .needed_bytes = 76 * MADE_MB };
}

/* So many of @source, at both rates, without swap and with. */
static inline void made_add(struct survive *s, struct survive_episode e, uint32_t times)
{
	for (uint32_t i = 0; i < times; i++) {
		for (uint32_t k = 0; k < 4; k++) {
			e.rate = k / 2;
			e.swap = (enum survive_swap)(k % 2);
			cr_assert_eq(survive_add(s, &e), 0);
		}
	}
}

static inline void made_benign(struct survive *s)
{
	for (int i = 0; i < SURVIVE_NR_BENIGN; i++)
		s->benign_ns[i] = 600 * NS_PER_S;
}

#endif
