// SPDX-License-Identifier: GPL-2.0-only
/* Fewer rows for people: the first at once, then one in a gap, and not a hit is lost in between. */
#include <criterion/criterion.h>
#include <string.h>

#include "core/coalesce.h"
#include "record.h"

#define GAP  (500 * NS_PER_MS)
#define BOX  3
#define FROM (1000 * NS_PER_S)

static struct coalesce c;
static struct notice told[512], folded[512];
static size_t nr_told, nr_folded;
static uint64_t now_is;

static void tell(void *ctx, const struct notice *n)
{
	cr_assert_eq(ctx, &c);
	told[nr_told++] = *n;
}

static void fold(void *ctx, const struct notice *n)
{
	cr_assert_eq(ctx, &c);
	folded[nr_folded++] = *n;
}

static void start(void)
{
	c = (struct coalesce){
		.gap_ns = GAP, .fold_begins = true, .tell = tell, .folded = fold, .ctx = &c
	};
	now_is = FROM;
}

TestSuite(coalesce, .init = start);

static struct notice event(int kind, uint64_t cgroup, uint64_t hits)
{
	struct notice n = { .type = NOTICE_EVENT, .at = { now_is, now_is + 5 } };

	n.rec.hdr = (struct oomn_hdr){ .kind = (__u8)kind,
				       .cause = OOMN_CAUSE_MEMCG,
				       .hits = hits,
				       .pages = 10 * hits,
				       .time_ns = now_is - 7,
				       .cgroup_id = cgroup,
				       .cgroup_row = BOX,
				       .pid = (__u32)hits };
	return n;
}

static void take(int kind, uint64_t cgroup, uint64_t hits)
{
	struct notice n = event(kind, cgroup, hits);

	coalesce_take(&c, &n);
}

static uint64_t wait_ms(uint64_t ms)
{
	struct moment now;

	now_is += ms * NS_PER_MS;
	now = (struct moment){ now_is, now_is + 5 };
	return coalesce_due(&c, &now);
}

static void expect_told(size_t i, uint64_t hits, bool trailing)
{
	cr_assert_gt(nr_told, i, "only %zu rows", nr_told);
	cr_assert_eq(told[i].rec.hdr.hits, hits, "%llu hits", told[i].rec.hdr.hits);
	cr_assert_eq(told[i].rec.hdr.pages, 10 * hits);
	cr_assert_eq(!!(told[i].rec.hdr.flags & OOMN_F_TRAILING), trailing);
}

Test(coalesce, first_at_once_the_rest_in_a_gap)
{
	take(OOMN_SWAP_OUT, 1, 1);
	cr_assert_eq(nr_told, 1);
	expect_told(0, 1, false);
	cr_assert_eq(wait_ms(100), FROM + GAP);
	take(OOMN_SWAP_OUT, 1, 20);
	wait_ms(100);
	take(OOMN_SWAP_OUT, 1, 300);
	cr_assert_eq(nr_told, 1);
	cr_assert_eq(wait_ms(300), now_is + GAP, "one more gap, as it goes on");
	expect_told(1, 320, true);
	cr_assert_eq(told[1].at.time_ns, FROM + GAP);
	cr_assert_eq(told[1].at.wall_ns, FROM + GAP + 5);
	cr_assert_eq(told[1].rec.hdr.time_ns, FROM + 100 * NS_PER_MS - 7, "of the oldest");
	cr_assert_eq(told[1].rec.hdr.pid, 20);
	cr_assert_eq(wait_ms(500), 0, "over: nothing waits any more");
	cr_assert_eq(nr_told, 2);
	take(OOMN_SWAP_OUT, 1, 4);
	expect_told(2, 4, false);
}

Test(coalesce, what_differs_is_told_apart)
{
	take(OOMN_SWAP_OUT, 1, 1);
	take(OOMN_SWAP_OUT, 2, 2);
	take(OOMN_THROTTLED, 1, 3);
	cr_assert_eq(nr_told, 3);
	take(OOMN_SWAP_OUT, 2, 4);
	take(OOMN_SWAP_OUT, 1, 5);
	cr_assert_eq(nr_told, 3);
	wait_ms(500);
	cr_assert_eq(nr_told, 5);
	cr_assert_eq(told[3].rec.hdr.cgroup_id + told[4].rec.hdr.cgroup_id, 3);
}

Test(coalesce, an_oom_kill_never_waits)
{
	for (int i = 0; i < 3; i++)
		take(OOMN_OOM_KILL, 1, 1);
	cr_assert_eq(nr_told, 3);
}

