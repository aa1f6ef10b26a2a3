// SPDX-License-Identifier: GPL-2.0-only
/* Headroom raises the level of its own cgroup, or the machine's. */
#include <criterion/criterion.h>
#include <string.h>

#include "common/clock.h"
#include "core/levels.h"
#include "tables.h"

#define T0 (1000 * NS_PER_S)

static struct levels l;
static const struct oomn_scan total;
static struct level_change told[16];
static size_t nr_told;

static void take_changes(void)
{
	struct level_change change;

	while (levels_next_change(&l, &change)) {
		cr_assert_lt(nr_told, 16);
		told[nr_told++] = change;
	}
}

static bool tick(uint64_t now_ns)
{
	bool busy = levels_tick(&l, &total, now_ns);

	take_changes();
	return busy;
}

static void headroom(enum scope scope, uint64_t id, uint32_t row, enum level level, uint64_t now_ns)
{
	levels_headroom(&l, scope, id, row, level, now_ns);
	take_changes();
}

static void start(void)
{
	cr_assert_eq(levels_init(&l, &level_opts_default), 0);
}

static void end(void)
{
	levels_free(&l);
}

TestSuite(levels_headroom, .init = start, .fini = end);

Test(levels_headroom, a_cgroups_own)
{
	headroom(SCOPE_CGROUP, 7, 9, LEVEL_LOW, T0);
	cr_assert_eq(nr_told, 1);
	cr_assert_eq(told[0].scope, SCOPE_CGROUP);
	cr_assert_eq(told[0].cgroup_id, 7);
	cr_assert_eq(told[0].cgroup_row, 9);
	cr_assert_eq(told[0].to, LEVEL_LOW);
	cr_assert_eq(l.global.state.level, LEVEL_NONE);
	headroom(SCOPE_CGROUP, 7, 9, LEVEL_CRITICAL, T0);
	cr_assert_eq(told[1].to, LEVEL_CRITICAL);
	for (unsigned int s = 1; s < 100; s++)
		cr_assert(tick(T0 + s * NS_PER_S));
	cr_assert_eq(nr_told, 2);
	headroom(SCOPE_CGROUP, 7, 9, LEVEL_NONE, T0 + 100 * NS_PER_S);
	for (unsigned int s = 100; s < 110; s++)
		tick(T0 + s * NS_PER_S);
	cr_assert_eq(nr_told, 3);
	cr_assert_eq(told[2].to, LEVEL_NONE);
	cr_assert(TAILQ_EMPTY(&l.cgroups.busy), "given back");
}

Test(levels_headroom, the_machines)
{
	headroom(SCOPE_GLOBAL, 0, OOMN_CGROUP_NONE, LEVEL_MEDIUM, T0);
	cr_assert_eq(nr_told, 1);
	cr_assert_eq(told[0].scope, SCOPE_GLOBAL);
	cr_assert_eq(l.global.state.level, LEVEL_MEDIUM);
	cr_assert(TAILQ_EMPTY(&l.cgroups.busy));
}

/* That one is well takes no place; that there is none for one that is not is counted. */
Test(levels_headroom, too_many)
{
	headroom(SCOPE_CGROUP, 7, 9, LEVEL_NONE, T0);
	cr_assert(TAILQ_EMPTY(&l.cgroups.busy));
	for (uint64_t id = 1; id <= LEVELS_CGROUPS; id++) {
		nr_told = 0;
		headroom(SCOPE_CGROUP, id, 9, LEVEL_LOW, T0);
		cr_assert_eq(nr_told, 1);
	}
	cr_assert_eq(l.unkept_hits, 0);
	headroom(SCOPE_CGROUP, LEVELS_CGROUPS + 1, 9, LEVEL_LOW, T0);
	cr_assert_eq(l.unkept_hits, 1);
	cr_assert_eq(nr_told, 1);
}
