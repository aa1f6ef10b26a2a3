// SPDX-License-Identifier: GPL-2.0-only
/* JSON at its limits: any bytes in names, the longest lines and summary, buffers too small. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cgroups.h"
#include "core/stats.h"
#include "json_check.h"
#include "record.h"
#include "rows.h"
#include "sinks/sink.h"
#include "tables.h"

#define ROW OOMN_CGROUP_FIRST

static struct oomn_cgroup rows[OOMN_NR_CGROUPS];
static struct sink_env env = { .cgroups = rows, .now_ns = UINT64_MAX };
static struct notice n;
static struct stats s;
static char text[SINK_SUMMARY_MAX + 1];

enum { LINE = SINK_LINE_MAX, SUMMARY = SINK_SUMMARY_MAX };

/* Formats into @size bytes: one valid line, its length returned. */
static size_t format(size_t size)
{
	long len = sink_json.format(&env, &n, text, size);

	cr_assert(len > 0 && (size_t)len <= size, "%ld of %zu", len, size);
	text[len] = '\0';
	cr_assert(json_is_valid(text, (size_t)len), "no JSON: %s", text);
	return (size_t)len;
}

/* The validator itself: what it must not let pass. */
Test(json_check, refuses)
{
	static const char *const bad[] = {
		"",
		"{",
		"}",
		"{]",
		"[1,]",
		"{\"a\":1,}",
		"{\"a\"}",
		"{a:1}",
		"{\"a\":}",
		"[1 2]",
		"1 2",
		"nul",
		"01",
		"-",
		"1.",
		".5",
		"1e",
		"+1",
		"\"",
		"\"\\\"",
		"\"\\x\"",
		"\"\\u12\"",
		"\"a\nb\"",
		"\"\x80\"",
		"\"\xc0\x80\"",
		"\"\xed\xa0\x80\"",
		"\"\xe2\x82\"",
		"\"\xff\"",
		"'a'",
		"[NaN]",
		"{1:2}",
		"\"\\u12g4\"",
		"\"\xf4\x90\x80\x80\"",
		"[,1]",
		"{,}",
		"\x1f",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_assert_not(json_is_valid(bad[i], strlen(bad[i])), "'%s' passes", bad[i]);
	cr_assert_not(json_is_valid("\"a\0b\"", 5));
}

Test(json_check, accepts)
{
	static const char good[] = " {\"a\":[1,-0.5e+3,true,false,null,{},[]],\"b\":\"\\u00e9"
				   "\\\\\xc3\xa9\xf0\x9f\x98\x80\",\"c\":{\"d\":{\"e\":7}}}\n";

	cr_assert(json_is_valid(good, sizeof(good) - 1));
	expect_json_keys(good, "", "a b c");
	expect_json_keys(good, "c.d", "e");
	expect_json(good, "c.d.e", "7");
	cr_assert_not(json_has(good, "c.e"));
}

static void start_event(int kind)
{
	put_dir(rows, ROW, ROOT_ROW, "");
	memset(&n, 0, sizeof(n));
	n.type = NOTICE_EVENT;
	n.rec.hdr.kind = (__u8)kind;
	n.rec.hdr.cgroup_row = ROW;
}

static void expect(const char *path, const char *want)
{
	expect_json(text, path, want);
}

Test(sink_json, every_byte_in_names)
{
	start_event(OOMN_SWAP_OUT);
	for (unsigned int byte = 1; byte < 256; byte++) {
		char *comm = n.rec.hdr.comm, *name = rows[ROW].name;

		/* Alone, between others, at the very end of a comm that has no NUL. */
		memset(comm, (int)byte, OOMN_COMM_LEN);
		memset(name, 0, OOMN_CGROUP_NAME_LEN);
		name[0] = (char)byte;
		format(LINE);
		for (int i = 0; i < OOMN_COMM_LEN; i++)
			comm[i] = (char)(i % 2 ? (int)byte : 'a');
		for (int i = 0; i < OOMN_CGROUP_NAME_LEN - 1; i++)
			name[i] = (char)(byte + (unsigned int)i ? byte + (unsigned int)i : 1);
		format(LINE);
	}
}

Test(sink_json, names_that_look_like_json)
{
	start_event(OOMN_SWAP_OUT);
	strcpy(n.rec.hdr.comm, "\",\"pid\":1,\"x\":\"");
	put_dir(rows, ROW, ROOT_ROW, "a\\\"}\n{");
	format(LINE);
	expect("pid", "0");
	expect("comm", "\"\\\",\\\"pid\\\":1,\\\"x\\\":\\\"\"");
	expect("cgroup", "\"/a\\\\\\\"}\\n{\"");
}

Test(sink_json, bytes_that_are_no_utf8)
{
	start_event(OOMN_SWAP_OUT);
	strcpy(n.rec.hdr.comm, "caf\xe9");
	put_dir(rows, ROW, ROOT_ROW, "\xc3\xa9\xf0\x28");
	format(LINE);
	expect("comm", "\"caf\xef\xbf\xbd\"");
	expect("cgroup", "\"/\xc3\xa9\xef\xbf\xbd(\"");
}

/* The worst of names: each byte comes out as six. */
static void fill_row(uint32_t row)
{
	memset(&rows[row], 0xff, sizeof(rows[row]));
	put_longest(rows, row, 1);
}

Test(sink_json, longest_lines_fit)
{
	fill_row(ROW);
	for (int kind = 0; kind < OOMN_NR_KINDS; kind++) {
		memset(&n, 0xff, sizeof(n));
		n.type = NOTICE_EVENT;
		n.level = LEVEL_CRITICAL;
		n.rec.hdr.kind = (__u8)kind;
		n.rec.hdr.cause = OOMN_CAUSE_PROACTIVE;
		n.rec.hdr.flags = 0;
		n.rec.hdr.time_ns = 0;
		n.rec.hdr.cgroup_row = ROW;
		memset(n.rec.hdr.comm, 1, sizeof(n.rec.hdr.comm));
		if (kind == OOMN_OOM_KILL) {
			n.rec.oom_kill.oom_score_adj = INT64_MIN;
			n.rec.oom_kill.uid = UINT64_MAX - 1;
			n.rec.oom_kill.total_vm_kb = UINT64_MAX - 1;
		}
		cr_assert_gt(format(LINE), 2000 * 6);
	}
	n = (struct notice){ .type = NOTICE_LEVEL,
			     .change = { .scope = SCOPE_CGROUP,
					 .from = LEVEL_CRITICAL,
					 .to = LEVEL_CRITICAL,
					 .cgroup_row = ROW,
					 .cgroup_id = UINT64_MAX } };
	format(LINE);
	memset(&n, 0xff, sizeof(n));
	n.type = NOTICE_LOST;
	format(LINE);
}

static void start_summary(void)
{
	memset(&s, 0, sizeof(s));
	n = (struct notice){ .type = NOTICE_SUMMARY, .stats = &s, .at = { 5, 0 } };
}

/* Everything at its largest, all cgroups of the worst names. */
static void fill_summary(void)
{
	memset(&s, 0xff, sizeof(s));
	s.vmstat = (struct vmstat){ INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX };
	s.has_vmstat = s.feeds = true;
	s.nr_cgroups = STATS_MAX_CGROUPS;
	for (uint32_t i = 0; i < s.nr_cgroups; i++) {
		s.cgroup[i].row = OOMN_CGROUP_FIRST + 20 * i;
		fill_row(s.cgroup[i].row);
	}
	n = (struct notice){ .type = NOTICE_SUMMARY,
			     .stats = &s,
			     .at = { UINT64_MAX, UINT64_MAX } };
}

Test(sink_json, largest_summary_fits)
{
	fill_summary();
	format(SUMMARY);
	expect("kinds.oom_kill.pages_dropped", "18446744073709551615");
	expect("stall.max_ns", "18446744073709551615");
	expect("vmstat.pswpout", "9223372036854775807");
	n.type = NOTICE_STATS;
	format(SUMMARY);
}

/* Into every size that is too small, from memory of exactly that size. */
static void check_too_small(size_t whole, size_t step)
{
	for (size_t size = 0; size < whole; size += step) {
		char *small = malloc(size ? size : 1);

		cr_assert_not_null(small);
		cr_assert_eq(sink_json.format(&env, &n, small, size), -ENOSPC, "%zu of %zu", size,
			     whole);
		free(small);
	}
}

Test(sink_json, too_small_is_told)
{
	start_event(OOMN_OOM_KILL);
	put_dir(rows, ROW, ROOT_ROW, "own\n");
	check_too_small(format(LINE), 1);
	start_summary();
	check_too_small(format(SUMMARY), 1);
	fill_summary();
	check_too_small(format(SUMMARY), 997);
}

static void expect_keys(const char *path, const char *want)
{
	expect_json_keys(text, path, want);
}

Test(sink_json, summary_fields)
{
	static const char *const kinds[] = { "swap_out",     "wakeup_kswapd", "kswapd_wake",
					     "kswapd_sleep", "reclaim_begin", "reclaim_end",
					     "throttled",    "oom_kill" };
	char path[64];

	start_summary();
	format(SUMMARY);
	cr_assert(json_has(text, "vmstat")); /* with null, when /proc/vmstat could not be read */
	s.has_vmstat = true;
	format(SUMMARY);
	expect("event", "\"summary\"");
	expect_keys(
		"",
		"event time_ns time boot_id kinds latency_ns trailing_records stall vmstat "
		"oom_kills lost cgroups "
		"headroom in_reclaim unended untracked missed_runs bad_records ready_ms max_rss_kb "
		"major_faults");
	expect_keys("kinds", "swap_out wakeup_kswapd kswapd_wake kswapd_sleep reclaim_begin "
			     "reclaim_end throttled oom_kill");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		(void)snprintf(path, sizeof(path), "kinds.%s", kinds[i]);
		expect_keys(path, "hits told waiting dropped pages pages_told pages_waiting "
				  "pages_dropped");
	}
	expect_keys("latency_ns", "p50 p90 p99 max count");
	expect_keys("stall", "count sum_ns max_ns buckets causes");
	expect_keys("vmstat", "pswpout swpout_zero zswpout allocstall oom_kill");
	expect_keys("oom_kills", "unknown_scope killed_again why_not_vmstat");
	n.type = NOTICE_STATS;
	format(SUMMARY);
	expect("event", "\"stats\"");
}

