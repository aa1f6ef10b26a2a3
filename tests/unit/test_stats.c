// SPDX-License-Identifier: GPL-2.0-only
/* The figures: what is added to what, when they add up, and which cgroups are shown. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "core/stats.h"
#include "record.h"
#include "tables.h"

static struct stats s;
static struct oomn_cpu cpu;
static struct oomn_cgroup *rows;

static void start(void)
{
	rows = calloc(OOMN_NR_CGROUPS, sizeof(*rows));
	cr_assert_not_null(rows);
}

static void end(void)
{
	free(rows);
}

Test(stats, adds_up)
{
	struct kind_stats k = { .hits = 10,
				.told = 5,
				.waiting = 3,
				.dropped = 2,
				.pages = 70,
				.pages_told = 10,
				.pages_waiting = 20,
				.pages_dropped = 40 };

	cr_assert(stats_adds_up(&k));
	cr_assert(stats_adds_up(&(struct kind_stats){ 0 }));
}

/* One off in any of the eight is seen, hits and pages each on their own. */
Test(stats, one_off_does_not_add_up)
{
	const struct kind_stats good = { .hits = 10,
					 .told = 5,
					 .waiting = 3,
					 .dropped = 2,
					 .pages = 70,
					 .pages_told = 10,
					 .pages_waiting = 20,
					 .pages_dropped = 40 };
	struct kind_stats k;
	uint64_t *const member[] = { &k.hits,  &k.told,	      &k.waiting,	&k.dropped,
				     &k.pages, &k.pages_told, &k.pages_waiting, &k.pages_dropped };

	for (size_t i = 0; i < sizeof(member) / sizeof(member[0]); i++) {
		k = good;
		++*member[i];
		cr_assert_not(stats_adds_up(&k), "member %zu", i);
		k = good;
		--*member[i];
		cr_assert_not(stats_adds_up(&k), "member %zu", i);
	}
}

/* Pages that are missing are not made good by hits too many. */
Test(stats, hits_and_pages_add_up_separately)
{
	struct kind_stats k = { .hits = 2, .told = 1, .pages = 1, .pages_told = 2 };

	cr_assert_not(stats_adds_up(&k));
}

Test(stats, told_and_dropped)
{
	struct oomn_hdr h = { .kind = OOMN_SWAP_OUT, .hits = 3, .pages = 30 };

	stats_told(&s, &h, 1000);
	h.flags = OOMN_F_TRAILING;
	stats_told(&s, &h, 5000000);
	h.kind = OOMN_OOM_KILL;
	stats_dropped(&s, &h);
	cr_assert_eq(s.kind[OOMN_SWAP_OUT].told, 6);
	cr_assert_eq(s.kind[OOMN_SWAP_OUT].pages_told, 60);
	cr_assert_eq(s.kind[OOMN_SWAP_OUT].dropped, 0);
	cr_assert_eq(s.kind[OOMN_SWAP_OUT].hits, 0, "hits are counted by the BPF side alone");
	cr_assert_eq(s.kind[OOMN_OOM_KILL].dropped, 3);
	cr_assert_eq(s.kind[OOMN_OOM_KILL].pages_dropped, 30);
	/* How long a record waited in the gate is no latency of ours. */
	cr_assert_eq(s.latency.count, 1);
	cr_assert_eq(s.latency.max, 1000);
	cr_assert_eq(s.trailing, 1);
}

/* A CPU whose every count is another number. */
static void fill_cpu(void)
{
	for (uint64_t i = 0; i < OOMN_NR_KINDS; i++) {
		cpu.count[i] = (struct oomn_count){ .hits = 1000 + i,
						    .pages = 2000 + i,
						    .dropped_hits = 100 + i,
						    .dropped_pages = 200 + i };
		cpu.nested[i] = 10 + i;
		cpu.nested_pages[i] = 20 + i;
	}
	cpu.unended = 3;
	cpu.untracked = 4;
}

Test(stats, cpu_counts_and_nested)
{
	fill_cpu();
	s.kind[OOMN_SWAP_OUT].told = 5;
	s.kind[OOMN_SWAP_OUT].dropped = 7;
	stats_add_cpu(&s, &cpu);
	stats_add_cpu(&s, &cpu);
	for (uint64_t i = 0; i < OOMN_NR_KINDS; i++) {
		const struct kind_stats *k = &s.kind[i];
		uint64_t own = i == OOMN_SWAP_OUT ? 7 : 0;

		cr_assert_eq(k->hits, 2 * (1000 + i + 10 + i), "kind %lu", i);
		cr_assert_eq(k->pages, 2 * (2000 + i + 20 + i), "kind %lu", i);
		cr_assert_eq(k->dropped, own + 2 * (100 + i + 10 + i), "kind %lu", i);
		cr_assert_eq(k->pages_dropped, 2 * (200 + i + 20 + i), "kind %lu", i);
		cr_assert_eq(k->waiting, 0);
	}
	cr_assert_eq(s.kind[OOMN_SWAP_OUT].told, 5);
	cr_assert_eq(s.unended, 6);
	cr_assert_eq(s.untracked, 8);
}

