// SPDX-License-Identifier: GPL-2.0-only
/* What listen prints of a record: aligned lines within 80 columns, or one JSON object. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/listen_text.h"
#include "common/clock.h"
#include "core/device.h"
#include "json_check.h"

/* 12:34:56.789 of some day */
static struct listen_env env = { .now = { 100 * NS_PER_S + 3 * NS_PER_MS,
					  45296 * NS_PER_S + 792 * NS_PER_MS },
				 .boot_id = "11111111-2222-3333-4444-555555555555",
				 .page_bytes = 4096 };
static struct oom_notify_record rec;
static char line[LISTEN_LINE_MAX + 1];

static void start(void)
{
	setenv("TZ", "UTC0", 1);
	env.json = false;
	rec = (struct oom_notify_record){
		.size = sizeof(rec),
		.version = OOM_NOTIFY_VERSION,
		.level = OOM_NOTIFY_MEDIUM,
		.reasons = OOM_NOTIFY_SWAP_OUT | OOM_NOTIFY_STALL | OOM_NOTIFY_FED,
		.node = 1,
		.sequence = 12,
		.event_ns = 100 * NS_PER_S,
		.notified_ns = 100 * NS_PER_S + 300 * NS_PER_US,
		.swapped_pages = 5790,
		.free_pages = 1874,
		.pages_to_free = 165,
	};
}

TestSuite(listen, .init = start);

static void format(uint64_t missed)
{
	long len = listen_record(&env, &rec, missed, line, LISTEN_LINE_MAX);

	cr_assert(len > 0 && len <= LISTEN_LINE_MAX, "%ld", len);
	line[len] = '\0';
	cr_assert_eq(strlen(line), (size_t)len);
	cr_assert_eq(line[len - 1], '\n');
	for (long size = 0; size < len; size++)
		cr_assert_eq(listen_record(&env, &rec, missed, line, (size_t)size), -ENOSPC, "%ld",
			     size);
	listen_record(&env, &rec, missed, line, LISTEN_LINE_MAX);
	line[len] = '\0';
}

Test(listen, text)
{
	char header[256];
	long len = listen_header(&env, header, sizeof(header));

	cr_assert(len > 0 && (size_t)len < sizeof(header));
	cr_assert_str_eq(header,
			 "TIME          TOLD  READ LVL  PAGES  FREE TO-FREE NODE REASONS\n");
	format(0);
	cr_assert_str_eq(line,
			 "12:34:56.789 300us 2.7ms med   5790  7.3M    660K    1 swap,stall,fed\n");
	rec.node = -1;
	rec.reasons = OOM_NOTIFY_ALL_CLEAR;
	rec.level = OOM_NOTIFY_NONE;
	rec.swapped_pages = rec.pages_to_free = 0;
	format(0);
	cr_assert_str_eq(line, "12:34:56.789 300us 2.7ms none     0  7.3M       0    - clear\n");
}

Test(listen, text_within_80_columns)
{
	rec.reasons = OOM_NOTIFY_SWAP_OUT | OOM_NOTIFY_LOW_WATERMARK | OOM_NOTIFY_STALL |
		      OOM_NOTIFY_POOR_RECLAIM;
	rec.swapped_pages = 99999999;
	rec.free_pages = rec.pages_to_free = 1ULL << 30;
	rec.node = 1023;
	format(0);
	cr_assert_leq(strlen(line), 81, "%s", line);
}

Test(listen, text_of_a_gap)
{
	const char *second;

	format(99999999999);
	cr_assert_leq(strchr(line, '\n') - line, 80);
	format(3);
	cr_assert_not_null(strstr(line, " 3 records not read in time"));
	second = strchr(line, '\n') + 1;
	cr_assert_leq(second - line, 81);
	cr_assert(strstr(second, "12:34:56.789") == second);
}

/* As may be when the clocks of processors differ: no time of 584 years. */
Test(listen, told_before_it_happened)
{
	rec.notified_ns = rec.event_ns - 10;
	env.now.time_ns = rec.notified_ns - 10;
	format(0);
	cr_assert_not_null(strstr(line, "   0ns   0ns"), "%s", line);
	env.json = true;
	format(0);
	cr_assert_not_null(strstr(line, "\"latency_ns\":0,"), "%s", line);
}

static void expect(const char *path, const char *want)
{
	expect_json(line, path, want);
}

Test(listen, json)
{
	env.json = true;
	cr_assert_eq(listen_header(&env, line, LISTEN_LINE_MAX), 0);
	format(3);
	cr_assert(json_is_valid(line, strlen(line)), "%s", line);
	expect_json_keys(
		line, "",
		"event time_ns time boot_id told_ns latency_ns sequence missed level reasons pages "
		"free_pages to_free_pages node");
	expect("event", "\"notify\"");
	expect("time_ns", "100000000000");
	expect("time", "\"1970-01-01T12:34:56.789000Z\"");
	expect("boot_id", "\"11111111-2222-3333-4444-555555555555\"");
	expect("told_ns", "100000300000");
	expect("latency_ns", "3000000");
	expect("sequence", "12");
	expect("missed", "3");
	expect("level", "\"medium\"");
	expect("reasons", "[\"swap_out\",\"stall\",\"fed\"]");
	expect("pages", "5790");
	expect("free_pages", "1874");
	expect("to_free_pages", "165");
	expect("node", "1");
	rec.node = -1;
	format(0);
	expect("node", "null");
}

/* Nothing that is allowed is too long. */
Test(listen, the_longest)
{
	memset(&rec, 0xff, sizeof(rec));
	rec.level = OOM_NOTIFY_CRITICAL;
	rec.node = INT32_MAX;
	format(UINT64_MAX);
	cr_assert_not_null(strstr(line, ",fed,headroom,unknown\n"), "%s", line);
	env.json = true;
	format(UINT64_MAX);
	cr_assert(json_is_valid(line, strlen(line)));
	expect("reasons",
	       "[\"swap_out\",\"swap_zswap\",\"swap_zero\",\"low_watermark\",\"stall\","
	       "\"poor_reclaim\",\"oom\",\"all_clear\",\"fed\",\"headroom\",\"unknown\"]");
}

Test(listen, summary)
{
	const struct listen_sums sums = { .records = 5, .missed = 2, .pages = 18934 };
	long len = listen_summary(&env, &sums, line, LISTEN_LINE_MAX);

	cr_assert_gt(len, 0);
	cr_assert_str_eq(line, "\n5 records, 2 more not read in time; 18934 pages swapped out\n");
	env.json = true;
	len = listen_summary(&env, &sums, line, LISTEN_LINE_MAX);
	cr_assert_gt(len, 0);
	cr_assert(json_is_valid(line, (size_t)len), "%s", line);
	expect("event", "\"summary\"");
	expect("time_ns", "100003000000");
	expect("time", "\"1970-01-01T12:34:56.792000Z\"");
	expect("boot_id", "\"11111111-2222-3333-4444-555555555555\"");
	expect("records", "5");
	expect("missed", "2");
	expect("pages", "18934");
	cr_assert_eq(listen_summary(&env, &sums, line, 10), -ENOSPC);
}
