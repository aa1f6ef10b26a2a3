// SPDX-License-Identifier: GPL-2.0-only
/* One level: when it rises, when it falls, and that it does not flap. */
#include <criterion/criterion.h>

#include "common/clock.h"
#include "core/level.h"

/* Times start where a machine that has run for a day is. */
#define T0 (86400 * NS_PER_S)

/* Not the defaults, which measurements may move. */
static const struct level_opts opts = { .window_ns = NS_PER_S,
					.hold_ns = 2 * NS_PER_S,
					.low_swap_pages = 1,
					.medium_stall_ns = 70 * NS_PER_MS,
					.low_unfreed_percent = 60,
					.critical_unfreed_percent = 95 };
static struct level_state m;

static const struct level_input swap = { .swap_pages = 1 };
static const struct level_input stall = { .stall_ns = 70 * NS_PER_MS };
static const struct level_input kill = { .oom_kills = 1 };

/* Feeds and looks, as each record does. */
static enum level feed(uint64_t now_ns, struct level_input in)
{
	level_add(&m, &opts, now_ns, &in);
	level_update(&m, &opts, now_ns);
	return m.level;
}

static enum level look(uint64_t now_ns)
{
	level_update(&m, &opts, now_ns);
	return m.level;
}

static struct level_input scan(uint64_t scanned, uint64_t freed)
{
	return (struct level_input){ .scanned_pages = scanned, .freed_pages = freed };
}

Test(level, starts_at_none_and_stays_there)
{
	for (uint64_t t = 0; t < 100 * NS_PER_S; t += NS_PER_S / 10) {
		cr_assert_not(level_update(&m, &opts, T0 + t));
		cr_assert_eq(m.level, LEVEL_NONE);
	}
}

Test(level, rises_at_once)
{
	cr_assert_eq(feed(T0, swap), LEVEL_LOW);
	cr_assert_eq(feed(T0, stall), LEVEL_MEDIUM);
	cr_assert_eq(feed(T0, scan(1000, 0)), LEVEL_CRITICAL);
}

Test(level, rises_from_none_to_any)
{
	cr_assert_eq(feed(T0, (struct level_input){ .swap_pages = 1, .stall_ns = NS_PER_S }),
		     LEVEL_MEDIUM);
	m = (struct level_state){ 0 };
	cr_assert_eq(feed(T0, kill), LEVEL_CRITICAL);
	m = (struct level_state){ 0 };
	cr_assert_eq(feed(T0, (struct level_input){ .stall_ns = NS_PER_S, .scanned_pages = 1000 }),
		     LEVEL_CRITICAL);
}

Test(level, update_tells_changes_only)
{
	level_add(&m, &opts, T0, &swap);
	cr_assert(level_update(&m, &opts, T0));
	cr_assert_not(level_update(&m, &opts, T0));
	level_add(&m, &opts, T0, &swap);
	cr_assert_not(level_update(&m, &opts, T0));
	cr_assert(level_update(&m, &opts, T0 + 3 * NS_PER_S));
	cr_assert_eq(m.level, LEVEL_NONE);
	cr_assert_not(level_update(&m, &opts, T0 + 3 * NS_PER_S));
}

/* The exact edge of each threshold. */
Test(level, stall_threshold)
{
	feed(T0, swap);
	cr_assert_eq(feed(T0, (struct level_input){ .stall_ns = 70 * NS_PER_MS - 1 }), LEVEL_LOW);
	cr_assert_eq(feed(T0, (struct level_input){ .stall_ns = 1 }), LEVEL_MEDIUM);
}

Test(level, unfreed_thresholds)
{
	cr_assert_eq(feed(T0, scan(1000, 401)), LEVEL_NONE);
	m = (struct level_state){ 0 };
	cr_assert_eq(feed(T0, scan(1000, 400)), LEVEL_LOW);
	cr_assert_eq(feed(T0, stall), LEVEL_MEDIUM);
	m = (struct level_state){ 0 };
	feed(T0, stall);
	cr_assert_eq(feed(T0, scan(1000, 51)), LEVEL_MEDIUM);
	m = (struct level_state){ 0 };
	feed(T0, stall);
	cr_assert_eq(feed(T0, scan(1000, 50)), LEVEL_CRITICAL);
}

/* Hardly anything freed is critical only when somebody waits for it. */
Test(level, scanning_in_vain_without_stalls_is_low)
{
	cr_assert_eq(feed(T0, scan(100000, 0)), LEVEL_LOW);
}

Test(level, few_scanned_pages_say_nothing)
{
	cr_assert_eq(feed(T0, scan(LEVEL_MIN_SCANNED_PAGES - 1, 0)), LEVEL_NONE);
	cr_assert_eq(feed(T0, scan(1, 0)), LEVEL_LOW);
}

/* Streaming through the page cache: tasks stall, and all that is scanned is freed. */
Test(level, streaming_is_none)
{
	for (uint64_t t = 0; t < 30 * NS_PER_S; t += 10 * NS_PER_MS) {
		struct level_input in = scan(4096, 4096);

		in.stall_ns = 9 * NS_PER_MS;
		cr_assert_eq(feed(T0 + t, in), LEVEL_NONE);
	}
	/* Readahead may free more than was counted as scanned. */
	cr_assert_eq(feed(T0 + 40 * NS_PER_S, scan(1000, 2000)), LEVEL_NONE);
}

