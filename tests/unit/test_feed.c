// SPDX-License-Identifier: GPL-2.0-only
/* The device is fed a record when it is due: driven through the levels, as watch does it. */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "core/feed.h"
#include "record.h"
#include "tables.h"

#define T0	   (1000 * NS_PER_S)
#define PAGE_BYTES ((uint64_t)sysconf(_SC_PAGESIZE))

static struct levels levels;
static struct feed feed;
static struct oom_notify_record out;
static unsigned int fed; /* how many were */
static uint64_t now;

static void take(const struct level_change *change)
{
	memset(&out, 0xff, sizeof(out));
	fed += feed_take(&feed, &levels, change, now, &out);
}

/* As watch does: of several changes at once the last one stays in @out. */
static void take_changes(void)
{
	struct level_change change;

	while (levels_next_change(&levels, &change))
		if (change.scope == SCOPE_GLOBAL)
			take(&change);
}

static void start(void)
{
	cr_assert_eq(levels_init(&levels, &level_opts_default), 0);
	memset(&feed, 0, sizeof(feed));
	fed = 0;
	now = T0;
}

static void end(void)
{
	levels_free(&levels);
}

TestSuite(feed, .init = start, .fini = end);

/* One record, whose fact was @late_ns ago. True if anything was fed for it. */
static bool record(union oomn_record rec, uint64_t late_ns)
{
	struct oom_notify_record by_level;
	unsigned int before = fed;

	rec.hdr.time_ns = now - late_ns;
	rec.hdr.hits = 1;
	rec.hdr.cgroup_id = 7;
	feed_note(&feed, &rec);
	levels_record(&levels, &rec);
	take_changes();
	by_level = out;
	take(NULL);
	if (fed == before)
		return false;
	cr_assert_eq(fed, before + 1, "one fact was fed twice");
	if (out.size != sizeof(out))
		out = by_level;
	cr_assert_eq(out.size, sizeof(out));
	cr_assert_eq(out.version, OOM_NOTIFY_VERSION);
	cr_assert_eq(out.node, -1);
	cr_assert_eq(out.sequence | out.notified_ns | out.swapped_pages | out.free_pages |
			     out.pages_to_free,
		     0, "the module's own members");
	cr_assert_leq(out.event_ns, now, "not in the future");
	return true;
}

static bool swap_out(enum oomn_cause cause)
{
	const union oomn_record rec = {
		.hdr = { .kind = OOMN_SWAP_OUT, .cause = (__u8)cause, .pages = 32 },
	};

	return record(rec, 1000);
}

static bool stall(enum oomn_cause cause, uint64_t stall_ns)
{
	const union oomn_record rec = {
		.reclaim_end = { .hdr = { .kind = OOMN_RECLAIM_END, .cause = (__u8)cause },
				 .stall_ns = stall_ns },
	};

	return record(rec, 1000);
}

static bool oom_kill(bool is_memcg)
{
	const union oomn_record rec = {
		.oom_kill = { .hdr = { .kind = OOMN_OOM_KILL, .cause = OOMN_CAUSE_DIRECT },
			      .is_memcg = is_memcg },
	};

	return record(rec, 1000);
}

static void scan(uint64_t scanned, uint64_t freed)
{
	struct oomn_scan total = levels.scan;

	total.scanned_pages += scanned;
	total.freed_pages += freed;
	levels_tick(&levels, &total, now);
	take_changes();
}

static void expect(enum level level, uint32_t reasons)
{
	cr_assert_eq(out.level, level, "level %u", out.level);
	cr_assert_eq(out.reasons, reasons, "reasons %x, not %x", out.reasons, reasons);
}

Test(feed, what_is_not_known_is_not_told)
{
	const union oomn_record kill = {
		.oom_kill = { .hdr = { .kind = OOMN_OOM_KILL, .cause = OOMN_CAUSE_UNKNOWN } },
	};

	cr_assert_not(swap_out(OOMN_CAUSE_UNKNOWN));
	cr_assert_not(record(kill, 1000));
	cr_assert(swap_out(OOMN_CAUSE_MEMCG));
}

