// SPDX-License-Identifier: GPL-2.0-only
/* Whose level a fact raises: the machine's, one cgroup's, or nobody's. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "core/levels.h"
#include "record.h"
#include "tables.h"

#define T0	 (1000 * NS_PER_S)
#define MAX_TOLD 4096

static struct levels l;
static struct oomn_scan total;
static struct level_change told[MAX_TOLD];
static size_t nr_told;

static void take_changes(void)
{
	struct level_change change;

	while (levels_next_change(&l, &change)) {
		cr_assert_lt(nr_told, MAX_TOLD);
		cr_assert_neq(change.from, change.to, "a change that is none");
		told[nr_told++] = change;
	}
}

static void take_in(const union oomn_record *rec)
{
	levels_record(&l, rec);
	take_changes();
}

static bool tick(uint64_t now_ns)
{
	bool busy = levels_tick(&l, &total, now_ns);

	take_changes();
	return busy;
}

static void start(void)
{
	cr_assert_eq(levels_init(&l, &level_opts_default), 0);
}

static void end(void)
{
	levels_free(&l);
}

static union oomn_record record(int kind, int cause, uint64_t id, uint64_t now_ns)
{
	union oomn_record rec = { 0 };

	rec.hdr.kind = (__u8)kind;
	rec.hdr.cause = (__u8)cause;
	rec.hdr.hits = 1;
	rec.hdr.time_ns = now_ns;
	rec.hdr.cgroup_id = id;
	rec.hdr.cgroup_row = (__u32)(id ? OOMN_CGROUP_FIRST + id % 1000 : OOMN_CGROUP_NONE);
	return rec;
}

static void swap_out(int cause, uint64_t id, uint64_t now_ns)
{
	union oomn_record rec = record(OOMN_SWAP_OUT, cause, id, now_ns);

	rec.hdr.pages = 1;
	take_in(&rec);
}

static void reclaim_end(int cause, uint64_t id, uint64_t now_ns, uint64_t scanned, uint64_t freed)
{
	union oomn_record rec = record(OOMN_RECLAIM_END, cause, id, now_ns);

	rec.reclaim_end.stall_ns = 100 * NS_PER_MS;
	rec.reclaim_end.scanned_pages = scanned;
	rec.reclaim_end.freed_pages = freed;
	take_in(&rec);
}

static void oom_kill(bool is_memcg, uint64_t id, uint64_t now_ns)
{
	union oomn_record rec = record(OOMN_OOM_KILL, OOMN_CAUSE_DIRECT, id, now_ns);

	rec.oom_kill.is_memcg = is_memcg;
	take_in(&rec);
}

static enum level cgroup_level(uint64_t id)
{
	union oomn_record rec = record(OOMN_SWAP_OUT, OOMN_CAUSE_MEMCG, id, T0);

	return levels_of(&l, &rec);
}

static enum level machine_level(void)
{
	union oomn_record rec = record(OOMN_SWAP_OUT, OOMN_CAUSE_KSWAPD, 7, T0);

	return levels_of(&l, &rec);
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

Test(levels, the_machines_level, .init = start, .fini = end)
{
	static const int causes[] = { OOMN_CAUSE_KSWAPD, OOMN_CAUSE_DIRECT, OOMN_CAUSE_NODE };

	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++) {
		end();
		start();
		nr_told = 0;
		swap_out(causes[i], 7, T0);
		cr_assert_eq(nr_told, 1);
		cr_assert_eq(told[0].scope, SCOPE_GLOBAL);
		cr_assert_eq(told[0].from, LEVEL_NONE);
		cr_assert_eq(told[0].to, LEVEL_LOW);
		cr_assert_eq(told[0].cgroup_id, 0);
		cr_assert_eq(told[0].cgroup_row, OOMN_CGROUP_NONE);
		cr_assert_eq(told[0].time_ns, T0);
		cr_assert_eq(cgroup_level(7), LEVEL_NONE, "whose pages they were is no matter");
	}
}

/* A reclaimer that was at it before anybody looked may be at a limit of its own. */
Test(levels, unknown_reclaimers_raise_none, .init = start, .fini = end)
{
	swap_out(OOMN_CAUSE_UNKNOWN, 7, T0);
	cr_assert_eq(nr_told, 0);
}

