// SPDX-License-Identifier: GPL-2.0-only
/* Growth as it is measured, and whether a program that is told of it survives. */
#include "headroom_line.h"

TestSuite(headroom_growth, .init = start);

/* A rise in a moment of time is no growth, nor is what was long ago. */
Test(headroom_growth, growth_of_the_last_looks)
{
	look_at(200 * MB, LIMIT);
	now += 500 * NS_PER_US;
	look_at(199 * MB, LIMIT);
	cr_assert_eq(v.growth_bytes_s, 0);
	cr_assert_eq(v.time_left_ns, HEADROOM_UNLIMITED);
	now += NS_PER_S;
	look_at(100 * MB, LIMIT);
	cr_assert_float_eq((double)v.growth_bytes_s, 99.0 * MB, 1e5);
	now += 10 * NS_PER_MS;
	look_at(100 * MB - MB / 10, LIMIT);
	cr_assert_float_eq((double)v.growth_bytes_s, 10.0 * MB, 1e5);
	now += 10 * NS_PER_MS;
	look_at(101 * MB, LIMIT);
	cr_assert_eq(v.growth_bytes_s, 0);
}

/* A limit of 16 MB is looked at each 0.2 ms by a fast load: all looks together are 1.4 ms. */
Test(headroom_growth, growth_in_a_small_limit)
{
	for (uint64_t l = 2 * MB; l > MB; l -= MB / 10) {
		now += 200 * NS_PER_US;
		look_at(l, 16 * MB);
	}
	cr_assert_float_eq((double)v.growth_bytes_s, 500.0 * MB, 1e6);
}

/* Looks of one moment divide by nothing. */
Test(headroom_growth, time_stands_still)
{
	for (uint64_t l = 100; l > 0; l--) {
		look_at(l * MB, LIMIT);
		cr_assert_eq(v.growth_bytes_s, 0);
	}
}

/* Numbers that do not fit are not taken for small ones. */
Test(headroom_growth, more_than_can_be_counted)
{
	const uint64_t limit = INT64_MAX - (1 << 17);

	look_at(limit / 10, limit);
	now += 1000 * NS_PER_S;
	look_at(limit / 10 - 1000, limit);
	cr_assert_eq(v.growth_bytes_s, 1);
	cr_assert_eq(v.time_left_ns, INT64_MAX);
	expect(LEVEL_LOW, false, false);
	now += 10 * NS_PER_MS;
	look_at(0, limit);
	cr_assert_eq(v.growth_bytes_s, INT64_MAX);
	cr_assert_gt(v.to_free_bytes, limit / 10);
}

Test(headroom_growth, clock_steps_back)
{
	look_at(100 * MB, LIMIT);
	now -= NS_PER_S;
	look_at(50 * MB, LIMIT);
	cr_assert_eq(v.growth_bytes_s, 0);
	cr_assert_eq(line.nr_looks, 1, "what was seen before is no measure");
	expect(LEVEL_NONE, false, false);
}

/* For ever: the ring of looks does not fill. */
Test(headroom_growth, many_looks)
{
	for (int i = 0; i < 100000; i++) {
		now += NS_PER_MS;
		look_at(200 * MB - (unsigned int)i, LIMIT);
		expect(LEVEL_NONE, false, false);
	}
	cr_assert_float_eq((double)v.growth_bytes_s, 1000, 10);
}

/*
 * A program holds 150 MB that it can free, a load grows until 75 MB of them must go. It frees what
 * it is asked to @reaction_ns after it was told. What is looked at as watch does: at the line, or
 * 0.2 ms late.
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

Test(headroom_growth, who_is_told_survives)
{
	static const uint64_t mb_s[] = { 10, 50, 200, 500, 1000, 1400, 2500 };

	for (size_t i = 0; i < sizeof(mb_s) / sizeof(mb_s[0]); i++) {
		for (uint64_t ms = 1; ms <= 5; ms += 2) {
			struct life life;

			/* The time to free has to fit into what is left. */
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
Test(headroom_growth, growth_that_stops_at_80_percent)
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
