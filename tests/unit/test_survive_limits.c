// SPDX-License-Identifier: GPL-2.0-only
/*
 * Limits of notifying by headroom, held against the published runs (docs/survive): all live
 * at every rate, never fewer than with another source, and give up at most 1.5 times of what was
 * needed; never told for nothing. A run that falls short of one has its own limit here, so that no
 * later run is published that is worse.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "compare/survive/file.h"
#include "compare/survive/stats.h"

#define GIVEN 1.5

static const struct published {
	const char *path;
	uint32_t dead;
	double given_p50; /* at the worst rate */
} runs[] = {
	/* Swap at 10 MB/s, before what is in swap and in memory counted as droppable. */
	{ "docs/survive/6.18.json", 0, 1.65 },
	{ "docs/survive/6.18-100.json", 0, GIVEN },
	{ "docs/survive/6.18-100-swap.json", 0, GIVEN },
	{ "docs/survive/6.18-slow.json", 0, 1.503 },
	/* With ordinary scheduling: unthrottled, and at 1,000 MB/s. */
	{ "docs/survive/6.18-ordinary.json", 9, GIVEN },
};

static uint32_t dead;
static double given_p50;

/* By share, as they may have different numbers of episodes after an interrupted run. */
static bool survives_more(const struct survive_cell *a, const struct survive_cell *b)
{
	return (uint64_t)a->survivors * b->episodes > (uint64_t)b->survivors * a->episodes;
}

static void check_cell(const struct survive *s, uint32_t rate, enum survive_swap swap)
{
	struct survive_cell own, other;

	cr_assert_str_eq(s->source[0].name, SOURCE_HEADROOM);
	survive_cell(s, 0, rate, swap, &own);
	dead += own.episodes - own.survivors;
	if (!isnan(own.given_p50))
		given_p50 = fmax(given_p50, own.given_p50);
	for (uint32_t i = 1; i < s->nr_sources; i++) {
		survive_cell(s, i, rate, swap, &other);
		if (!survive_is_control(s->source[i].name) && other.episodes)
			cr_assert_not(survives_more(&other, &own), "%s", s->source[i].name);
	}
}

static void check(const struct published *p)
{
	char why[RESULT_TEXT_LEN];
	struct survive *s = survive_read(p->path, why);

	cr_assert_not_null(s, "%s: %s", p->path, why);
	dead = 0;
	given_p50 = 0;
	for (uint32_t rate = 0; rate < s->params.nr_rates; rate++)
		for (int swap = 0; swap < SURVIVE_NR_SWAPS; swap++)
			check_cell(s, rate, (enum survive_swap)swap);
	cr_assert_leq(dead, p->dead, "%s: %u dead", p->path, dead);
	cr_assert_leq(given_p50, p->given_p50, "%s: %g given up", p->path, given_p50);
	for (int i = 0; i < SURVIVE_NR_BENIGN; i++)
		cr_assert_eq(s->source[0].false_tells[i], 0, "%s", p->path);
	survive_free(s);
}

Test(survive_limits, published_runs)
{
	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++)
		check(&runs[i]);
}