/* Only where the device is fed. */
Test(sink_json, summary_of_the_feed)
{
	start_summary();
	s.feeds = true;
	s.fed = 5;
	s.fed_failed = 2;
	format(SUMMARY);
	expect_keys("fed", "told failed");
	expect("fed", "{\"told\":5,\"failed\":2}");
}

Test(sink_json, summary_values)
{
	start_summary();
	s.kind[OOMN_THROTTLED] = (struct kind_stats){ 1, 2, 3, 4, 5, 6, 7, 8 };
	for (uint64_t ns = 1; ns <= 10; ns++)
		hist_add(&s.latency, ns);
	s.trailing = 11;
	s.has_vmstat = true;
	s.vmstat = (struct vmstat){ 12, -1, 0, 13, 14 };
	s.lost = (struct loss){ 15, 16, 17, 26, 27, 28, 29 };
	s.headroom_told = 30;
	s.headroom = (struct headroom_stats){ 31, 32, 33, 34, 35 };
	s.in_reclaim = 18;
	s.unended = 19;
	s.untracked = 20;
	s.missed_runs = 21;
	s.bad_records = 22;
	s.ready_ns = 23456789;
	s.max_rss_kb = 24;
	s.major_faults = 25;
	format(SUMMARY);
	expect("time_ns", "5");
	expect("kinds.throttled", "{\"hits\":1,\"told\":2,\"waiting\":3,\"dropped\":4,"
				  "\"pages\":5,\"pages_told\":6,\"pages_waiting\":7,"
				  "\"pages_dropped\":8}");
	expect("latency_ns", "{\"p50\":5,\"p90\":9,\"p99\":10,\"max\":10,\"count\":10}");
	expect("trailing_records", "11");
	expect("vmstat", "{\"pswpout\":12,\"swpout_zero\":null,\"zswpout\":0,"
			 "\"allocstall\":13,\"oom_kill\":14}");
	expect("lost", "{\"hits\":31,\"ring_hits\":15,\"queue_hits\":16,"
		       "\"queue_levels\":17,\"level_hits\":26,\"row_hits\":27,"
		       "\"queue_headroom\":28,\"unwatched_cgroups\":29}");
	expect("headroom", "{\"told\":30,\"cgroups\":31,\"unwatched_cgroups\":32,"
			   "\"unread\":33,\"looks\":34,\"bpf_looks\":35}");
	expect("cgroups", "[]");
	expect("in_reclaim", "18");
	expect("unended", "19");
	expect("untracked", "20");
	expect("missed_runs", "21");
	expect("bad_records", "22");
	expect("ready_ms", "23.457");
	expect("max_rss_kb", "24");
	expect("major_faults", "25");
}

