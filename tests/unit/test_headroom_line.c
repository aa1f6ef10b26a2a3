// SPDX-License-Identifier: GPL-2.0-only
/* The lines that headroom falls below: levels, edges, and whether a program that is told survives. */
#include <criterion/criterion.h>
#include <string.h>

#include "common/clock.h"
#include "core/headroom_line.h"

#define MB    (1024ULL * 1024)
#define LIMIT (256 * MB)
#define T0    (1000 * NS_PER_S)

static const struct headroom_opts *const opts = &headroom_opts_default;
static struct headroom_line line;
static struct headroom_verdict v;
static uint64_t now;

static void start(void)
{
	memset(&line, 0, sizeof(line));
	now = T0;
}

TestSuite(headroom_line, .init = start);

static void look_at(uint64_t left_bytes, uint64_t limit_bytes)
{
	const struct headroom h = { .left_bytes = left_bytes, .limit_bytes = limit_bytes };

	headroom_judge(&line, opts, &h, now, &v);
}

/* So many tenths of a percent are left, a second after the last look: growth is too slow to matter. */
static void left(unsigned int permille)
{
	now += 1000 * NS_PER_S;
	look_at(LIMIT * permille / 1000, LIMIT);
}

static void expect(enum level level, bool falls, bool recovers)
{
	cr_assert_eq(v.level, level, "level %d, not %d", v.level, level);
	cr_assert_eq(v.falls, falls, "falls %d", v.falls);
	cr_assert_eq(v.recovers, recovers, "recovers %d", v.recovers);
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

/* Growth of 40 MB/s, looked at every 10 ms. */
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

/* What is told as critical for its pace is told again when it goes on, at each share that it passes. */
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

Test(headroom_line, clock_steps_back)
{
	look_at(100 * MB, LIMIT);
	now -= NS_PER_S;
	look_at(50 * MB, LIMIT);
	cr_assert_eq(v.growth_bytes_s, 0);
	expect(LEVEL_NONE, false, false);
}

/* Wherever growth stops, what should be told by then has been, by looks at no other time than asked for. */
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

/* For ever: the ring of looks does not fill. */
Test(headroom_line, many_looks)
{
	for (int i = 0; i < 100000; i++) {
		now += NS_PER_MS;
		look_at(200 * MB - (unsigned int)i, LIMIT);
		expect(LEVEL_NONE, false, false);
	}
	cr_assert_float_eq((double)v.growth_bytes_s, 1000, 10);
}

/*
 * A program holds 150 MB that it can free, a load grows until 75 MB of them must go. It frees what it is
 * asked to @reaction_ns after it was told. What is looked at as watch does: at the line, or 0.2 ms late.
 */
struct life {
	uint64_t bytes_s, reaction_ns;
	bool lives;
	double given_up; /* of what was needed */
};

#define CACHE  (150 * MB)
#define NEEDED (75 * MB)
#define STEP   (100 * NS_PER_US)

static void live(struct life *life)
{
	uint64_t cache = CACHE, load = 0, frees_at = 0, frees = 0, next_left = LIMIT, late = 0;
	uint64_t due = 0;

	start();
	life->lives = true;
	for (now = T0; load < LIMIT - CACHE + NEEDED; now += STEP) {
		uint64_t left_bytes;

		load += life->bytes_s / (NS_PER_S / STEP);
		if (frees_at && now >= frees_at) {
			cache -= frees < cache ? frees : cache;
			frees_at = 0;
		}
		if (load + cache > LIMIT) {
			life->lives = false;
			return;
		}
		left_bytes = LIMIT - load - cache;
		late = left_bytes <= next_left ? late + 1 : 0;
		if (late < 3 && (!due || now < due))
			continue;
		look_at(left_bytes, LIMIT);
		next_left = v.look_left_bytes;
		due = v.look_ns ? now + v.look_ns : 0;
		late = 0;
		if (v.falls && !frees_at) {
			frees = v.to_free_bytes;
			frees_at = now + life->reaction_ns;
		}
	}
	life->given_up = (double)(CACHE - cache) / (double)NEEDED;
}

Test(headroom_line, who_is_told_survives)
{
	static const uint64_t mb_s[] = { 10, 50, 200, 500, 1000, 1400, 2500 };

	for (size_t i = 0; i < sizeof(mb_s) / sizeof(mb_s[0]); i++) {
		for (uint64_t ms = 1; ms <= 5; ms += 2) {
			struct life life;

			/* What it takes to free has to fit into what is left. */
			if (mb_s[i] * ms > 8000)
				continue;
			life = (struct life){ .bytes_s = mb_s[i] * MB,
					      .reaction_ns = ms * NS_PER_MS };
			live(&life);
			cr_assert(life.lives, "%lu MB/s, %lu ms", mb_s[i], ms);
			cr_assert_leq(life.given_up, 1.5, "%lu MB/s, %lu ms: %.2f", mb_s[i], ms,
				      life.given_up);
		}
	}
}

/* At whatever pace. */
Test(headroom_line, growth_that_stops_at_80_percent)
{
	static const uint64_t mb_s[] = { 10, 50, 200, 500, 1000, 1400, 2500 };

	for (size_t i = 0; i < sizeof(mb_s) / sizeof(mb_s[0]); i++) {
		start();
		for (uint64_t used = 0; used < LIMIT * 8 / 10; used += mb_s[i] * MB / 1000) {
			now += NS_PER_MS;
			look_at(LIMIT - used, LIMIT);
			expect(LEVEL_NONE, false, false);
		}
	}
}
