// SPDX-License-Identifier: GPL-2.0-only
/* When waiting hits are looked after, with a loader that says what the test wants. */
#include <criterion/criterion.h>

#include "common/clock.h"
#include "core/drain.h"

#define GAP_NS	(10 * NS_PER_MS)
#define TICK_NS (GAP_NS / 2)

static struct drain d;
static int records; /* that the ring has */
static bool waits;  /* a hit, that the flush cannot send yet */
static int flushes;

int loader_consume(struct loader *l)
{
	int n = records;

	(void)l;
	records = 0;
	return n;
}

bool loader_flush(struct loader *l)
{
	(void)l;
	flushes++;
	return waits;
}

static void start(void)
{
	drain_init(&d, NULL, GAP_NS);
}

TestSuite(drain, .init = start);

Test(drain, rests_until_something_comes)
{
	cr_assert_eq(drain_ring(&d), 0);
	drain_schedule(&d, NS_PER_S);
	cr_assert_eq(d.due_ns, 0);
	records = 3;
	cr_assert_eq(drain_ring(&d), 3);
	cr_assert_gt(d.closed_until_ns, now_ns());
	drain_schedule(&d, NS_PER_S);
	cr_assert_eq(d.due_ns, NS_PER_S + TICK_NS);
	drain_schedule(&d, 2 * NS_PER_S);
	cr_assert_eq(d.due_ns, NS_PER_S + TICK_NS, "what comes meanwhile puts nothing off");
}

/* Counts the looks from now on, when nothing comes any more. */
static int looks(void)
{
	int n = 0;

	while (d.due_ns && n < 100) {
		cr_assert_eq(drain_waiting(&d), 0);
		drain_schedule(&d, NS_PER_S);
		n++;
	}
	return n;
}

/* A gate may be closed for one and a half gaps. */
Test(drain, rests_after_two_gaps)
{
	records = 1;
	drain_ring(&d);
	drain_schedule(&d, NS_PER_S);
	cr_assert_eq(looks(), 4);
	cr_assert_eq(flushes, 4);
}

Test(drain, looks_as_long_as_something_waits)
{
	records = 1;
	drain_ring(&d);
	drain_schedule(&d, NS_PER_S);
	waits = true;
	for (int i = 0; i < 50; i++) {
		drain_waiting(&d);
		cr_assert_eq(d.due_ns, 0, "not before all is dealt with");
		drain_schedule(&d, NS_PER_S);
		cr_assert_neq(d.due_ns, 0);
	}
	waits = false;
	cr_assert_eq(looks(), 1);
}

Test(drain, counts_anew_from_what_a_look_brings)
{
	records = 1;
	drain_ring(&d);
	drain_schedule(&d, NS_PER_S);
	for (int i = 0; i < 3; i++) {
		drain_waiting(&d);
		drain_schedule(&d, NS_PER_S);
	}
	records = 2;
	cr_assert_eq(drain_waiting(&d), 2);
	drain_schedule(&d, NS_PER_S);
	cr_assert_eq(looks(), 4);
}

/* Never oftener than every millisecond, and never without a bound on wake-ups. */
Test(drain, gaps)
{
	struct loader_opts o = drain_loader_opts(GAP_NS, 4096);

	cr_assert_eq(o.gap_ns, GAP_NS);
	cr_assert_eq(o.wake_gap_ns, GAP_NS / 2);
	cr_assert_eq(o.ring_bytes, 4096);
	o = drain_loader_opts(0, 4096);
	cr_assert_eq(o.gap_ns, 0);
	cr_assert_eq(o.wake_gap_ns, NS_PER_MS / 2);
	drain_init(&d, NULL, 0);
	cr_assert_eq(d.tick_ns, NS_PER_MS);
	drain_init(&d, NULL, 200 * NS_PER_MS);
	cr_assert_eq(d.tick_ns, 100 * NS_PER_MS);
}
