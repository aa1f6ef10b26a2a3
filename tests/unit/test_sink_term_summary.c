// SPDX-License-Identifier: GPL-2.0-only
/* What people are told besides events: levels, losses, interim figures and the summary. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "core/stats.h"
#include "record.h"
#include "rows.h"
#include "sinks/sink.h"
#include "tables.h"

static struct oomn_cgroup rows[OOMN_NR_CGROUPS];
static struct sink_env env = { .cgroups = rows, .page_bytes = 4096, .columns = 80 };
static struct notice n;
static struct stats s;
static char text[SINK_SUMMARY_MAX + 1];

enum { LINE = SINK_LINE_MAX, SUMMARY = SINK_SUMMARY_MAX };

static void start(void)
{
	setenv("TZ", "UTC0", 1);
	n = (struct notice){ .type = NOTICE_SUMMARY, .stats = &s };
}

TestSuite(sink_term_summary, .init = start);

static size_t format(size_t size)
{
	long len = sink_term.format(&env, &n, text, size);

	cr_assert(len > 0 && (size_t)len <= size, "%ld of %zu", len, size);
	cr_assert_eq(text[len - 1], '\n', "cut off");
	text[len] = '\0';
	return (size_t)len;
}

static void expect(const char *want)
{
	cr_assert_not_null(strstr(text, want), "no '%s' in\n%s", want, text);
}

static void expect_not(const char *what)
{
	cr_assert_null(strstr(text, what), "'%s' in\n%s", what, text);
}

Test(sink_term_summary, levels)
{
	n = (struct notice){ .type = NOTICE_LEVEL,
			     .at = { 3723 * NS_PER_S, 3723 * NS_PER_S },
			     .change = { .scope = SCOPE_GLOBAL,
					 .from = LEVEL_NONE,
					 .to = LEVEL_MEDIUM,
					 .time_ns = 3723 * NS_PER_S } };
	format(LINE);
	expect("01:02:03.000 ");
	expect("med  level");
	expect("was none");
	expect("(machine)\n");
	expect_not("all clear");
	put_dir(rows, OOMN_CGROUP_FIRST, ROOT_ROW, "box");
	n.change = (struct level_change){ .scope = SCOPE_CGROUP,
					  .from = LEVEL_CRITICAL,
					  .to = LEVEL_NONE,
					  .cgroup_row = OOMN_CGROUP_FIRST };
	format(LINE);
	expect("was crit");
	expect("all clear");
	expect("/box\n");
	expect_not("(machine)");
}

Test(sink_term_summary, headroom)
{
	n = (struct notice){ .type = NOTICE_HEADROOM,
			     .at = { 9 * NS_PER_S, 3723 * NS_PER_S },
			     .headroom = { .scope = SCOPE_GLOBAL,
					   .level = LEVEL_LOW,
					   .time_ns = 9 * NS_PER_S,
					   .left_bytes = 25 << 20,
					   .limit_bytes = 256 << 20,
					   .time_left_ns = 480 * NS_PER_MS } };
	format(LINE);
	expect(" low  headroom falls       25M 9.8%, 480ms");
	expect("(machine)\n");
	n.headroom.edge = HEADROOM_RECOVERS;
	n.headroom.level = LEVEL_NONE;
	n.headroom.left_bytes = n.headroom.time_left_ns = HEADROOM_UNLIMITED;
	format(LINE);
	expect(" none headroom recovers      - no limit");
	n.headroom.edge = HEADROOM_HIGH;
	n.headroom.left_bytes = 1 << 20;
	n.headroom.time_left_ns = HEADROOM_UNLIMITED;
	format(LINE);
	expect(" headroom high       1.0M 0.4% ");
	n.headroom.edge = HEADROOM_FALLS;
	n.headroom.left_bytes = n.headroom.limit_bytes = 0;
	format(LINE);
	expect(" headroom falls         0 limit 0 ");
}

Test(sink_term_summary, lost)
{
	n = (struct notice){ .type = NOTICE_LOST,
			     .at = { 9 * NS_PER_S, 3723 * NS_PER_S },
			     .loss = { .ring_hits = 11, .queue_hits = 22, .queue_levels = 33 } };
	format(LINE);
	expect("01:02:03.000 ");
	expect("11 hits");
	expect("22 hits");
	expect("33 level changes");
	expect_not("at once");
	n.loss.queue_hits = n.loss.queue_levels = 0;
	format(LINE);
	expect("! lost: 11 hits, the ring was full\n");
	n.loss = (struct loss){ .queue_levels = 33 };
	format(LINE);
	expect("! lost: 0 hits and 33 level changes, this output was too slow\n");
	n.loss.queue_headroom = 7;
	format(LINE);
	expect("33 level changes, 7 of headroom");
	n.loss = (struct loss){ .queue_levels = 33 };
	n.loss.level_hits = 44;
	format(LINE);
	expect("33 level changes");
	expect("! lost: the level after 44 hits, of more cgroups at once than 16384\n");
	n.loss.unwatched = 5;
	format(LINE);
	expect("! not watched: the headroom of 5 cgroups,");
	n.loss.row_hits = 55;
	format(LINE);
	expect("55 hits, of more directories at once\n               than 3069\n");
	n.loss = (struct loss){ .level_hits = 44 };
	format(LINE);
	expect_not("ring");
	expect_not("slow");
	expect("01:02:03.000 ");
	expect("44 hits");
}

Test(sink_term_summary, interim)
{
	n.type = NOTICE_STATS;
	s.kind[OOMN_SWAP_OUT].pages = 111;
	s.stall = (struct oomn_stall){ .count = 22, .sum_ns = 33 * NS_PER_MS };
	s.kind[OOMN_OOM_KILL].hits = 4;
	s.in_reclaim = 5;
	format(SUMMARY);
	expect("# swapped out 444K, ");
	expect("22 stalls of 33ms");
	expect("4 OOM kills");
	expect("5 in reclaim");
}

Test(sink_term_summary, killed_task)
{
	n = (struct notice){ .type = NOTICE_EVENT };
	n.rec.oom_kill = (struct oomn_oom_kill){ .hdr = { .kind = OOMN_OOM_KILL, .hits = 1 },
						 .anon_rss_kb = 50 << 10,
						 .file_rss_kb = 3 << 10,
						 .shmem_rss_kb = 2 << 10,
						 .uid = 1000,
						 .oom_score_adj = -5,
						 .has_task = 1 };
	format(LINE);
	expect("50M anonymous");
	expect("3.0M file");
	expect("2.0M shared");
	expect("uid 1000");
	expect("oom_score_adj -5");
	n.rec.oom_kill.has_task = 0; /* 5.10: the pid is all that is known */
	format(LINE);
	expect_not("killed");
}

