// SPDX-License-Identifier: GPL-2.0-only
/* The lines that headroom falls below: levels, edges, and when to look again. */
#include "headroom_line.h"

TestSuite(headroom_line, .init = start);

/* So many tenths of a percent are left, long after the last look: growth is too slow to matter. */
static void left(unsigned int permille)
{
	now += 1000 * NS_PER_S;
	look_at(LIMIT * permille / 1000, LIMIT);
}

Test(headroom_line, levels_by_share)
{
	left(900);
	expect(LEVEL_NONE, false, false);
	cr_assert_eq(v.to_free_bytes, 0);
	left(101);
	expect(LEVEL_NONE, false, false);
	left(100);
	expect(LEVEL_LOW, true, false);
	cr_assert_geq(v.to_free_bytes, LIMIT * 4 / 100);
	cr_assert_leq(v.to_free_bytes, LIMIT * 5 / 100);
	left(51);
	expect(LEVEL_LOW, false, false);
	left(50);
	expect(LEVEL_MEDIUM, true, false);
	left(20);
	expect(LEVEL_CRITICAL, true, false);
	left(0);
	expect(LEVEL_CRITICAL, false, false);
	cr_assert_eq(v.look_left_bytes, 0);
}

/* Straight through all of them is one edge. */
Test(headroom_line, down_at_once)
{
	left(900);
	left(10);
	expect(LEVEL_CRITICAL, true, false);
}

Test(headroom_line, recovers)
{
	left(90);
	expect(LEVEL_LOW, true, false);
	left(300);
	expect(LEVEL_NONE, false, true);
	left(300);
	expect(LEVEL_NONE, false, false);
	left(90);
	expect(LEVEL_LOW, true, false);
}

/* A program that wobbles about the line is told once, not each time. */
Test(headroom_line, wobbles)
{
	unsigned int told = 0;

	for (int i = 0; i < 100; i++) {
		now += 10 * NS_PER_MS;
		look_at(LIMIT / 1000 * (i % 2 ? 99 : 104), LIMIT);
		told += v.falls;
	}
	cr_assert_eq(told, 1, "%u", told);
}

/* Growth that is looked at every 10 ms. The deepest level that was told. */
static enum level grow_to(uint64_t from, uint64_t to, uint64_t bytes_s)
{
	enum level told = LEVEL_NONE;

	for (uint64_t l = from; l > to; l -= bytes_s / 100) {
		now += 10 * NS_PER_MS;
		look_at(l, LIMIT);
		if (v.falls)
			told = v.level;
	}
	return told;
}

Test(headroom_line, levels_by_time)
{
	cr_assert_eq(grow_to(100 * MB, 31 * MB, 40 * MB), LEVEL_NONE); /* 775 ms, but over 12 % */
	cr_assert_float_eq((double)v.growth_bytes_s, 40.0 * MB, 1e5);
	cr_assert_float_eq((double)v.time_left_ns, 775e6, 20e6);
	cr_assert_eq(grow_to(31 * MB, 30 * MB, 40 * MB), LEVEL_LOW);
}

Test(headroom_line, critical_by_time)
{
	cr_assert_eq(grow_to(100 * MB, 25 * MB, 1000 * MB), LEVEL_CRITICAL);
}

/* A fall that is told as critical for its pace is told again at each share that it passes. */
Test(headroom_line, told_again_while_it_falls)
{
	unsigned int told = 0;

	for (uint64_t l = 100 * MB; l > MB; l -= MB) {
		look_at(l, LIMIT);
		told += v.falls;
		now += NS_PER_MS;
	}
	cr_assert_eq(told, 4, "%u", told);
}

/* A level by time alone goes when growth pauses, not at once. */
Test(headroom_line, growth_pauses)
{
	cr_assert_eq(grow_to(100 * MB, 30 * MB, 40 * MB), LEVEL_LOW);
	for (int i = 0; i < 9; i++) {
		now += 100 * NS_PER_MS;
		look_at(30 * MB, LIMIT);
		cr_assert_not(v.recovers, "%d", i);
		cr_assert_eq(v.look_ns, 100 * NS_PER_MS);
	}
	now += 900 * NS_PER_MS;
	look_at(30 * MB, LIMIT);
	expect(LEVEL_NONE, false, true);
}

/* A larger limit does not shrink, nor a smaller one grow. */
Test(headroom_line, another_limit)
{
	cr_assert_eq(grow_to(100 * MB, 40 * MB, 40 * MB), LEVEL_NONE);
	now += 10 * NS_PER_MS;
	look_at(20 * MB, LIMIT - 20 * MB);
	cr_assert_eq(v.growth_bytes_s, 0);
	expect(LEVEL_LOW, true, false);
	now += 10 * NS_PER_MS;
	look_at(HEADROOM_UNLIMITED, HEADROOM_UNLIMITED);
	expect(LEVEL_NONE, false, true);
	cr_assert_eq(v.time_left_ns, HEADROOM_UNLIMITED);
	look_at(HEADROOM_UNLIMITED, HEADROOM_UNLIMITED);
	expect(LEVEL_NONE, false, false);
}

Test(headroom_line, no_limit_at_all_is_left)
{
	look_at(0, 0);
	expect(LEVEL_CRITICAL, true, false);
	now += NS_PER_S;
	look_at(0, 0);
	expect(LEVEL_CRITICAL, false, false);
}

/*
 * Wherever growth stops, what should be told by then has been, by looks at no other time than asked
 * for.
 */