/* Whose memory ran out nobody can say: no reason to alarm anybody else, nor to hide it. */
Test(levels, unknown_kills_raise_none_and_are_critical, .init = start, .fini = end)
{
	for (unsigned int is_memcg = 0; is_memcg <= 1; is_memcg++) {
		union oomn_record rec = record(OOMN_OOM_KILL, OOMN_CAUSE_UNKNOWN, 7, T0);

		rec.oom_kill.is_memcg = is_memcg;
		take_in(&rec);
		cr_assert_eq(nr_told, 0);
		cr_assert_eq(machine_level(), LEVEL_NONE);
		cr_assert_eq(cgroup_level(7), LEVEL_NONE);
		cr_assert_eq(levels_of(&l, &rec), LEVEL_CRITICAL);
	}
}

Test(levels, limit_reclaim_is_its_cgroups_alone, .init = start, .fini = end)
{
	swap_out(OOMN_CAUSE_MEMCG, 7, T0);
	reclaim_end(OOMN_CAUSE_MEMCG, 7, T0, 1000, 0);
	cr_assert_eq(machine_level(), LEVEL_NONE);
	cr_assert_eq(cgroup_level(7), LEVEL_CRITICAL);
	cr_assert_eq(nr_told, 2);
	for (size_t i = 0; i < nr_told; i++) {
		cr_assert_eq(told[i].scope, SCOPE_CGROUP);
		cr_assert_eq(told[i].cgroup_id, 7);
		cr_assert_eq(told[i].cgroup_row, OOMN_CGROUP_FIRST + 7);
	}
	rest(T0);
	cr_assert_eq(machine_level(), LEVEL_NONE);
	for (size_t i = 0; i < nr_told; i++)
		cr_assert_eq(told[i].scope, SCOPE_CGROUP);
}

Test(levels, cgroups_are_independent, .init = start, .fini = end)
{
	swap_out(OOMN_CAUSE_MEMCG, 7, T0);
	reclaim_end(OOMN_CAUSE_MEMCG, 8, T0, 1000, 500); /* stalls, and frees what it scans */
	cr_assert_eq(cgroup_level(7), LEVEL_LOW, "the stall was the other's");
	cr_assert_eq(cgroup_level(8), LEVEL_NONE, "the swap-out was the other's");
	swap_out(OOMN_CAUSE_MEMCG, 8, T0);
	cr_assert_eq(cgroup_level(8), LEVEL_MEDIUM);
	cr_assert_eq(cgroup_level(7), LEVEL_LOW);
	/* ... and fall each in its own time. */
	swap_out(OOMN_CAUSE_MEMCG, 7, T0 + 2500 * NS_PER_MS);
	tick(T0 + 4 * NS_PER_S);
	cr_assert_eq(cgroup_level(8), LEVEL_NONE);
	cr_assert_eq(cgroup_level(7), LEVEL_LOW);
}

Test(levels, proactive_raises_none, .init = start, .fini = end)
{
	for (int kind = 0; kind < OOMN_NR_KINDS; kind++) {
		union oomn_record rec = record(kind, OOMN_CAUSE_PROACTIVE, 7, T0);

		rec.hdr.pages = 1000;
		if (kind == OOMN_RECLAIM_END) {
			rec.reclaim_end.stall_ns = NS_PER_S;
			rec.reclaim_end.scanned_pages = 1000000;
		}
		take_in(&rec);
	}
	cr_assert_eq(nr_told, 0);
	cr_assert_eq(cgroup_level(7), LEVEL_NONE);
	cr_assert_eq(machine_level(), LEVEL_NONE);
	cr_assert_eq(l.unkept_hits, 0);
}