Test(feed, first_swap_out_at_once)
{
	cr_assert(swap_out(OOMN_CAUSE_KSWAPD));
	expect(LEVEL_LOW, OOM_NOTIFY_SWAP_OUT);
	cr_assert_eq(out.event_ns, T0 - 1000);
}

Test(feed, then_once_a_gap)
{
	swap_out(OOMN_CAUSE_DIRECT);
	for (now = T0 + 1; now < T0 + FEED_GAP_NS; now += FEED_GAP_NS / 8)
		cr_assert_not(swap_out(OOMN_CAUSE_DIRECT), "%llu", (unsigned long long)(now - T0));
	now = T0 + FEED_GAP_NS;
	cr_assert(swap_out(OOMN_CAUSE_DIRECT));
	expect(LEVEL_LOW, OOM_NOTIFY_SWAP_OUT);
	cr_assert_eq(out.event_ns, T0 + 1 - 1000, "the oldest that waited");
	cr_assert_eq(fed, 2);
}

Test(feed, the_last_of_a_burst_is_told_without_another)
{
	swap_out(OOMN_CAUSE_KSWAPD);
	now += FEED_GAP_NS / 2;
	cr_assert_not(swap_out(OOMN_CAUSE_KSWAPD));
	now += FEED_GAP_NS / 2;
	take(NULL);
	cr_assert_eq(fed, 2);
	now += NS_PER_S;
	take(NULL);
	cr_assert_eq(fed, 2, "nothing is told twice");
}

Test(feed, a_rise_waits_for_nothing)
{
	swap_out(OOMN_CAUSE_DIRECT);
	now += NS_PER_MS;
	cr_assert(stall(OOMN_CAUSE_DIRECT, 80 * NS_PER_MS));
	expect(LEVEL_MEDIUM, OOM_NOTIFY_SWAP_OUT | OOM_NOTIFY_STALL);
	cr_assert_eq(out.event_ns, now - 1000);
	now += NS_PER_MS;
	scan(100000, 100);
	expect(LEVEL_CRITICAL, OOM_NOTIFY_SWAP_OUT | OOM_NOTIFY_STALL | OOM_NOTIFY_POOR_RECLAIM);
	cr_assert_eq(fed, 3);
	now += NS_PER_MS;
	cr_assert_not(swap_out(OOMN_CAUSE_DIRECT), "no rise");
}

/* Streaming through the page cache stalls, too. */
Test(feed, a_stall_alone_is_nothing)
{
	cr_assert_not(stall(OOMN_CAUSE_DIRECT, 80 * NS_PER_MS));
	scan(100000, 99000);
	now += 2 * NS_PER_S;
	take(NULL);
	cr_assert_eq(fed, 0);
	cr_assert(swap_out(OOMN_CAUSE_DIRECT));
	expect(LEVEL_LOW, OOM_NOTIFY_SWAP_OUT);
}

Test(feed, without_swap)
{
	scan(100000, 100);
	cr_assert_eq(fed, 1);
	expect(LEVEL_LOW, OOM_NOTIFY_POOR_RECLAIM);
	cr_assert_eq(out.event_ns, now);
	cr_assert(stall(OOMN_CAUSE_DIRECT, 80 * NS_PER_MS));
	expect(LEVEL_CRITICAL, OOM_NOTIFY_POOR_RECLAIM | OOM_NOTIFY_STALL);
}

/* That it will run the module says by itself; OOM_NOTIFY_OOM must not be fed. */
Test(feed, oom_kill)
{
	cr_assert(oom_kill(false));
	expect(LEVEL_CRITICAL, OOM_NOTIFY_POOR_RECLAIM);
	start();
	cr_assert_not(oom_kill(true), "a cgroup's own");
}

Test(feed, all_clear)
{
	swap_out(OOMN_CAUSE_KSWAPD);
	now += NS_PER_MS;
	cr_assert_not(swap_out(OOMN_CAUSE_KSWAPD));
	while (levels.global.state.level) {
		now += 100 * NS_PER_MS;
		scan(0, 0);
	}
	expect(LEVEL_NONE, OOM_NOTIFY_ALL_CLEAR);
	cr_assert_eq(out.event_ns, now);
}

