// SPDX-License-Identifier: GPL-2.0-only
/* Levels of many cgroups at once: each has its own, up to a bound that is told when it is met. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/clock.h"
#include "core/levels.h"
#include "record.h"
#include "tables.h"

#define T0	 (1000 * NS_PER_S)
#define MAX_TOLD (2 * LEVELS_CGROUPS + 8)

static struct levels l;
static struct level_change told[MAX_TOLD];
static size_t nr_told;

static void take_changes(void)
{
	struct level_change change;

	while (levels_next_change(&l, &change)) {
		cr_assert_lt(nr_told, MAX_TOLD);
		told[nr_told++] = change;
	}
}

static void take_in(const union oomn_record *rec)
{
	levels_record(&l, rec);
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

TestSuite(levels_crowd, .init = start, .fini = end);

static union oomn_record record(int kind, uint64_t id, uint64_t now_ns)
{
	union oomn_record rec = { 0 };

	rec.hdr.kind = (__u8)kind;
	rec.hdr.cause = OOMN_CAUSE_MEMCG;
	rec.hdr.hits = 1;
	rec.hdr.pages = 1;
	rec.hdr.time_ns = now_ns;
	rec.hdr.cgroup_id = id;
	rec.oom_kill.is_memcg = kind == OOMN_OOM_KILL;
	return rec;
}

static void swap_out(uint64_t id, uint64_t now_ns)
{
	union oomn_record rec = record(OOMN_SWAP_OUT, id, now_ns);

	take_in(&rec);
}

static void oom_kill(uint64_t id, uint64_t now_ns)
{
	union oomn_record rec = record(OOMN_OOM_KILL, id, now_ns);

	take_in(&rec);
}

static enum level cgroup_level(uint64_t id)
{
	union oomn_record rec = record(OOMN_SWAP_OUT, id, T0);

	return levels_of(&l, &rec);
}

static bool tick(uint64_t now_ns)
{
	struct oomn_scan total = { 0 };

	bool busy = levels_tick(&l, &total, now_ns);

	take_changes();
	return busy;
}

/* Ticks as `watch` does, until nothing is left to do. */
static uint64_t rest(uint64_t now_ns)
{
	uint64_t until = now_ns + 20 * NS_PER_S;

	while (tick(now_ns)) {
		now_ns += 100 * NS_PER_MS;
		cr_assert_lt(now_ns, until, "it never comes to rest");
	}
	return now_ns;
}

/*
 * A level for each, whatever their number: none is hidden by --min-level, nor the kill in the last.
 */
Test(levels_crowd, two_hundred_cgroups_at_once)
{
	for (uint64_t id = 1; id <= 200; id++)
		swap_out(id, T0);
	cr_assert_eq(nr_told, 200);
	for (uint64_t id = 1; id <= 200; id++)
		cr_assert_eq(cgroup_level(id), LEVEL_LOW, "cgroup %" PRIu64, id);
	oom_kill(200, T0);
	cr_assert_eq(cgroup_level(200), LEVEL_CRITICAL);
	cr_assert_eq(l.unkept_hits, 0);
}

/* As the kernel gives ids: counted up, and on version 1 with a generation above 32 bits. */
static uint64_t odd_id(uint64_t i)
{
	return i & 1 ? i : (i * 7919) << 32 | i;
}

/* They come and go; each keeps its own level, and whose time is over gives its place back. */
Test(levels_crowd, thousands_of_cgroups)
{
	const uint64_t crowd = 5000;
	uint64_t now = T0;

	for (int round = 0; round < 4; round++) {
		nr_told = 0;
		now += 10 * NS_PER_S;
		tick(now);
		for (uint64_t i = 1; i <= crowd; i++)
			swap_out(odd_id(crowd * (uint64_t)round + i), now);
		cr_assert_eq(nr_told, crowd + (round ? crowd : 0));
		for (uint64_t i = 1; i <= crowd; i += 2)
			oom_kill(odd_id(crowd * (uint64_t)round + i), now);
		for (uint64_t i = 1; i <= crowd; i++)
			cr_assert_eq(cgroup_level(odd_id(crowd * (uint64_t)round + i)),
				     i & 1 ? LEVEL_CRITICAL : LEVEL_LOW);
		cr_assert_eq(cgroup_level(odd_id(crowd * (uint64_t)round + crowd + 1)), LEVEL_NONE);
	}
	cr_assert_eq(l.unkept_hits, 0);
	cr_assert_eq(l.cgroups.nr_used, crowd, "places given back are not used again");
	rest(now);
	cr_assert(TAILQ_EMPTY(&l.cgroups.busy));
}