/* An untold nested report alone keeps the sum right: it counts as a hit and as dropped. */
Test(stats, nested_reports_add_up)
{
	cpu.count[OOMN_THROTTLED].hits = 1;
	cpu.nested[OOMN_THROTTLED] = 2;
	cpu.nested_pages[OOMN_THROTTLED] = 9;
	s.kind[OOMN_THROTTLED].told = 1;
	stats_add_cpu(&s, &cpu);
	cr_assert(stats_adds_up(&s.kind[OOMN_THROTTLED]));
	cr_assert_eq(s.kind[OOMN_THROTTLED].dropped, 2);
}

Test(stats, missed_runs_add_up)
{
	stats_missed(&s, 1U << OOMN_SWAP_OUT, 3);
	stats_missed(&s, 1U << OOMN_RECLAIM_END, 2);
	stats_missed(&s, 0, 5);
	cr_assert_eq(s.missed_runs, 10);
	for (int i = 0; i < OOMN_NR_KINDS; i++)
		cr_assert(stats_adds_up(&s.kind[i]));
	cr_assert_eq(s.kind[OOMN_SWAP_OUT].hits, 3);
	cr_assert_eq(s.kind[OOMN_SWAP_OUT].pages_dropped, 3);
	cr_assert_eq(s.kind[OOMN_RECLAIM_END].dropped, 2);
	cr_assert_eq(s.kind[OOMN_RECLAIM_END].pages, 0);
}

Test(stats, waiting_gates)
{
	struct oomn_hdr *first = &cpu.gate[0].rec.hdr, *last = &cpu.gate[OOMN_NR_GATES - 1].rec.hdr;

	*first = (struct oomn_hdr){ .kind = OOMN_SWAP_OUT, .hits = 2, .pages = 64 };
	*last = (struct oomn_hdr){ .kind = OOMN_SWAP_OUT, .hits = 3, .pages = 3 };
	cpu.gate[1].rec.hdr = (struct oomn_hdr){ .kind = OOMN_RECLAIM_END, .hits = 4 };
	/* What a sent record left behind does not wait. */
	cpu.gate[2].key = 1;
	cpu.gate[2].rec.hdr = (struct oomn_hdr){ .kind = OOMN_SWAP_OUT, .pages = 99 };
	/* Nor may nonsense in a gate reach past the table. */
	cpu.gate[3].rec.hdr = (struct oomn_hdr){ .kind = 255, .hits = 1, .pages = 1 };
	stats_add_cpu(&s, &cpu);
	cr_assert_eq(s.kind[OOMN_SWAP_OUT].waiting, 5);
	cr_assert_eq(s.kind[OOMN_SWAP_OUT].pages_waiting, 67);
	cr_assert_eq(s.kind[OOMN_RECLAIM_END].waiting, 4);
	cr_assert_eq(s.kind[OOMN_RECLAIM_END].pages_waiting, 0);
}

/* Stalls are waits of somebody's allocation: kswapd's and what was asked for are none. */
Test(stats, stalls)
{
	const uint64_t three = 1U << OOMN_CAUSE_DIRECT | 1U << OOMN_CAUSE_MEMCG |
			       1U << OOMN_CAUSE_NODE;

	for (uint64_t cause = 0; cause < OOMN_NR_CAUSES; cause++) {
		cpu.stall[cause].count = 1ULL << cause;
		cpu.stall[cause].sum_ns = 100ULL << cause;
		cpu.stall[cause].max_ns = 1000 + cause;
		cpu.stall[cause].bucket[0] = 1ULL << cause;
		cpu.stall[cause].bucket[OOMN_STALL_BUCKETS - 1] = 2ULL << cause;
	}
	stats_add_cpu(&s, &cpu);
	cpu.stall[OOMN_CAUSE_NODE].max_ns = 1;
	stats_add_cpu(&s, &cpu);
	cr_assert_eq(s.stall.count, 2 * three);
	cr_assert_eq(s.stall.sum_ns, 200 * three);
	cr_assert_eq(s.stall.max_ns, 1000 + OOMN_CAUSE_NODE);
	cr_assert_eq(s.stall.bucket[0], 2 * three);
	cr_assert_eq(s.stall.bucket[1], 0);
	cr_assert_eq(s.stalls[OOMN_CAUSE_DIRECT].count, 2ULL << OOMN_CAUSE_DIRECT);
	cr_assert_eq(s.stalls[OOMN_CAUSE_MEMCG].count, 2ULL << OOMN_CAUSE_MEMCG);
	cr_assert_eq(s.stalls[OOMN_CAUSE_NODE].sum_ns, 200ULL << OOMN_CAUSE_NODE);
	cr_assert_eq(s.stalls[OOMN_CAUSE_PROACTIVE].count, 0, "what was asked for is no stall");
	cr_assert_eq(s.stall.bucket[OOMN_STALL_BUCKETS - 1], 4 * three);
}

static void put_row(uint32_t row, uint64_t pages, uint64_t stalls, uint64_t stall_ns)
{
	rows[row].id = 5000 + row;
	rows[row].total[OOMN_SWAP_OUT].pages = pages;
	rows[row].total[OOMN_SWAP_OUT].hits = 1;
	rows[row].total[OOMN_RECLAIM_END].hits = stalls;
	rows[row].stall_ns = stall_ns;
}