/* An allocation that wakes kswapd, kswapd awake, and reclaim that has only begun are no level. */
Test(levels, other_kinds_raise_none, .init = start, .fini = end)
{
	static const int kinds[] = { OOMN_WAKEUP_KSWAPD, OOMN_KSWAPD_WAKE, OOMN_KSWAPD_SLEEP,
				     OOMN_RECLAIM_BEGIN, OOMN_THROTTLED };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		for (int cause = 0; cause < OOMN_NR_CAUSES; cause++) {
			union oomn_record rec = record(kinds[i], cause, 7, T0);

			rec.hdr.hits = 1000000;
			take_in(&rec);
		}
	cr_assert_eq(nr_told, 0);
}

Test(levels, streaming_raises_none, .init = start, .fini = end)
{
	for (uint64_t t = T0; t < T0 + 30 * NS_PER_S; t += 100 * NS_PER_MS) {
		reclaim_end(OOMN_CAUSE_DIRECT, 7, t, 4096, 4096);
		reclaim_end(OOMN_CAUSE_MEMCG, 7, t, 4096, 4096);
		total.scanned_pages += 100000;
		total.freed_pages += 99000;
		tick(t);
	}
	cr_assert_eq(nr_told, 0);
}

/* Without swap: nothing is told while kswapd scans, its counters alone move. */
Test(levels, kswapd_scanning_in_vain_is_low, .init = start, .fini = end)
{
	total = (struct oomn_scan){ .scanned_pages = 1000, .freed_pages = 1000 };
	tick(T0);
	cr_assert_eq(nr_told, 0);
	total.scanned_pages += 2000;
	total.freed_pages += 100;
	cr_assert(tick(T0 + 2 * NS_PER_S));
	cr_assert_eq(nr_told, 1);
	cr_assert_eq(told[0].scope, SCOPE_GLOBAL);
	cr_assert_eq(told[0].to, LEVEL_LOW);
	/* The same counters again are no news: it falls. */
	rest(T0 + 3 * NS_PER_S);
	cr_assert_eq(nr_told, 2);
	cr_assert_eq(told[1].to, LEVEL_NONE);
}

/*
 * kswapd passes over the page cache for a low zone: the count steps back, then the kernel's own
 * comes up. A look in between takes neither the step for a huge number nor what follows for
 * scanning.
 */
Test(levels, pages_passed_over_raise_none, .init = start, .fini = end)
{
	for (uint64_t t = T0; t < T0 + 10 * NS_PER_S; t += 2 * NS_PER_S) {
		total.scanned_pages -= 50000;
		tick(t);
		total.scanned_pages += 50032;
		tick(t + 100 * NS_PER_MS);
		tick(t + NS_PER_S); /* without the first look in the window */
	}
	cr_assert_eq(nr_told, 0);
	/* What was scanned in vain meanwhile counts when the step is over. */
	total.scanned_pages -= 50000 - 2000;
	tick(T0 + 20 * NS_PER_S);
	cr_assert_eq(nr_told, 0);
	total.scanned_pages += 50000;
	tick(T0 + 20 * NS_PER_S + 1);
	cr_assert_eq(machine_level(), LEVEL_LOW);
}

/* The machine's scanning comes from its counters: a record's would count it twice. */
Test(levels, direct_reclaims_scanning_is_not_taken_from_records, .init = start, .fini = end)
{
	reclaim_end(OOMN_CAUSE_DIRECT, 7, T0, 1000000, 0);
	cr_assert_eq(nr_told, 0);
	total.scanned_pages = 1000000;
	tick(T0);
	cr_assert_eq(machine_level(), LEVEL_CRITICAL);
}

Test(levels, oom_kill_is_critical_where_memory_ran_out, .init = start, .fini = end)
{
	oom_kill(true, 7, T0);
	cr_assert_eq(nr_told, 1);
	cr_assert_eq(told[0].scope, SCOPE_CGROUP);
	cr_assert_eq(told[0].cgroup_id, 7);
	cr_assert_eq(told[0].to, LEVEL_CRITICAL);
	cr_assert_eq(machine_level(), LEVEL_NONE);
	oom_kill(false, 8, T0);
	cr_assert_eq(nr_told, 2);
	cr_assert_eq(told[1].scope, SCOPE_GLOBAL);
	cr_assert_eq(told[1].to, LEVEL_CRITICAL);
	cr_assert_eq(cgroup_level(8), LEVEL_NONE, "where its victim was is no matter");
}