/* More cgroups at once than there are places: counted, the others go on, places come free. */
Test(levels_crowd, table_of_cgroups_full)
{
	const uint64_t last = LEVELS_CGROUPS;
	union oomn_record rec;
	uint64_t now;

	for (uint64_t id = 1; id <= last; id++)
		swap_out(id, T0);
	cr_assert_eq(nr_told, last);
	cr_assert_eq(l.unkept_hits, 0);
	rec = record(OOMN_SWAP_OUT, last + 1, T0);
	rec.hdr.hits = 10;
	take_in(&rec);
	oom_kill(last + 2, T0);
	cr_assert_eq(nr_told, last);
	cr_assert_eq(l.unkept_hits, 11);
	cr_assert_eq(cgroup_level(last + 1), LEVEL_NONE);
	oom_kill(last, T0);
	cr_assert_eq(cgroup_level(last), LEVEL_CRITICAL);
	now = rest(T0);
	cr_assert_eq(nr_told, 2 * last + 1, "each is told its all-clear");
	swap_out(last + 1, now);
	cr_assert_eq(cgroup_level(last + 1), LEVEL_LOW);
	cr_assert_eq(l.unkept_hits, 11);
}

/* --min-level must not hide it because its cgroup found no place. */
Test(levels_crowd, an_oom_kill_is_critical_without_a_place)
{
	union oomn_record rec = record(OOMN_OOM_KILL, LEVELS_CGROUPS + 1, T0);

	for (uint64_t id = 1; id <= LEVELS_CGROUPS; id++)
		swap_out(id, T0);
	take_in(&rec);
	cr_assert_eq(l.unkept_hits, 1);
	cr_assert_eq(levels_of(&l, &rec), LEVEL_CRITICAL);
}

/* Where a cgroup is found in the table of names may change; the last to say so is right. */
Test(levels_crowd, the_row_of_a_cgroup_may_change)
{
	union oomn_record rec = record(OOMN_SWAP_OUT, 7, T0);

	rec.hdr.cgroup_row = OOMN_CGROUP_OTHER;
	take_in(&rec);
	rec.hdr.cgroup_row = OOMN_CGROUP_FIRST + 3;
	take_in(&rec);
	rest(T0);
	cr_assert_eq(nr_told, 2);
	cr_assert_eq(told[1].cgroup_row, OOMN_CGROUP_FIRST + 3);
}

static size_t resident_bytes(void)
{
	const size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
	const size_t bytes = LEVELS_CGROUPS * sizeof(struct level_owner);
	const size_t nr = (bytes + page_bytes - 1) / page_bytes;
	unsigned char *there = malloc(nr);
	size_t sum = 0;

	cr_assert_eq(mincore(l.cgroups.slot, bytes, there), 0);
	for (size_t i = 0; i < nr; i++)
		sum += there[i] & 1;
	free(there);
	return sum * page_bytes;
}

/* The memory for a few hundred is there from the start, that for all of them when they come. */
Test(levels_crowd, memory_is_taken_when_needed)
{
	const size_t ready = LEVELS_CGROUPS_READY * sizeof(struct level_owner);

	cr_assert_leq(ready, 256 << 10);
	for (uint64_t id = 1; id <= LEVELS_CGROUPS_READY; id++) {
		cr_assert_geq(resident_bytes(), ready);
		cr_assert_leq(resident_bytes(), ready + 65536);
		swap_out(id, T0);
	}
	for (uint64_t id = 1; id <= LEVELS_CGROUPS; id++)
		swap_out(id, T0);
	cr_assert_geq(resident_bytes(), LEVELS_CGROUPS * sizeof(struct level_owner));
}

/* What a cgroup did before it went from the table is not held against the next one. */
Test(levels_crowd, a_place_taken_anew_starts_empty)
{
	uint64_t now;

	oom_kill(7, T0);
	now = rest(T0);
	swap_out(8, now);
	cr_assert_eq(cgroup_level(8), LEVEL_LOW);
}