/* The columns of numbers stand below their titles. */
Test(sink_term_summary, kinds)
{
	const char *title, *row;

	s.kind[OOMN_SWAP_OUT] = (struct kind_stats){ 10, 5, 3, 2, 70, 10, 20, 40 };
	s.kind[OOMN_RECLAIM_BEGIN].hits = 1234567890;
	format(SUMMARY);
	title = strstr(text, "EVENT ");
	row = strstr(text, "swap_out ");
	cr_assert(title && row && row > title);
	row = strchr(row, '\n') + 1;
	cr_assert_eq(strcspn(title, "\n"), strcspn(row, "\n"), "of one length");
	expect("swap_out       hits            10            5            3            2\n");
	expect("               pages           70           10           20           40   280K\n");
	cr_assert_leq(strcspn(row, "\n"), 80);
	expect("reclaim_begin");
	expect("1234567890");
	expect_not("oom_kill"); /* what did not happen needs no row */
}

Test(sink_term_summary, cgroups)
{
	s.nr_cgroups = 3;
	put_dir(rows, OOMN_CGROUP_FIRST, ROOT_ROW, "box\033[2J");
	s.cgroup[0] = (struct cgroup_stats){ OOMN_CGROUP_FIRST, 1, 11, 22, 33 * NS_PER_MS, 44 };
	s.cgroup[1] = (struct cgroup_stats){ OOMN_CGROUP_OTHER, 0, 55, 66, 77 * NS_PER_MS, 88 };
	s.cgroup[2] = (struct cgroup_stats){ OOMN_CGROUP_GONE, 0, 99, 98, 97 * NS_PER_MS, 96 };
	format(SUMMARY);
	expect("SWAPPED   STALLS  STALL  OOM  CGROUP\n");
	expect("    44K       22   33ms   44  /box?[2J\n");
	expect("   220K       66   77ms   88  (other)\n");
	expect("   396K       98   97ms   96  (removed)\n");
}

