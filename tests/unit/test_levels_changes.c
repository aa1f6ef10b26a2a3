// SPDX-License-Identifier: GPL-2.0-only
/* Changes wait in the levels until somebody takes them out. */
#include <criterion/criterion.h>

#include "common/clock.h"
#include "core/levels.h"
#include "record.h"
#include "tables.h"

#define T0 (1000 * NS_PER_S)

static struct levels l;
static struct oomn_scan total;

static void start(void)
{
	cr_assert_eq(levels_init(&l, &level_opts_default), 0);
}

static void end(void)
{
	levels_free(&l);
}

TestSuite(levels_changes, .init = start, .fini = end);

/* The OOM killer, for the limit of a cgroup or, with 0, for the machine. */
static union oomn_record record(uint64_t id, uint64_t now_ns)
{
	union oomn_record rec = { 0 };

	rec.hdr.kind = OOMN_OOM_KILL;
	rec.hdr.cause = OOMN_CAUSE_DIRECT;
	rec.hdr.hits = 1;
	rec.hdr.time_ns = now_ns;
	rec.hdr.cgroup_id = id;
	rec.hdr.cgroup_row = id ? OOMN_CGROUP_FIRST : OOMN_CGROUP_NONE;
	rec.oom_kill.is_memcg = id != 0;
	return rec;
}

/* Whoever takes changes out late is told where the levels are, not of each step. */
Test(levels_changes, changes_wait_to_be_taken_out)
{
	union oomn_record rec = record(7, T0);
	struct level_change change;

	rec.hdr.kind = OOMN_SWAP_OUT;
	rec.hdr.cause = OOMN_CAUSE_MEMCG;
	rec.hdr.pages = 1;
	levels_record(&l, &rec);
	rec = record(0, T0 + 1);
	levels_record(&l, &rec);
	rec = record(7, T0 + 2);
	levels_record(&l, &rec);
	cr_assert(levels_next_change(&l, &change));
	cr_assert_eq(change.scope, SCOPE_CGROUP);
	cr_assert_eq(change.cgroup_id, 7);
	cr_assert_eq(change.from, LEVEL_NONE);
	cr_assert_eq(change.to, LEVEL_CRITICAL);
	cr_assert_eq(change.time_ns, T0 + 2);
	cr_assert(levels_next_change(&l, &change));
	cr_assert_eq(change.scope, SCOPE_GLOBAL);
	cr_assert_eq(change.time_ns, T0 + 1);
	cr_assert_not(levels_next_change(&l, &change));
}

/* A cgroup at rest keeps its place until its all-clear was taken out. */
Test(levels_changes, all_clear_that_waits)
{
	union oomn_record rec = record(7, T0);
	struct level_change change;

	levels_record(&l, &rec);
	cr_assert(levels_next_change(&l, &change));
	for (unsigned int s = 1; s < 10; s++)
		levels_tick(&l, &total, T0 + s * NS_PER_S);
	cr_assert_not(levels_tick(&l, &total, T0 + 20 * NS_PER_S));
	cr_assert_not_null(level_pool_find(&l.cgroups, 7));
	cr_assert(levels_next_change(&l, &change));
	cr_assert_eq(change.to, LEVEL_NONE);
	cr_assert_eq(change.cgroup_id, 7);
	cr_assert_not(levels_next_change(&l, &change));
	cr_assert_null(level_pool_find(&l.cgroups, 7));
}

Test(levels_changes, tick_says_whether_to_call_again)
{
	const union oomn_record rec = record(7, T0);

	cr_assert_not(levels_tick(&l, &total, T0));
	levels_record(&l, &rec);
	cr_assert(levels_tick(&l, &total, T0 + NS_PER_S / 10));
	cr_assert_not(levels_tick(&l, &total, T0 + 10 * NS_PER_S));
	total.scanned_pages++;
	cr_assert(levels_tick(&l, &total, T0 + 11 * NS_PER_S));
	cr_assert_not(levels_tick(&l, &total, T0 + 12 * NS_PER_S));
}