Test(headroom_line, no_line_is_passed_over)
{
	static const struct {
		uint64_t percent;
		enum level level;
	} at[] = { { 10, LEVEL_LOW }, { 5, LEVEL_MEDIUM }, { 2, LEVEL_CRITICAL } };

	for (uint64_t first = 0; first < 4 * MB; first += 99999) {
		uint64_t l = 40 * MB + first, next = UINT64_MAX;

		start();
		for (size_t i = 0; i < 3; i++) {
			const uint64_t stop = LIMIT / 100 * at[i].percent;

			for (; l > stop; l -= l - stop < 4096 ? l - stop : 4096)
				if (l <= next) {
					now += 100 * NS_PER_S;
					look_at(l, LIMIT);
					next = v.look_left_bytes;
				}
			if (l <= next)
				look_at(l, LIMIT);
			next = v.look_left_bytes;
			cr_assert_eq(line.level, at[i].level, "from %lu: %d", first, line.level);
		}
	}
}

/* So that it is well again, and as much more as the load takes meanwhile. */
Test(headroom_line, pages_to_free)
{
	const uint64_t well = LIMIT / 100 * 14;

	for (uint64_t l = 60 * MB; !v.falls; l -= MB) {
		cr_assert_eq(v.to_free_bytes, 0);
		now += NS_PER_MS;
		look_at(l, LIMIT);
	}
	cr_assert_float_eq((double)v.growth_bytes_s, 1000.0 * MB, 1e3);
	cr_assert_float_eq((double)v.to_free_bytes, (double)(well - 30 * MB + 5 * MB), 1e3);
}

/* Without growth, of some more than a program was asked for nothing is left to be freed. */
Test(headroom_line, recovers_at_once)
{
	left(90);
	expect(LEVEL_LOW, true, false);
	now += NS_PER_MS;
	look_at(LIMIT / 1000 * 131, LIMIT);
	expect(LEVEL_NONE, false, true);
	cr_assert_eq(v.to_free_bytes, 0);
	cr_assert_eq(v.look_ns, 0);
}

/* By its pace it was critical; that it falls on, if slower, makes it no better. */
Test(headroom_line, falls_on_slower)
{
	cr_assert_eq(grow_to(100 * MB, 29 * MB, 1000 * MB), LEVEL_CRITICAL);
	now += 500 * NS_PER_MS;
	look_at(LIMIT / 10, LIMIT);
	expect(LEVEL_CRITICAL, true, false);
}

/* A deep level is given up for the one that holds, when there was no reason for it for a while. */
Test(headroom_line, recovers_by_and_by)
{
	left(10);
	expect(LEVEL_CRITICAL, true, false);
	now += 100 * NS_PER_MS;
	look_at(LIMIT / 1000 * 28, LIMIT);
	cr_assert_not(v.recovers, "a pause");
	now += NS_PER_S;
	look_at(LIMIT / 1000 * 28, LIMIT);
	expect(LEVEL_MEDIUM, false, true);
	now += NS_PER_S;
	look_at(LIMIT / 1000 * 28, LIMIT);
	expect(LEVEL_MEDIUM, false, false);
}

/*
 * It freed 2 percent of the limit, and the load goes on: the level is the same, and it is told
 * again.
 */
Test(headroom_line, told_again_after_some_was_freed)
{
	left(60);
	expect(LEVEL_LOW, true, false);
	left(79);
	left(75);
	expect(LEVEL_LOW, false, false);
	left(81);
	expect(LEVEL_LOW, false, false);
	left(78);
	expect(LEVEL_LOW, true, false);
	left(77);
	expect(LEVEL_LOW, false, false);
}

/* Where looks begin to be near each other, and how near. */
Test(headroom_line, when_to_look_again)
{
	const uint64_t percent = LIMIT / 100;

	cr_assert_eq(headroom_first_look(opts, LIMIT), LIMIT * 15 / 100);
	left(900);
	cr_assert_eq(v.look_left_bytes, LIMIT * 15 / 100);
	cr_assert_eq(v.look_ns, 0);
	left(150);
	cr_assert_leq(LIMIT * 15 / 100 - v.look_left_bytes, percent + 2);
	cr_assert_geq(LIMIT * 15 / 100 - v.look_left_bytes + 2, percent);
	left(5);
	cr_assert_eq(v.look_left_bytes, 0);
	cr_assert_eq(v.look_ns, 100 * NS_PER_MS);
	start();
	for (uint64_t l = 60 * MB; l > 20 * MB; l -= 4 * MB) {
		now += NS_PER_MS;
		look_at(l, LIMIT);
	}
	cr_assert_eq(v.look_ns, NS_PER_MS, "as fast as a program can be told");
}

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Whatever is left, whenever: edges are in order, and none is without an end. */
Test(headroom_line, any_looks)
{
	uint64_t seed = 88172645463325252;
	enum level told = LEVEL_NONE;

	for (int i = 0; i < 200000; i++) {
		const uint64_t limit = next_random(&seed) % 50 ? LIMIT : next_random(&seed) >> 1;
		const uint64_t l = next_random(&seed) % (limit / (1 + next_random(&seed) % 20) + 1);

		now += next_random(&seed) % (NS_PER_MS << next_random(&seed) % 12);
		look_at(next_random(&seed) % 500 ? l : HEADROOM_UNLIMITED, limit);
		cr_assert_not(v.falls && v.recovers);
		cr_assert(!v.falls || v.level > LEVEL_NONE);
		cr_assert(!v.falls || v.to_free_bytes);
		cr_assert(!v.recovers || v.level < told);
		cr_assert(v.falls || v.recovers || v.level <= told, "not told");
		cr_assert_leq(v.look_left_bytes, line.nr_looks ? l : HEADROOM_UNLIMITED);
		if (v.falls || v.recovers)
			told = v.level;
		cr_assert_eq(line.level, told);
	}
}
