// SPDX-License-Identifier: GPL-2.0-only
/* Statistics over episodes. */
#include <errno.h>
#include <math.h>

#include "compare/survive/stats.h"
#include "survive_made.h"

static const char *const names[] = { "headroom", "psi", "deaf", "foretold", NULL };
static struct survive *s;

static void start(void)
{
	s = made_new(names);
}

static void end(void)
{
	survive_free(s);
}

TestSuite(survive_stats, .init = start, .fini = end);

static void add(uint32_t rate, enum survive_swap swap, enum survive_end how, int64_t lead_ms,
		uint64_t given_mb)
{
	struct survive_episode e = made_episode(0, how);

	e.rate = rate;
	e.swap = swap;
	e.lead_ns = lead_ms * (int64_t)NS_PER_MS;
	e.tells = lead_ms != 0;
	e.given_bytes = given_mb * MADE_MB;
	e.stall_ns = given_mb;
	cr_assert_eq(survive_add(s, &e), 0);
}

Test(survive_stats, of_its_cell_alone)
{
	struct survive_cell c;

	add(1, SURVIVE_SWAP, SURVIVE_LIVES, 30, 76);
	add(1, SURVIVE_SWAP, SURVIVE_LIVES, -20, 152);
	add(1, SURVIVE_SWAP, SURVIVE_LIVES, 10, 95);
	add(1, SURVIVE_SWAP, SURVIVE_KILLED, 0, 1);
	add(1, SURVIVE_SWAP, SURVIVE_STUCK, 40, 2);
	add(0, SURVIVE_SWAP, SURVIVE_LIVES, 1, 1);
	add(1, SURVIVE_NO_SWAP, SURVIVE_LIVES, 2, 2);
	survive_cell(s, 0, 1, SURVIVE_SWAP, &c);
	cr_assert_eq(c.episodes, 5);
	cr_assert_eq(c.survivors, 3, "neither the killed one nor the one that got stuck");
	cr_assert_eq(c.notified, 4);
	/* -20, 10, 30, 40: nearest rank. */
	cr_assert_float_eq(c.lead_p50_ns, 10e6, 1);
	cr_assert_float_eq(c.given_p50, 1.25, 1e-9, "of those that survived");
	cr_assert_float_eq(c.given_max, 2.0, 1e-9);
	cr_assert_float_eq(c.stall_p50_ns, 76, 1e-9, "1, 2, 76, 95, 152");
}

Test(survive_stats, nothing_to_take_a_median_of)
{
	struct survive_cell c;

	survive_cell(s, 0, 0, SURVIVE_NO_SWAP, &c);
	cr_assert(!c.episodes && !c.survivors && isnan(c.lead_p50_ns) && isnan(c.given_p50) &&
		  isnan(c.given_max) && isnan(c.stall_p50_ns));
	add(0, SURVIVE_NO_SWAP, SURVIVE_KILLED, 0, 0);
	survive_cell(s, 0, 0, SURVIVE_NO_SWAP, &c);
	cr_assert_eq(c.episodes, 1);
	cr_assert(isnan(c.lead_p50_ns) && isnan(c.given_p50));
}

Test(survive_stats, no_room)
{
	struct survive *small = survive_new(1, 1);
	const struct survive_episode e = made_episode(0, SURVIVE_LIVES);

	cr_assert_eq(survive_add(small, &e), 0);
	cr_assert_eq(survive_add(small, &e), -ENOSPC);
	survive_free(small);
	cr_assert_null(survive_new(SURVIVE_MAX_SOURCES + 1, 1));
	cr_assert_eq(errno, EINVAL);
	survive_free(NULL);
}