Test(stats, top_cgroups_of_none, .init = start, .fini = end)
{
	s.nr_cgroups = 3;
	rows[OOMN_CGROUP_FIRST].id = 1; /* seen, but nothing happened to it */
	rows[OOMN_CGROUP_FIRST].total[OOMN_WAKEUP_KSWAPD].hits = 1;
	stats_top_cgroups(&s, rows);
	cr_assert_eq(s.nr_cgroups, 0);
}

Test(stats, top_cgroups_members, .init = start, .fini = end)
{
	put_row(9, 11, 22, 33);
	rows[9].total[OOMN_OOM_KILL].hits = 44;
	stats_top_cgroups(&s, rows);
	cr_assert_eq(s.nr_cgroups, 1);
	cr_assert_eq(s.cgroup[0].row, 9);
	cr_assert_eq(s.cgroup[0].id, 5009);
	cr_assert_eq(s.cgroup[0].swap_out_pages, 11);
	cr_assert_eq(s.cgroup[0].stalls, 22);
	cr_assert_eq(s.cgroup[0].stall_ns, 33);
	cr_assert_eq(s.cgroup[0].oom_kills, 44);
}

Test(stats, nameless_hits, .init = start, .fini = end)
{
	put_row(9, 11, 22, 33);
	cr_assert_eq(stats_nameless_hits(rows), 0);
	put_row(OOMN_CGROUP_OTHER, 11, 22, 33);
	cr_assert_eq(stats_nameless_hits(rows), 1 + 22);
}

/* By pages, then by stall time; what stands for many last, however large it is. */
Test(stats, top_cgroups_sorted, .init = start, .fini = end)
{
	static const uint32_t want[] = {
		50, 5, 1023, 3, 700, 4, OOMN_CGROUP_OTHER, OOMN_CGROUP_GONE
	};

	put_row(3, 10, 1, 5);
	put_row(5, 10, 1, 7);
	put_row(4, 0, 0, 0);
	rows[4].total[OOMN_OOM_KILL].hits = 1;
	put_row(50, 11, 0, 0);
	put_row(700, 0, 1, 100);
	put_row(1023, 10, 1, 6);
	put_row(OOMN_CGROUP_OTHER, 1000000, 1000, 1000);
	put_row(OOMN_CGROUP_GONE, 2000000, 1000, 1000);
	stats_top_cgroups(&s, rows);
	cr_assert_eq(s.nr_cgroups, sizeof(want) / sizeof(want[0]));
	for (uint32_t i = 0; i < s.nr_cgroups; i++)
		cr_assert_eq(s.cgroup[i].row, want[i], "place %u has row %u", i, s.cgroup[i].row);
}

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x < *y) - (*x > *y);
}

/* A full table, in any order: the ten largest, whatever came first. */
Test(stats, top_cgroups_of_many, .init = start, .fini = end)
{
	static uint64_t pages[OOMN_NR_CGROUPS - OOMN_CGROUP_FIRST];
	const size_t n = sizeof(pages) / sizeof(pages[0]);

	srandom(1);
	for (int round = 0; round < 50; round++) {
		for (size_t i = 0; i < n; i++) {
			pages[i] = (uint64_t)random() % (round % 2 ? 1000000 : 20);
			put_row((uint32_t)(OOMN_CGROUP_FIRST + i), pages[i], 0, 0);
		}
		put_row(OOMN_CGROUP_OTHER, round % 2 ? 1 : 0, 0, 0);
		stats_top_cgroups(&s, rows);
		qsort(pages, n, sizeof(pages[0]), by_size);
		cr_assert_eq(s.nr_cgroups, (uint32_t)(STATS_TOP_CGROUPS + round % 2));
		for (size_t i = 0; i < STATS_TOP_CGROUPS; i++)
			cr_assert_eq(s.cgroup[i].swap_out_pages, pages[i], "place %zu", i);
		if (round % 2)
			cr_assert_eq(s.cgroup[STATS_TOP_CGROUPS].row, OOMN_CGROUP_OTHER);
	}
}

Test(stats, why_kills_are_not_what_the_kernel_counts)
{
	struct stats s = { .has_vmstat = true };

	cr_assert_null(stats_kills_why(&s));
	s.kind[OOMN_OOM_KILL].hits = 3;
	s.vmstat.oom_kill = 3;
	cr_assert_null(stats_kills_why(&s));
	s.vmstat.oom_kill = 4;
	cr_assert_not_null(strstr(stats_kills_why(&s), "did not report"));
	s.kills_again = 1;
	cr_assert_not_null(strstr(stats_kills_why(&s), "memory.oom.group"));
	s.vmstat.oom_kill = 2;
	cr_assert_not_null(strstr(stats_kills_why(&s), "dying anyway"));
	s.vmstat.oom_kill = -1; /* it does not count them */
	cr_assert_null(stats_kills_why(&s));
	s.has_vmstat = false;
	cr_assert_null(stats_kills_why(&s));
}