Test(level, falls_after_hold_and_not_before)
{
	uint64_t t = T0, last;

	feed(t, swap);
	/* The reason lasts as long as the swap-out is in the window. */
	for (last = t; look(t) != LEVEL_NONE; t += NS_PER_MS) {
		cr_assert_lt(t, T0 + 10 * NS_PER_S, "it never falls");
		last = t;
	}
	cr_assert_geq(last, T0 + opts.hold_ns);
	cr_assert_leq(last, T0 + opts.hold_ns + opts.window_ns);
}

/* With one look inside the window and one outside, hold_ns counts from the former. */
Test(level, hold_counts_from_the_last_reason)
{
	feed(T0, swap);
	cr_assert_eq(look(T0 + 500 * NS_PER_MS), LEVEL_LOW);
	cr_assert_eq(look(T0 + 500 * NS_PER_MS + opts.hold_ns - 1), LEVEL_LOW);
	cr_assert_eq(look(T0 + 500 * NS_PER_MS + opts.hold_ns), LEVEL_NONE);
}

Test(level, falls_to_what_the_window_says)
{
	feed(T0, kill);
	for (uint64_t t = 0; t < 10 * NS_PER_S; t += 100 * NS_PER_MS) {
		enum level level = feed(T0 + t, swap);

		if (t < opts.hold_ns)
			cr_assert_eq(level, LEVEL_CRITICAL, "%lu ns", t);
		if (t > opts.hold_ns + opts.window_ns)
			cr_assert_eq(level, LEVEL_LOW, "%lu ns", t);
	}
}

/* After a fall by one step the next one waits for hold_ns again. */
Test(level, falls_step_by_step)
{
	uint64_t t = T0 + 2900 * NS_PER_MS;

	feed(T0, kill);
	feed(t - 100 * NS_PER_MS, swap);
	cr_assert_eq(look(t), LEVEL_LOW);
	cr_assert_eq(look(t + opts.hold_ns - 1), LEVEL_LOW);
	cr_assert_eq(look(t + 2 * opts.hold_ns), LEVEL_NONE);
}

/* A reason that comes back within hold_ns, for a minute: one rise, one fall. */
Test(level, no_flapping)
{
	const uint64_t every = opts.hold_ns - 100 * NS_PER_MS;
	unsigned int changes = 0;

	for (uint64_t t = 0; t < 60 * NS_PER_S; t += 50 * NS_PER_MS) {
		if (t % every == 0)
			level_add(&m, &opts, T0 + t, &swap);
		changes += level_update(&m, &opts, T0 + t);
	}
	cr_assert_eq(changes, 1);
	cr_assert_eq(m.level, LEVEL_LOW);
	cr_assert(level_update(&m, &opts, T0 + 70 * NS_PER_S));
}

/* The same between two levels, neither of them none. */
Test(level, no_flapping_between_levels)
{
	const uint64_t every = opts.hold_ns - 100 * NS_PER_MS;
	unsigned int changes = 0;

	for (uint64_t t = 0; t < 60 * NS_PER_S; t += 50 * NS_PER_MS) {
		level_add(&m, &opts, T0 + t, &swap);
		if (t % every == 0)
			level_add(&m, &opts, T0 + t, &stall);
		changes += level_update(&m, &opts, T0 + t);
	}
	cr_assert_eq(changes, 1);
	cr_assert_eq(m.level, LEVEL_MEDIUM);
}

Test(level, window_adds_up_what_is_in_it)
{
	feed(T0, swap);
	cr_assert_eq(feed(T0 + 100 * NS_PER_MS, (struct level_input){ .stall_ns = 35000000 }),
		     LEVEL_LOW);
	cr_assert_eq(feed(T0 + 800 * NS_PER_MS, (struct level_input){ .stall_ns = 35000000 }),
		     LEVEL_MEDIUM);
}

/* Each stall alone is too short, and no two are ever in one window. */
Test(level, window_slides)
{
	for (uint64_t t = 0; t < 60 * NS_PER_S; t += NS_PER_S) {
		feed(T0 + t, swap);
		cr_assert_eq(feed(T0 + t, (struct level_input){ .stall_ns = 69 * NS_PER_MS }),
			     LEVEL_LOW);
	}
}

/* Wherever in the window's ring it begins, and however far it jumps. */
Test(level, window_forgets_at_every_phase)
{
	static const uint64_t jumps[] = { 1, 2, 10, 11, 25, 100000 };

	for (uint64_t phase = 0; phase < 12; phase++)
		for (size_t i = 0; i < sizeof(jumps) / sizeof(jumps[0]); i++) {
			uint64_t t = T0 + phase * NS_PER_S / 10;
			uint64_t sum = 0;

			m = (struct level_state){ 0 };
			level_add(&m, &opts, t, &swap);
			level_update(&m, &opts, t + jumps[i] * NS_PER_S / 10);
			for (int b = 0; b < LEVEL_BUCKETS; b++)
				sum += m.bucket[b].swap_pages;
			cr_assert_eq(sum, jumps[i] < LEVEL_BUCKETS, "phase %lu, jump %lu", phase,
				     jumps[i]);
		}
}