Test(sink_term_summary, stalls)
{
	s.stall = (struct oomn_stall){ .count = 30,
				       .sum_ns = 2 * NS_PER_S,
				       .max_ns = 438 * NS_PER_MS };
	s.stalls[OOMN_CAUSE_MEMCG].count = 27;
	s.stalls[OOMN_CAUSE_DIRECT].count = 2;
	s.stalls[OOMN_CAUSE_NODE].count = 1;
	s.stall.bucket[0] = 20;
	s.stall.bucket[3] = 10;
	s.stall.bucket[OOMN_STALL_BUCKETS - 1] = 1;
	format(SUMMARY);
	expect("stalls: 30 (memcg 27, direct 2, node 1), together 2.0s, longest 438ms\n");
	expect("<   1us       20 ########################################\n");
	expect("<   8us       10 ####################\n");
	expect("<  ever        1 ##\n");
	expect_not("<   2us"); /* an empty bucket needs no row */
}

Test(sink_term_summary, troubles_only_when_there_are_any)
{
	static const char *const words[] = { "still in reclaim",   "never seen",
					     "did not let us see", "could not be decoded",
					     "beyond the table",   "had no name" };

	format(SUMMARY);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		expect_not(words[i]);
	s.in_reclaim = s.unended = s.missed_runs = s.bad_records = s.untracked = 7;
	s.lost.row_hits = 7;
	format(SUMMARY);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		expect(words[i]);
}

Test(sink_term_summary, kernels_own_count)
{
	format(SUMMARY);
	expect_not("own count");
	s.has_vmstat = true;
	s.vmstat = (struct vmstat){ 100, -1, 11, 22, 33 };
	format(SUMMARY);
	expect("own count: 111 pages (444K) swapped out, 33 OOM kills, 22 direct\n"
	       "  reclaims (stalls at cgroups' limits, memcg, it does not count)\n");
}

Test(sink_term_summary, latency)
{
	format(SUMMARY);
	expect_not("p50");
	for (uint64_t i = 0; i < 100; i++)
		hist_add(&s.latency, i < 50 ? 20 : i < 90 ? 30 : i < 99 ? 40 : 50);
	s.trailing = 77;
	format(SUMMARY);
	expect("p50 20ns, p90 30ns, p99 40ns, at most 50ns");
	expect("100 records");
	expect("77 more");
}

/* Everything at its largest: no overflow that UBSan would see, and it fits. */
Test(sink_term_summary, largest)
{
	memset(&s, 0xff, sizeof(s));
	s.has_vmstat = s.feeds = true;
	s.vmstat = (struct vmstat){ INT64_MAX / 4, INT64_MAX / 4, INT64_MAX / 4, INT64_MAX,
				    INT64_MAX };
	s.nr_cgroups = STATS_MAX_CGROUPS;
	env.columns = 0;
	for (uint32_t i = 0; i < s.nr_cgroups; i++) {
		s.cgroup[i].row = OOMN_CGROUP_FIRST + 20 * i;
		put_longest(rows, s.cgroup[i].row, 'x');
	}
	cr_assert_gt(format(SUMMARY), 2000 * s.nr_cgroups);
	n.type = NOTICE_STATS;
	format(SUMMARY);
}

#define TRILLION 999999999999

/* Wherever it goes, for sentences need no more; nor does what a machine swaps in its life. */
Test(sink_term_summary, within_80_columns)
{
	memset(&s, 0xff, sizeof(s));
	s.has_vmstat = s.feeds = true;
	s.nr_cgroups = 0;
	for (int i = 0; i < OOMN_NR_KINDS; i++)
		s.kind[i] = (struct kind_stats){ TRILLION, TRILLION, TRILLION, TRILLION,
						 TRILLION, TRILLION, TRILLION, TRILLION };
	for (env.columns = 0; env.columns <= 80; env.columns += 80) {
		format(SUMMARY);
		for (const char *p = text; *p; p += strcspn(p, "\n") + 1)
			cr_assert_leq(strcspn(p, "\n"), 80, "%.*s", (int)strcspn(p, "\n"), p);
	}
}

Test(sink_term_summary, feed)
{
	memset(&s, 0, sizeof(s));
	format(SUMMARY);
	expect_not("fed to");
	s.feeds = true;
	s.fed = 5;
	s.fed_failed = 2;
	format(SUMMARY);
	expect("fed to the device: 5 records, 2 failed\n");
}
