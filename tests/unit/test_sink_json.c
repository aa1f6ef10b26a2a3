// SPDX-License-Identifier: GPL-2.0-only
/* JSON lines of events: the promised names, the right values, valid whatever bytes names have. */
#include <criterion/criterion.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_check.h"
#include "record.h"
#include "rows.h"
#include "sinks/sink.h"
#include "tables.h"

#define ROW  OOMN_CGROUP_FIRST
#define BOOT "11111111-2222-3333-4444-555555555555"
/* 1 ms after it began to count; 2026-11-26 01:02:03.5 UTC */
/* Versions 14 and 19 break it differently. */
/* clang-format off */
#define AT { 1000000, 1795654923500000000 }
/* clang-format on */
#define TIME "\"2026-11-26T01:02:03.500000Z\""

static struct oomn_cgroup rows[OOMN_NR_CGROUPS];
static struct sink_env env = { .cgroups = rows, .now_ns = 1000250, .boot_id = BOOT };
static struct notice n;
static char line[SINK_LINE_MAX + 1];

/* One valid line, of which @line then is the text. */
static void format(void)
{
	long len = sink_json.format(&env, &n, line, SINK_LINE_MAX);

	cr_assert(len > 0 && len <= SINK_LINE_MAX, "%ld", len);
	cr_assert_eq(line[len - 1], '\n');
	cr_assert_null(memchr(line, '\n', (size_t)len - 1), "more than one line");
	cr_assert_null(memchr(line, '\0', (size_t)len), "a NUL within the line");
	line[len] = '\0';
	cr_assert(json_is_valid(line, (size_t)len), "no JSON: %s", line);
}

static void expect(const char *path, const char *want)
{
	expect_json(line, path, want);
}

static void expect_keys(const char *want)
{
	expect_json_keys(line, "", want);
}

/* An event whose every field has another value. */
static void start_event(int kind)
{
	memset(&n, 0, sizeof(n));
	memset(rows, 0, sizeof(rows));
	put_dir(rows, ROW + 1, ROOT_ROW, "top");
	put_dir(rows, ROW, ROW + 1, "own");
	n.type = NOTICE_EVENT;
	n.at = (struct moment)AT;
	n.level = LEVEL_MEDIUM;
	n.rec.hdr = (struct oomn_hdr){ .kind = (__u8)kind,
				       .cause = OOMN_CAUSE_MEMCG,
				       .hits = 11,
				       .pages = 22,
				       .time_ns = 1000000,
				       .held_ns = 33,
				       .cgroup_id = 44,
				       .cgroup_row = ROW,
				       .cpu = 5,
				       .node = 6,
				       .pid = 77,
				       .tid = 88,
				       .comm = "task" };
}

#define COMMON                                                                                 \
	"event time_ns time boot_id latency_ns cpu node cause scope level hits pages pid tid " \
	"comm cgroup cgroup_id held_ns trailing"

static void expect_common(const char *kind)
{
	static const char *const want[][2] = {
		{ "time_ns", "1000000" },
		{ "time", TIME },
		{ "boot_id", "\"" BOOT "\"" },
		{ "latency_ns", "250" },
		{ "cpu", "5" },
		{ "node", "6" },
		{ "cause", "\"memcg\"" },
		{ "scope", "\"cgroup\"" },
		{ "level", "\"medium\"" },
		{ "hits", "11" },
		{ "pages", "22" },
		{ "pid", "77" },
		{ "tid", "88" },
		{ "comm", "\"task\"" },
		{ "cgroup", "\"/top/own\"" },
		{ "cgroup_id", "44" },
		{ "held_ns", "33" },
		{ "trailing", "false" },
	};
	char quoted[32];

	(void)snprintf(quoted, sizeof(quoted), "\"%s\"", kind);
	expect("event", quoted);
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		expect(want[i][0], want[i][1]);
}

Test(sink_json, swap_out)
{
	start_event(OOMN_SWAP_OUT);
	n.rec.swap_out.shmem_pages = 2;
	format();
	expect_keys(COMMON " anon_pages shmem_pages");
	expect_common("swap_out");
	expect("anon_pages", "20");
	expect("shmem_pages", "2");
}

Test(sink_json, wakeup_kswapd_and_reclaim_begin)
{
	static const int kinds[] = { OOMN_WAKEUP_KSWAPD, OOMN_RECLAIM_BEGIN };
	static const char *const names[] = { "wakeup_kswapd", "reclaim_begin" };

	for (int i = 0; i < 2; i++) {
		start_event(kinds[i]);
		n.rec.alloc.order = 9;
		n.rec.alloc.gfp = 3264;
		format();
		expect_keys(COMMON " order gfp");
		expect_common(names[i]);
		expect("order", "9");
		expect("gfp", "3264");
	}
}