/* "A step back counts as no step": facts from it are taken in, and nothing falls by it. */
Test(level, step_back_feeds)
{
	feed(T0, swap);
	cr_assert_eq(feed(T0 - 500 * NS_PER_MS, stall), LEVEL_MEDIUM);
	cr_assert_eq(look(0), LEVEL_MEDIUM);
	cr_assert_eq(look(T0 + 1), LEVEL_MEDIUM);
}

/* The same when the window is already empty and only hold_ns keeps the level up. */
Test(level, step_back_does_not_end_the_hold)
{
	feed(T0, swap);
	cr_assert_eq(look(T0 + 950 * NS_PER_MS), LEVEL_LOW);
	cr_assert_eq(look(T0 + 1050 * NS_PER_MS), LEVEL_LOW);
	cr_assert_eq(look(T0 + 900 * NS_PER_MS), LEVEL_LOW, "fell because time stepped back");
}

Test(level, options_are_obeyed)
{
	const struct level_opts o = { .window_ns = 10 * NS_PER_S,
				      .hold_ns = 20 * NS_PER_S,
				      .low_swap_pages = 100,
				      .medium_stall_ns = NS_PER_S,
				      .low_unfreed_percent = 10,
				      .critical_unfreed_percent = 20 };
	struct level_input in = { .swap_pages = 99, .stall_ns = NS_PER_S };

	level_add(&m, &o, T0, &in);
	cr_assert_not(level_update(&m, &o, T0));
	level_add(&m, &o, T0 + 8 * NS_PER_S, &swap);
	level_update(&m, &o, T0 + 8 * NS_PER_S);
	cr_assert_eq(m.level, LEVEL_MEDIUM);
	in = scan(1000, 800);
	level_add(&m, &o, T0 + 8 * NS_PER_S, &in);
	level_update(&m, &o, T0 + 8 * NS_PER_S);
	cr_assert_eq(m.level, LEVEL_CRITICAL);
	cr_assert_not(level_update(&m, &o, T0 + 28 * NS_PER_S - 1));
	cr_assert(level_update(&m, &o, T0 + 28 * NS_PER_S));
	cr_assert_eq(m.level, LEVEL_NONE);
}

/* The thresholds are in the order of their levels, and the window has room for a tick a bucket. */
Test(level, defaults_make_sense)
{
	const struct level_opts o = level_opts_default;

	cr_assert_gt(o.low_swap_pages, 0);
	cr_assert_gt(o.medium_stall_ns, 0);
	cr_assert_lt(o.low_unfreed_percent, o.critical_unfreed_percent);
	cr_assert_leq(o.critical_unfreed_percent, 100);
	cr_assert_geq(o.window_ns / LEVEL_BUCKETS, 100 * NS_PER_MS);
	cr_assert_geq(o.hold_ns, o.window_ns);
}

Test(level, idle_when_time_alone_changes_nothing)
{
	cr_assert(level_idle(&m, &opts, T0));
	level_add(&m, &opts, T0, &stall);
	cr_assert_not(level_idle(&m, &opts, T0), "a stall is in the window");
	cr_assert_not(level_idle(&m, &opts, T0 + 999 * NS_PER_MS));
	cr_assert(level_idle(&m, &opts, T0 + NS_PER_S));
	feed(T0 + NS_PER_S, swap);
	cr_assert_not(level_idle(&m, &opts, T0 + 100 * NS_PER_S), "it has not fallen yet");
	look(T0 + 100 * NS_PER_S);
	cr_assert(level_idle(&m, &opts, T0 + 100 * NS_PER_S), "its window is empty");
}

/* As long as little is left it holds; then as any other. */
Test(level, floor_by_headroom)
{
	cr_assert_eq(look(T0), LEVEL_NONE);
	level_set_floor(&m, LEVEL_MEDIUM);
	cr_assert_eq(look(T0), LEVEL_MEDIUM);
	cr_assert_eq(look(T0 + 100 * NS_PER_S), LEVEL_MEDIUM);
	cr_assert_eq(feed(T0 + 100 * NS_PER_S, kill), LEVEL_CRITICAL);
	cr_assert_eq(look(T0 + 110 * NS_PER_S), LEVEL_MEDIUM);
	cr_assert_not(level_idle(&m, &opts, T0 + 200 * NS_PER_S));
	level_set_floor(&m, LEVEL_NONE);
	cr_assert_eq(look(T0 + 111 * NS_PER_S), LEVEL_MEDIUM, "no hold");
	cr_assert_eq(look(T0 + 113 * NS_PER_S), LEVEL_NONE);
	cr_assert(level_idle(&m, &opts, T0 + 200 * NS_PER_S));
}

/* A level that was not looked at yet has a floor all the same. */
Test(level, floor_is_not_idle)
{
	level_set_floor(&m, LEVEL_LOW);
	cr_assert_not(level_idle(&m, &opts, T0));
}