Test(coalesce, details_are_added_up)
{
	struct notice n = event(OOMN_RECLAIM_END, 1, 1);

	coalesce_take(&c, &n);
	n.rec.reclaim_end.stall_ns = 3;
	n.rec.reclaim_end.scanned_pages = 4;
	n.rec.reclaim_end.freed_pages = 5;
	n.rec.hdr.flags = OOMN_F_START_UNSEEN;
	n.level = LEVEL_LOW;
	coalesce_take(&c, &n);
	n.rec.hdr.flags = 0;
	n.level = LEVEL_MEDIUM;
	coalesce_take(&c, &n);
	wait_ms(500);
	expect_told(1, 2, true);
	cr_assert_eq(told[1].level, LEVEL_MEDIUM, "the latest");
	cr_assert_eq(told[1].rec.reclaim_end.stall_ns, 6);
	cr_assert_eq(told[1].rec.reclaim_end.scanned_pages, 8);
	cr_assert_eq(told[1].rec.reclaim_end.freed_pages, 10);
	cr_assert_not(told[1].rec.hdr.flags & OOMN_F_START_UNSEEN, "of one the stall is known");
}

Test(coalesce, a_begin_is_told_by_its_end)
{
	take(OOMN_RECLAIM_BEGIN, 1, 1);
	take(OOMN_RECLAIM_BEGIN, 1, 2);
	take(OOMN_RECLAIM_BEGIN, 2, 7);
	cr_assert_eq(nr_told, 0);
	cr_assert_eq(wait_ms(10), FROM + COALESCE_BEGIN_NS);
	take(OOMN_RECLAIM_END, 1, 3);
	cr_assert_eq(nr_told, 1);
	cr_assert_eq(told[0].rec.hdr.kind, OOMN_RECLAIM_END);
	cr_assert_eq(nr_folded, 1, "the other cgroup's is no business of this end");
	cr_assert_eq(folded[0].rec.hdr.hits, 3);
	cr_assert_eq(folded[0].rec.hdr.cgroup_id, 1);
}

Test(coalesce, a_begin_without_an_end_is_told)
{
	take(OOMN_RECLAIM_BEGIN, 1, 1);
	wait_ms(99);
	cr_assert_eq(nr_told, 0);
	wait_ms(1);
	expect_told(0, 1, true);
	cr_assert_eq(told[0].waited, WAITED_FOR_END);
	cr_assert_eq(told[0].rec.hdr.time_ns, FROM - 7);
	cr_assert_eq(wait_ms(500), 0);
	cr_assert_eq(nr_told + nr_folded, 1);
}

/* --kind reclaim_begin, or --raw: as it comes. */
Test(coalesce, told_as_it_comes)
{
	c.gap_ns = 0;
	take(OOMN_SWAP_OUT, 1, 1);
	take(OOMN_SWAP_OUT, 1, 1);
	cr_assert_eq(nr_told, 2);
	take(OOMN_RECLAIM_BEGIN, 1, 1);
	cr_assert_eq(nr_told, 2, "a begin waits whatever the gap");
	cr_assert_eq(wait_ms(100), 0);
	cr_assert_eq(nr_told, 3);
	c.fold_begins = false;
	take(OOMN_RECLAIM_BEGIN, 1, 1);
	take(OOMN_RECLAIM_END, 1, 1);
	cr_assert_eq(nr_told, 5);
	cr_assert_eq(told[3].waited, WAITED_NOT);
}

/* More kinds of rows than there are cells: earlier, and none is lost. */
Test(coalesce, more_than_it_can_keep)
{
	uint64_t hits = 0;

	for (int round = 0; round < 2; round++)
		for (uint64_t cgroup = 1; cgroup <= 3 * COALESCE_CELLS; cgroup++)
			take(OOMN_SWAP_OUT, cgroup, cgroup);
	coalesce_flush(&c, &(struct moment){ now_is, now_is });
	for (size_t i = 0; i < nr_told; i++)
		hits += told[i].rec.hdr.hits;
	cr_assert_eq(hits, 3ULL * COALESCE_CELLS * (3 * COALESCE_CELLS + 1));
	cr_assert_eq(wait_ms(0), 0);
}

static void count(void *ctx, const struct notice *n)
{
	*(uint64_t *)ctx += n->rec.hdr.hits;
}

Test(coalesce, each_that_waits)
{
	uint64_t hits = 0;

	take(OOMN_SWAP_OUT, 1, 1);
	coalesce_each(&c, count, &hits);
	cr_assert_eq(hits, 0);
	take(OOMN_SWAP_OUT, 1, 2);
	take(OOMN_RECLAIM_BEGIN, 1, 4);
	coalesce_each(&c, count, &hits);
	cr_assert_eq(hits, 6);
}

Test(coalesce, flush_tells_what_waits)
{
	take(OOMN_SWAP_OUT, 1, 1);
	take(OOMN_SWAP_OUT, 1, 2);
	take(OOMN_RECLAIM_BEGIN, 1, 4);
	coalesce_flush(&c, &(struct moment){ now_is, now_is });
	cr_assert_eq(nr_told, 3);
	coalesce_flush(&c, &(struct moment){ now_is, now_is });
	cr_assert_eq(nr_told, 3);
}