Test(sink_json, kswapd_wake_and_sleep)
{
	start_event(OOMN_KSWAPD_WAKE);
	n.rec.alloc.order = 3;
	format();
	expect_keys(COMMON " order");
	expect_common("kswapd_wake");
	expect("order", "3");
	start_event(OOMN_KSWAPD_SLEEP);
	format();
	expect_keys(COMMON);
	expect_common("kswapd_sleep");
}

Test(sink_json, reclaim_end)
{
	start_event(OOMN_RECLAIM_END);
	n.rec.reclaim_end.duration_ns = 1;
	n.rec.reclaim_end.reclaimed_pages = 2;
	n.rec.reclaim_end.order = 3;
	n.rec.reclaim_end.gfp = 4;
	n.rec.reclaim_end.stall_ns = 5;
	n.rec.reclaim_end.scanned_pages = 6;
	n.rec.reclaim_end.freed_pages = 7;
	format();
	expect_keys(COMMON " duration_ns reclaimed_pages order gfp stall_ns scanned_pages");
	expect_common("reclaim_end");
	expect("duration_ns", "1");
	expect("reclaimed_pages", "2");
	expect("order", "3");
	expect("gfp", "4");
	expect("stall_ns", "5");
	expect("scanned_pages", "6");
	n.rec.hdr.flags = OOMN_F_START_UNSEEN;
	format();
	expect("duration_ns", "null");
}

Test(sink_json, throttled)
{
	start_event(OOMN_THROTTLED);
	n.rec.throttled.timeout_us = 100000;
	n.rec.throttled.reason = 2;
	format();
	expect_keys(COMMON " timeout_us reason");
	expect_common("throttled");
	expect("timeout_us", "100000");
	expect("reason", "\"noprogress\"");
	n.rec.throttled.reason = 99;
	format();
	expect("reason", "\"unknown\"");
}

#define OOM_FIELDS " uid oom_score_adj total_vm_kb anon_rss_kb file_rss_kb shmem_rss_kb pgtables_kb"

Test(sink_json, oom_kill)
{
	start_event(OOMN_OOM_KILL);
	n.rec.oom_kill = (struct oomn_oom_kill){ .hdr = n.rec.hdr,
						 .total_vm_kb = 1,
						 .anon_rss_kb = 2,
						 .file_rss_kb = 3,
						 .shmem_rss_kb = 4,
						 .pgtables_kb = 5,
						 .uid = 1000,
						 .oom_score_adj = -999,
						 .has_task = 1,
						 .is_memcg = 1 };
	format();
	expect_keys(COMMON OOM_FIELDS);
	expect_common("oom_kill");
	expect("uid", "1000");
	expect("oom_score_adj", "-999");
	expect("total_vm_kb", "1");
	expect("anon_rss_kb", "2");
	expect("file_rss_kb", "3");
	expect("shmem_rss_kb", "4");
	expect("pgtables_kb", "5");
	n.rec.oom_kill.is_memcg = 0;
	format();
	expect("scope", "\"global\"");
}

/* 5.10 tells the pid alone. */
Test(sink_json, oom_kill_of_which_little_is_told)
{
	static const char *const null[] = { "uid",	   "oom_score_adj", "total_vm_kb",
					    "anon_rss_kb", "file_rss_kb",   "shmem_rss_kb",
					    "pgtables_kb", "comm" };

	start_event(OOMN_OOM_KILL);
	n.rec.oom_kill = (struct oomn_oom_kill){ .hdr = n.rec.hdr,
						 .total_vm_kb = OOMN_NOT_TOLD,
						 .anon_rss_kb = OOMN_NOT_TOLD,
						 .file_rss_kb = OOMN_NOT_TOLD,
						 .shmem_rss_kb = OOMN_NOT_TOLD,
						 .pgtables_kb = OOMN_NOT_TOLD,
						 .uid = OOMN_NOT_TOLD };
	format();
	expect_keys(COMMON OOM_FIELDS);
	for (size_t i = 0; i < sizeof(null) / sizeof(null[0]); i++)
		expect(null[i], "null");
}

Test(sink_json, null_where_nothing_is_known)
{
	static const uint32_t no_path[] = { OOMN_CGROUP_NONE, OOMN_CGROUP_OTHER, OOMN_CGROUP_GONE };

	start_event(OOMN_SWAP_OUT);
	n.rec.hdr.node = -1;
	n.rec.hdr.flags = OOMN_F_TRAILING;
	format();
	expect("node", "null");
	expect("trailing", "true");
	for (size_t i = 0; i < sizeof(no_path) / sizeof(no_path[0]); i++) {
		n.rec.hdr.cgroup_row = no_path[i];
		format();
		expect("cgroup", "null");
		expect("cgroup_id", "44");
	}
}

