// SPDX-License-Identifier: GPL-2.0-only
/* What waits in the gates reaches the levels at the next look, and once only. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "core/ahead.h"
#include "record.h"
#include "tables.h"

#define T0   (1000 * NS_PER_S)
#define CPUS 2

static struct ahead *a;
static struct oomn_cpu *cpus;
static union oomn_record sum; /* of all that was told, ahead or by records */
static unsigned int calls;

static void start(void)
{
	a = ahead_new(CPUS);
	cpus = aligned_alloc(64, CPUS * sizeof(*cpus));
	cr_assert(a && cpus);
	memset(cpus, 0, CPUS * sizeof(*cpus));
	memset(&sum, 0, sizeof(sum));
	calls = 0;
}

static void finish(void)
{
	ahead_free(a);
	free(cpus);
}

TestSuite(ahead, .init = start, .fini = finish);

static void add(const union oomn_record *rec)
{
	sum.hdr.pages += rec->hdr.pages;
	if (rec->hdr.kind != OOMN_RECLAIM_END)
		return;
	sum.reclaim_end.stall_ns += rec->reclaim_end.stall_ns;
	sum.reclaim_end.scanned_pages += rec->reclaim_end.scanned_pages;
	sum.reclaim_end.freed_pages += rec->reclaim_end.freed_pages;
}

static void on_ahead(void *ctx, const union oomn_record *rec)
{
	(void)ctx;
	cr_assert_eq(rec->hdr.time_ns, T0);
	cr_assert_eq(rec->hdr.hits, 0, "hits are the records'");
	calls++;
	add(rec);
}

static void look(void)
{
	ahead_look(a, cpus, T0, on_ahead, NULL);
}

/* A hit that waits, as bpf/emit.bpf.h leaves it. */
static struct oomn_gate *hit(int cpu, int gate, enum oomn_kind kind, uint64_t cgroup_id)
{
	struct oomn_gate *c = &cpus[cpu].gate[gate];

	c->key = 1000 * cgroup_id + kind;
	c->rec.hdr.kind = (__u8)kind;
	c->rec.hdr.cause = OOMN_CAUSE_MEMCG;
	c->rec.hdr.cpu = (__u32)cpu;
	c->rec.hdr.cgroup_id = cgroup_id;
	c->rec.hdr.cgroup_row = 3;
	c->rec.hdr.hits++;
	c->rec.hdr.pages += 7;
	cpus[cpu].waiting_hits++;
	if (kind == OOMN_RECLAIM_END) {
		c->rec.reclaim_end.stall_ns += NS_PER_MS;
		c->rec.reclaim_end.scanned_pages += 32;
		c->rec.reclaim_end.freed_pages += 5;
	}
	return c;
}

/* The gate sends what waits. */
static union oomn_record leave(struct oomn_gate *c)
{
	union oomn_record rec = c->rec;

	cpus[rec.hdr.cpu].waiting_hits -= rec.hdr.hits;
	c->sent_ns++;
	c->rec.hdr.hits = c->rec.hdr.pages = 0;
	if (rec.hdr.kind == OOMN_RECLAIM_END)
		c->rec.reclaim_end.stall_ns = c->rec.reclaim_end.scanned_pages =
			c->rec.reclaim_end.freed_pages = 0;
	return rec;
}

static void arrive(union oomn_record rec)
{
	ahead_settle(a, &rec);
	add(&rec);
}

static void expect(uint64_t hits)
{
	cr_assert_eq(sum.hdr.pages, 7 * hits);
	cr_assert_eq(sum.reclaim_end.stall_ns, hits * NS_PER_MS);
	cr_assert_eq(sum.reclaim_end.scanned_pages, 32 * hits);
	cr_assert_eq(sum.reclaim_end.freed_pages, 5 * hits);
}

Test(ahead, each_look_tells_what_was_added)
{
	struct oomn_gate *c = hit(1, 5, OOMN_RECLAIM_END, 9);

	look();
	expect(1);
	look();
	cr_assert_eq(calls, 1, "nothing new");
	hit(1, 5, OOMN_RECLAIM_END, 9);
	hit(1, 5, OOMN_RECLAIM_END, 9);
	look();
	cr_assert_eq(calls, 2);
	expect(3);
	hit(1, 5, OOMN_RECLAIM_END, 9); /* comes with the record alone */
	arrive(leave(c));
	expect(4);
	look();
	expect(4);
}

Test(ahead, gates_are_apart)
{
	struct oomn_gate *one = hit(0, 1, OOMN_RECLAIM_END, 9),
			 *two = hit(1, 1, OOMN_RECLAIM_END, 9),
			 *three = hit(0, 2, OOMN_RECLAIM_END, 10);

	look();
	cr_assert_eq(calls, 3);
	expect(3);
	hit(0, 1, OOMN_RECLAIM_END, 9);
	arrive(leave(two));
	arrive(leave(three));
	expect(3);
	arrive(leave(one));
	expect(4);
}

Test(ahead, what_levels_do_not_go_by)
{
	hit(0, 1, OOMN_RECLAIM_BEGIN, 9);
	hit(0, 2, OOMN_THROTTLED, 9);
	look();
	cr_assert_eq(calls, 0);
	hit(0, 3, OOMN_SWAP_OUT, 9);
	look();
	cr_assert_eq(calls, 1);
	cr_assert_eq(sum.hdr.pages, 7);
}

/* The gate sends between the reading of the ring and the look. */
Test(ahead, a_record_still_in_the_ring)
{
	struct oomn_gate *c = hit(0, 1, OOMN_RECLAIM_END, 9);
	union oomn_record rec;

	look();
	rec = leave(c);
	hit(0, 1, OOMN_RECLAIM_END, 9);
	look();
	expect(1);
	arrive(rec);
	expect(1);
	look();
	expect(2);
	arrive(leave(c));
	expect(2);
}

/* What the full ring dropped was told ahead, and what comes later is not worth less for it. */
Test(ahead, a_record_that_was_dropped)
{
	struct oomn_gate *c = hit(0, 1, OOMN_RECLAIM_END, 9);

	look();
	leave(c);
	look();
	look();
	hit(0, 1, OOMN_RECLAIM_END, 9);
	arrive(leave(c));
	expect(2);
}

/* Another cgroup takes the gate: the older one's hits leave first. */
Test(ahead, a_cell_that_changes_hands)
{
	struct oomn_gate *c = hit(0, 1, OOMN_RECLAIM_END, 9);
	union oomn_record rec;

	look();
	hit(0, 1, OOMN_RECLAIM_END, 9);
	rec = leave(c);
	memset(c, 0, sizeof(*c));
	hit(0, 1, OOMN_RECLAIM_END, 10);
	look();
	expect(1);
	arrive(rec);
	expect(2);
	look();
	expect(3);
	arrive(leave(c));
	expect(3);
}