Test(levels, all_clear_is_told, .init = start, .fini = end)
{
	swap_out(OOMN_CAUSE_KSWAPD, 0, T0);
	swap_out(OOMN_CAUSE_MEMCG, 7, T0);
	cr_assert_eq(nr_told, 2);
	rest(T0);
	cr_assert_eq(nr_told, 4);
	for (size_t i = 2; i < 4; i++) {
		cr_assert_eq(told[i].from, LEVEL_LOW);
		cr_assert_eq(told[i].to, LEVEL_NONE);
	}
	cr_assert_eq(told[2].scope, SCOPE_GLOBAL);
	cr_assert_eq(told[3].scope, SCOPE_CGROUP);
	cr_assert_eq(told[3].cgroup_id, 7);
	cr_assert_eq(told[3].cgroup_row, OOMN_CGROUP_FIRST + 7);
}

/* Nobody's limit: no level may be raised that is then never looked at again. */
Test(levels, limit_reclaim_of_no_known_cgroup, .init = start, .fini = end)
{
	swap_out(OOMN_CAUSE_MEMCG, 0, T0);
	cr_assert_eq(l.unkept_hits, 1);
	cr_assert_eq(nr_told, 0, "a level was told that will never fall");
}

/*
 * A reader that was stopped finds seconds of records at once. By their own times no window holds
 * enough stalls for more than low.
 */
Test(levels, backlog_is_no_burst, .init = start, .fini = end)
{
	for (uint64_t t = T0; t < T0 + 15 * NS_PER_S; t += 1500 * NS_PER_MS) {
		union oomn_record rec = record(OOMN_RECLAIM_END, OOMN_CAUSE_DIRECT, 7, t);

		rec.reclaim_end.stall_ns = 60 * NS_PER_MS;
		take_in(&rec);
		swap_out(OOMN_CAUSE_KSWAPD, 7, t);
	}
	cr_assert_eq(machine_level(), LEVEL_LOW);
	cr_assert_eq(nr_told, 1);
	cr_assert_eq(told[0].time_ns, T0, "a change has the time of its fact");
}

/*
 * What is told is a chain for each scope: from where it was to somewhere else, at the end to none.
 */
Test(levels, changes_are_a_chain, .init = start, .fini = end)
{
	enum level now_at[9] = { 0 };
	uint64_t now = T0;

	srandom(1);
	for (int i = 0; i < 20000; i++) {
		uint64_t id = (uint64_t)random() % 8 + 1;
		int cause = (int)(random() % OOMN_NR_CAUSES);

		now += (uint64_t)random() % (i % 2000 < 200 ? 3 * NS_PER_S : 20 * NS_PER_MS);
		switch (random() % 8) {
		case 0:
			oom_kill(random() & 1, id, now);
			break;
		case 1 ... 3:
			swap_out(cause, id, now);
			break;
		case 4 ... 5:
			reclaim_end(cause, id, now, 1000, (uint64_t)random() % 1000);
			break;
		default:
			total.scanned_pages += 600;
			total.freed_pages += (uint64_t)random() % 600;
			tick(now);
			break;
		}
		for (size_t k = 0; k < nr_told; k++) {
			uint64_t who = told[k].cgroup_id;

			cr_assert_eq(told[k].scope == SCOPE_CGROUP, who != 0);
			cr_assert_eq(told[k].from, now_at[who]);
			now_at[who] = told[k].to;
		}
		nr_told = 0;
	}
	rest(now);
	for (size_t k = 0; k < nr_told; k++)
		now_at[told[k].cgroup_id] = told[k].to;
	for (size_t who = 0; who < 9; who++)
		cr_assert_eq(now_at[who], LEVEL_NONE);
	cr_assert_eq(l.unkept_hits, 0);
}