/* A level that falls, but not to none, goes with the next fact. */
Test(feed, a_fall_is_no_news)
{
	swap_out(OOMN_CAUSE_DIRECT);
	stall(OOMN_CAUSE_DIRECT, 80 * NS_PER_MS);
	while (levels.global.state.level == LEVEL_MEDIUM) {
		unsigned int before;

		now += 400 * NS_PER_MS;
		cr_assert(swap_out(OOMN_CAUSE_KSWAPD));
		before = fed;
		for (int i = 0; i < 3; i++) {
			now += 100 * NS_PER_MS;
			scan(0, 0);
		}
		cr_assert_eq(fed, before);
	}
	cr_assert_eq(levels.global.state.level, LEVEL_LOW);
	now += FEED_GAP_NS;
	cr_assert(swap_out(OOMN_CAUSE_KSWAPD));
	expect(LEVEL_LOW, OOM_NOTIFY_SWAP_OUT);
}

/* Pages were swapped out, and the machine is well: no more often than the timer would say so. */
Test(feed, a_cgroups_own_and_what_was_asked_for)
{
	static const enum oomn_cause causes[] = { OOMN_CAUSE_MEMCG, OOMN_CAUSE_PROACTIVE };

	for (size_t i = 0; i < 2; i++) {
		start();
		cr_assert(swap_out(causes[i]));
		expect(LEVEL_NONE, OOM_NOTIFY_SWAP_OUT);
		now += FEED_NONE_GAP_NS - 1;
		cr_assert_not(swap_out(causes[i]));
		now++;
		cr_assert(swap_out(causes[i]));
		expect(LEVEL_NONE, OOM_NOTIFY_SWAP_OUT);
		now += NS_PER_MS;
		cr_assert(swap_out(OOMN_CAUSE_KSWAPD), "a rise");
		expect(LEVEL_LOW, OOM_NOTIFY_SWAP_OUT);
		now += FEED_GAP_NS;
		cr_assert(swap_out(causes[i]));
		expect(LEVEL_LOW, OOM_NOTIFY_SWAP_OUT);
	}
	start();
	cr_assert_not(stall(OOMN_CAUSE_MEMCG, 80 * NS_PER_MS));
}

/* Kinds that only announce pressure: the timer tells of a zone below its low watermark. */
Test(feed, other_kinds)
{
	static const enum oomn_kind kinds[] = { OOMN_WAKEUP_KSWAPD, OOMN_KSWAPD_WAKE,
						OOMN_KSWAPD_SLEEP, OOMN_RECLAIM_BEGIN,
						OOMN_THROTTLED };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const union oomn_record rec = {
			.hdr = { .kind = (__u8)kinds[i], .cause = OOMN_CAUSE_DIRECT },
		};

		cr_assert_not(record(rec, 0), "kind %d", kinds[i]);
	}
}

/* As watch does: what is left first, then the level by it, then what waits. */
static bool headroom(enum scope scope, enum headroom_edge edge, enum level level, uint64_t to_free)
{
	const struct headroom_fact fact = { .scope = scope,
					    .edge = edge,
					    .level = level,
					    .cgroup_id = scope == SCOPE_CGROUP ? 7 : 0,
					    .time_ns = now - 1000,
					    .to_free_bytes = to_free };
	const unsigned int before = fed;
	struct oom_notify_record by_level;

	memset(&out, 0, sizeof(out));
	feed_note_headroom(&feed, &fact);
	levels_headroom(&levels, scope, fact.cgroup_id, 9, level, fact.time_ns);
	take_changes();
	by_level = out;
	if (fed == before)
		take(NULL);
	else
		out = by_level;
	return fed > before;
}