/* Each bucket with its edge, the last without: it takes all. */
Test(sink_json, summary_stalls)
{
	char want[64 * OOMN_STALL_BUCKETS] = "[";

	start_summary();
	s.stall.count = 1;
	s.stall.sum_ns = 2;
	s.stall.max_ns = 3;
	s.stalls[OOMN_CAUSE_DIRECT] = (struct stall_share){ 11, 12 };
	s.stalls[OOMN_CAUSE_MEMCG] = (struct stall_share){ 13, 14 };
	s.stalls[OOMN_CAUSE_NODE] = (struct stall_share){ 15, 16 };
	for (int i = 0; i < OOMN_STALL_BUCKETS; i++) {
		char *end = want + strlen(want), edge[24] = "null";

		s.stall.bucket[i] = 100 + (uint64_t)i;
		if (i < OOMN_STALL_BUCKETS - 1)
			(void)snprintf(edge, sizeof(edge), "%llu", (1024ULL << i) - 1);
		(void)snprintf(end, 64, "%s{\"le_ns\":%s,\"count\":%d}%s", i ? "," : "", edge,
			       100 + i, i < OOMN_STALL_BUCKETS - 1 ? "" : "]");
	}
	format(SUMMARY);
	expect("stall.count", "1");
	expect("stall.causes", "{\"direct\":{\"count\":11,\"sum_ns\":12},"
			       "\"memcg\":{\"count\":13,\"sum_ns\":14},"
			       "\"node\":{\"count\":15,\"sum_ns\":16}}");
	expect("stall.sum_ns", "2");
	expect("stall.max_ns", "3");
	expect("stall.buckets", want);
}

Test(sink_json, summary_cgroups)
{
	start_summary();
	put_dir(rows, ROW, ROOT_ROW, "own");
	s.cgroup[0] = (struct cgroup_stats){ ROW, 44, 1, 2, 3, 4 };
	s.cgroup[1] = (struct cgroup_stats){ OOMN_CGROUP_OTHER, 0, 5, 6, 7, 8 };
	s.cgroup[2] = (struct cgroup_stats){ OOMN_CGROUP_GONE, 0, 9, 10, 11, 12 };
	s.nr_cgroups = 3;
	format(SUMMARY);
	expect("cgroups",
	       "[{\"cgroup\":\"/own\",\"cgroup_id\":44,\"swap_out_pages\":1,\"stalls\":2,"
	       "\"stall_ns\":3,\"oom_kills\":4},"
	       "{\"cgroup\":\"other\",\"swap_out_pages\":5,\"stalls\":6,\"stall_ns\":7,"
	       "\"oom_kills\":8},"
	       "{\"cgroup\":\"removed\",\"swap_out_pages\":9,\"stalls\":10,\"stall_ns\":11,"
	       "\"oom_kills\":12}]");
}