Test(sink_json, level)
{
	start_event(0);
	n = (struct notice){ .type = NOTICE_LEVEL,
			     .at = AT,
			     .change = { .scope = SCOPE_CGROUP,
					 .from = LEVEL_CRITICAL,
					 .to = LEVEL_NONE,
					 .cgroup_row = ROW,
					 .cgroup_id = 44,
					 .time_ns = 1000000 } };
	format();
	expect_keys("event time_ns time boot_id latency_ns scope level from cgroup cgroup_id");
	expect("event", "\"level\"");
	expect("time_ns", "1000000");
	expect("time", TIME);
	expect("boot_id", "\"" BOOT "\"");
	expect("latency_ns", "250");
	expect("scope", "\"cgroup\"");
	expect("level", "\"none\"");
	expect("from", "\"critical\"");
	expect("cgroup", "\"/top/own\"");
	expect("cgroup_id", "44");
	n.change.scope = SCOPE_GLOBAL;
	n.change.cgroup_row = OOMN_CGROUP_NONE;
	format();
	expect("scope", "\"global\"");
	expect("cgroup", "null");
}

static void start_headroom(void)
{
	n = (struct notice){ .type = NOTICE_HEADROOM,
			     .at = AT,
			     .headroom = { .scope = SCOPE_GLOBAL,
					   .edge = HEADROOM_FALLS,
					   .level = LEVEL_LOW,
					   .cgroup_row = OOMN_CGROUP_NONE,
					   .time_ns = 1000000,
					   .left_bytes = 26000000,
					   .limit_bytes = 268435456,
					   .growth_bytes_s = 52000000,
					   .time_left_ns = 500000000,
					   .to_free_bytes = 12000000 } };
}

Test(sink_json, headroom)
{
	start_headroom();
	format();
	expect_keys("event time_ns time boot_id latency_ns scope edge level left_bytes limit_bytes "
		    "left_percent growth_bytes_per_s time_left_ns to_free_bytes cgroup cgroup_id");
	expect("event", "\"headroom\"");
	expect("scope", "\"global\"");
	expect("edge", "\"falls\"");
	expect("level", "\"low\"");
	expect("left_bytes", "26000000");
	expect("limit_bytes", "268435456");
	expect("left_percent", "9.686");
	expect("growth_bytes_per_s", "52000000");
	expect("time_left_ns", "500000000");
	expect("to_free_bytes", "12000000");
	expect("cgroup", "null");
}

/* A limit that was taken away, and growth that has stopped, have no number. */
Test(sink_json, headroom_without_limit)
{
	start_headroom();
	n.headroom.edge = HEADROOM_RECOVERS;
	n.headroom.level = LEVEL_NONE;
	n.headroom.left_bytes = n.headroom.limit_bytes = HEADROOM_UNLIMITED;
	n.headroom.time_left_ns = HEADROOM_UNLIMITED;
	format();
	expect("edge", "\"recovers\"");
	expect("level", "\"none\"");
	expect("left_bytes", "null");
	expect("limit_bytes", "null");
	expect("left_percent", "null");
	expect("time_left_ns", "null");
}

/* Of nothing there is no share. */
Test(sink_json, headroom_of_a_limit_of_0)
{
	start_headroom();
	n.headroom.left_bytes = n.headroom.limit_bytes = 0;
	n.headroom.time_left_ns = 0;
	format();
	expect("left_bytes", "0");
	expect("limit_bytes", "0");
	expect("left_percent", "null");
	expect("time_left_ns", "0");
}

Test(sink_json, lost)
{
	n = (struct notice){ .type = NOTICE_LOST, .at = AT, .loss = { 1, 2, 4, 8, 16, 32, 64 } };
	format();
	expect_keys("event time_ns time boot_id hits ring_hits queue_hits queue_levels level_hits "
		    "row_hits queue_headroom unwatched_cgroups");
	expect("event", "\"lost\"");
	expect("time_ns", "1000000");
	expect("time", TIME);
	expect("boot_id", "\"" BOOT "\"");
	expect("hits", "3"); /* of those that were not told */
	expect("ring_hits", "1");
	expect("queue_hits", "2");
	expect("queue_levels", "4");
	expect("level_hits", "8");
	expect("row_hits", "16");
	expect("queue_headroom", "32");
	expect("unwatched_cgroups", "64");
}

/* Half a millisecond before it was taken in, and on a machine without /proc. */
Test(sink_json, time_of_the_fact)
{
	start_event(OOMN_SWAP_OUT);
	n.rec.hdr.time_ns -= 500000;
	env.boot_id = NULL;
	format();
	expect("time", "\"2026-11-26T01:02:03.499500Z\"");
	expect("boot_id", "null");
}

/* A line that is not an event has no header either. */
Test(sink_json, no_header)
{
	cr_assert_eq(sink_json.header(&env, line, sizeof(line)), 0);
}