Test(feed, headroom_of_the_machine)
{
	cr_assert(headroom(SCOPE_GLOBAL, HEADROOM_FALLS, LEVEL_LOW, 10 * PAGE_BYTES + 1));
	cr_assert_eq(out.reasons, OOM_NOTIFY_HEADROOM);
	cr_assert_eq(out.level, LEVEL_LOW);
	cr_assert_eq(out.pages_to_free, 11);
	cr_assert_eq(out.event_ns, now - 1000);
	/* Again, at the same level: a wake-up of its own, but no sooner than any other. */
	now += FEED_GAP_NS / 2;
	cr_assert_not(headroom(SCOPE_GLOBAL, HEADROOM_FALLS, LEVEL_LOW, PAGE_BYTES));
	now += FEED_GAP_NS;
	take(NULL);
	cr_assert_eq(fed, 2);
	cr_assert_eq(out.pages_to_free, 1);
	now += 10 * NS_PER_S;
	cr_assert(headroom(SCOPE_GLOBAL, HEADROOM_RECOVERS, LEVEL_NONE, 0));
	cr_assert_eq(out.reasons, OOM_NOTIFY_ALL_CLEAR);
	cr_assert_eq(out.pages_to_free, 0);
}

Test(feed, headroom_of_a_cgroup)
{
	cr_assert_not(headroom(SCOPE_CGROUP, HEADROOM_FALLS, LEVEL_CRITICAL, 4096));
}

/* The older of both facts is the one that is told, with both reasons. */
Test(feed, headroom_and_swap_out)
{
	cr_assert(headroom(SCOPE_GLOBAL, HEADROOM_FALLS, LEVEL_LOW, 4096));
	now += NS_PER_MS;
	cr_assert_not(headroom(SCOPE_GLOBAL, HEADROOM_FALLS, LEVEL_LOW, 4096));
	now += NS_PER_MS;
	cr_assert_not(swap_out(OOMN_CAUSE_KSWAPD));
	now += FEED_GAP_NS;
	take(NULL);
	cr_assert_eq(fed, 2);
	expect(LEVEL_LOW, OOM_NOTIFY_SWAP_OUT | OOM_NOTIFY_HEADROOM);
	cr_assert_eq(out.event_ns, T0 + NS_PER_MS - 1000);
	now += FEED_GAP_NS;
	take(NULL);
	cr_assert_eq(fed, 2, "nothing is told twice");
}

/* One that recovers before it could be told is no reason any more. */
Test(feed, headroom_that_recovered)
{
	cr_assert(headroom(SCOPE_GLOBAL, HEADROOM_FALLS, LEVEL_LOW, 4096));
	now += NS_PER_MS;
	cr_assert_not(headroom(SCOPE_GLOBAL, HEADROOM_FALLS, LEVEL_LOW, 4096));
	now += NS_PER_MS;
	cr_assert_not(headroom(SCOPE_GLOBAL, HEADROOM_RECOVERS, LEVEL_NONE, 0));
	now += FEED_GAP_NS;
	take(NULL);
	cr_assert_eq(fed, 1);
	cr_assert(swap_out(OOMN_CAUSE_KSWAPD));
	expect(LEVEL_LOW, OOM_NOTIFY_SWAP_OUT);
	cr_assert_eq(out.pages_to_free, 0);
}

/* A deeper fall waits for nothing, and says how much by now. */
Test(feed, headroom_falls_deeper)
{
	for (enum level level = LEVEL_LOW; level <= LEVEL_CRITICAL; level++) {
		now += NS_PER_MS;
		cr_assert(headroom(SCOPE_GLOBAL, HEADROOM_FALLS, level, level * PAGE_BYTES));
		expect(level, OOM_NOTIFY_HEADROOM);
		cr_assert_eq(out.pages_to_free, level);
	}
}

/* As long as little is left it goes with all else that is told. */
Test(feed, headroom_stays)
{
	const union oomn_record rec = {
		.hdr = { .kind = OOMN_SWAP_OUT, .cause = OOMN_CAUSE_KSWAPD, .time_ns = T0 + 1 },
	};

	cr_assert(headroom(SCOPE_GLOBAL, HEADROOM_FALLS, LEVEL_LOW, 1));
	feed_note(&feed, &rec);
	now += FEED_GAP_NS;
	take(NULL);
	cr_assert_eq(fed, 2);
	expect(LEVEL_LOW, OOM_NOTIFY_SWAP_OUT | OOM_NOTIFY_HEADROOM);
	cr_assert_eq(out.pages_to_free, 1);
}
