// SPDX-License-Identifier: GPL-2.0-only
/* A run survives being written and read; what is not such a file is refused with one line. */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "compare/latency/file.h"
#include "compare_run.h"
#include "json_check.h"

static const char *const names[] = { "timer", "tracepoint", "gone", NULL };
static struct result *r;
static char *text;
static size_t size;

/* Every member another value, among them the largest there may be. */
static void start(void)
{
	FILE *f = open_memstream(&text, &size);

	r = run_new(names, 3);
	r->started_ns = 1763850000123ULL * NS_PER_MS;
	r->machine.is = (struct machine){ "6.18.0 \"x\"", "#1 SMP", "A \\ B", 2, 7, { 0.5, 1, 2 } };
	snprintf(r->machine.swap, RESULT_TEXT_LEN, "zram \xc3\xa4");
	r->machine.load_after[2] = 3.25;
	r->params = (struct result_params){ .episodes = 9,
					    .seed = RESULT_MAX_SEED,
					    .interval_ns = 11,
					    .ramp = RESULT_SLOW,
					    .one_at_a_time = true,
					    .quiet_min_ns = 12,
					    .quiet_max_ns = 13,
					    .silence_ns = 14,
					    .box_limit_bytes = 15,
					    .box_use_bytes = 16,
					    .sharing = "pinned" };
	snprintf(r->incomplete, RESULT_TEXT_LEN, "interrupted");
	r->source[0].interval_ns = NS_PER_S;
	r->source[0].idle = (struct result_cpu){ 1, 2 };
	r->source[0].busy = (struct result_cpu){ 3, 4 };
	snprintf(r->source[0].what, RESULT_TEXT_LEN, "1 Hz");
	r->source[2].state = RESULT_ABSENT;
	snprintf(r->source[2].why, RESULT_TEXT_LEN, "no module");
	for (uint32_t k = 0; k < 3; k++) {
		const uint64_t zero_ns = run_episode(r);
		const uint64_t chat[] = { zero_ns - 1, zero_ns + 5, zero_ns + 6 };

		run_told(r, 0, 123456789 + k);
		if (k == 1)
			run_silent(r, 1);
		else
			cr_assert_eq(result_judge(r, 1, chat, 3, 8), 0);
		result_add_cost(r, RESULT_COST_BASELINE, 22000 + k);
	}
	r->episode[1].zero = RESULT_SWAP_OUT;
	r->episode[1].swap_out_ns = r->episode[1].zero_ns + 777;
	r->episode[1].others_hits = 3;
	strcpy(r->episode[1].others_comm, "kswapd0");
	result_add_cost(r, RESULT_COST_BOOK, 5);
	cr_assert_eq(result_write(r, f), 0);
	fclose(f);
}

static void end(void)
{
	result_free(r);
	free(text);
}

TestSuite(compare_file, .init = start, .fini = end);

/* What is read back of @len bytes; @why as result_read() tells it. */
static struct result *read_bytes(const char *bytes, size_t len, char why[RESULT_TEXT_LEN])
{
	const int fd = memfd_create("run", 0);
	struct result *got;
	char path[32];

	cr_assert_eq(write(fd, bytes, len), (ssize_t)len);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	got = result_read(path, why);
	close(fd);
	return got;
}

Test(compare_file, is_json)
{
	cr_assert(json_is_valid(text, size), "%s", text);
}

/* What other programs read: each member at its place. */
Test(compare_file, every_member)
{
	static const char *const parts[] = {
		"{\"format\":\"oom-notify compare\",\"version\":1,\"started_ms\":1763850000123,"
		"\"complete\":false,\"incomplete\":\"interrupted\"\n",
		",\"machine\":{\"kernel\":\"6.18.0 \\\"x\\\"\",\"kernel_version\":\"#1 SMP\","
		"\"processor\":\"A \\\\ B\",\"cores\":2,\"memory_kb\":7,\"swap\":\"zram \xc3\xa4\","
		"\"load_before\":[0.5,1,2],\"load_after\":[0,0,3.25]}\n",
		",\"parameters\":{\"episodes\":9,\"seed\":9007199254740991,\"interval_ns\":11,"
		"\"ramp\":\"slow\",\"one_at_a_time\":true,\"quiet_min_ns\":12,\"quiet_max_ns\":13,"
		"\"silence_ns\":14,\"box_limit_bytes\":15,\"box_use_bytes\":16,"
		"\"sharing\":\"pinned\"}\n",
		"{\"zero_ns\":1010000000000,\"swap_out_ns\":1010000000777,"
		"\"end_ns\":1013000000000,\"deadline_ns\":1015000000000,"
		"\"quiet_ns\":4000000000,\"zero\":\"swap_out\",\"others_hits\":3,"
		"\"others_comm\":\"kswapd0\"}\n",
		",\"costs\":{\n\"floor_ns\":[22000,22001,22002]\n,\"stamp_ns\":[]\n"
		",\"book_ns\":[5]}\n",
		"{\"name\":\"timer\",\"what\":\"1 Hz\",\"state\":\"ran\",\"why\":\"\","
		"\"interval_ns\":1000000000,\"idle\":{\"used_ns\":1,\"over_ns\":2},"
		"\"busy\":{\"used_ns\":3,\"over_ns\":4},\"samples\":[\n"
		"{\"episode\":0,\"latency_ns\":123456789,\"wakes\":1,\"false_wakes\":0}\n",
		"{\"episode\":0,\"latency_ns\":5,\"wakes\":10,\"false_wakes\":1}\n",
		"{\"episode\":1,\"latency_ns\":null,\"wakes\":0,\"false_wakes\":0}\n",
		"\"state\":\"absent\",\"why\":\"no module\"",
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		cr_assert_not_null(strstr(text, parts[i]), "%s\nis not in\n%s", parts[i], text);
}

Test(compare_file, the_same_comes_back)
{
	char why[RESULT_TEXT_LEN], *again;
	struct result *got = read_bytes(text, size, why);
	size_t again_size;
	FILE *f;

	cr_assert_not_null(got, "%s", why);
	cr_assert_str_empty(why);
	cr_assert_eq(got->nr_episodes, 3);
	cr_assert_eq(got->nr_sources, 3);
	cr_assert_eq(got->started_ns, r->started_ns);
	cr_assert_str_eq(got->machine.is.kernel, "6.18.0 \"x\"");
	cr_assert_eq(got->params.seed, RESULT_MAX_SEED);
	cr_assert_eq(got->params.ramp, RESULT_SLOW);
	cr_assert(got->params.one_at_a_time);
	cr_assert_eq(got->episode[1].zero, RESULT_SWAP_OUT);
	cr_assert_eq(got->episode[1].others_hits, 3);
	cr_assert_str_eq(got->episode[1].others_comm, "kswapd0");
	cr_assert_eq(got->episode[2].zero_ns, RUN_ZERO(2));
	for (uint32_t i = 0; i < 3; i++) {
		cr_assert_eq(got->source[i].nr_samples, r->source[i].nr_samples);
		cr_assert_eq(got->source[i].state, r->source[i].state);
		for (uint32_t k = 0; k < got->source[i].nr_samples; k++) {
			const struct result_sample *x = &got->source[i].sample[k],
						   *y = &r->source[i].sample[k];

			cr_assert(x->notified == y->notified && x->latency_ns == y->latency_ns &&
				  x->wakes == y->wakes && x->false_wakes == y->false_wakes &&
				  x->episode == y->episode);
		}
	}
	/* What is not looked at above: written again, it is the same to the last byte. */
	f = open_memstream(&again, &again_size);
	cr_assert_eq(result_write(got, f), 0);
	fclose(f);
	cr_assert_str_eq(again, text);
	free(again);
	result_free(got);
}

/* Wherever it is cut: nothing is read, and one line says so. */
Test(compare_file, cut_off_anywhere)
{
	char why[RESULT_TEXT_LEN];

	/* The last byte is the end of the line behind it all. */
	for (size_t len = 0; len < size - 1; len++) {
		cr_assert_null(read_bytes(text, len, why), "cut at %zu", len);
		cr_assert(why[0] && !strchr(why, '\n'), "cut at %zu: '%s'", len, why);
	}
	cr_assert_null(read_bytes(text, size - 10, why));
	cr_assert_eq(strncmp(why, "cut off in line ", 16), 0, "%s", why);
}

/* The file with the first @from replaced by @to is refused, and @why names what is wrong. */
static void refused(const char *from, const char *to, const char *want)
{
	char why[RESULT_TEXT_LEN], *changed, *at = strstr(text, from);

	cr_assert_not_null(at, "%s", from);
	cr_assert_gt(asprintf(&changed, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from)),
		     0);
	cr_assert_null(read_bytes(changed, strlen(changed), why), "%s -> %s", from, to);
	cr_assert_str_eq(why, want);
	free(changed);
}

Test(compare_file, not_ours)
{
	char why[RESULT_TEXT_LEN];

	refused("oom-notify compare", "something", "no result of oom-notify compare");
	cr_assert_null(read_bytes("[]", 2, why));
	cr_assert_str_eq(why, "no result of oom-notify compare");
	cr_assert_null(read_bytes("{}", 2, why));
	cr_assert_str_eq(why, "no result of oom-notify compare");
}

Test(compare_file, another_version)
{
	refused("\"version\":1", "\"version\":2",
		"version 2 of the format, this oom-notify reads 1");
	refused("\"version\":1", "\"version\":\"1\"", "the version of its format is missing");
}

Test(compare_file, no_json)
{
	refused("\"machine\":{", "\"machine\":{,",
		"line 2 is no JSON: string or '}' expected near ','");
}

Test(compare_file, missing_and_double_members)
{
	refused("\"seed\"", "\"sead\"", "\"seed\" is no whole number from 0 to 9007199254740991");
	refused("\"episodes\":[", "\"episode\":[", "\"episodes\" is missing, list");
	refused("\"swap\"", "\"kernel\"",
		"line 2 is no JSON: duplicate object key near '\"kernel\"'");
}

Test(compare_file, types_and_bounds)
{
	refused("\"episodes\":9", "\"episodes\":-1",
		"\"episodes\" is no whole number from 0 to 9999");
	refused("\"episodes\":9", "\"episodes\":10000",
		"\"episodes\" is no whole number from 0 to 9999");
	refused("\"episodes\":9", "\"episodes\":9.5",
		"\"episodes\" is no whole number from 0 to 9999");
	refused("\"one_at_a_time\":true", "\"one_at_a_time\":1",
		"\"one_at_a_time\" is neither true nor false");
	refused("\"ramp\":\"slow\"", "\"ramp\":\"steep\"", "\"ramp\" is none of fast, slow");
	refused("\"machine\":{", "\"machine\":[],\"m\":{", "\"machine\" is no object");
	refused("\"load_before\":[0.5,", "\"load_before\":[",
		"\"load_before\" has no three load averages");
	refused("\"load_before\":[0.5,", "\"load_before\":[-0.5,",
		"\"load_before\" has no three load averages");
	refused("\"sharing\":\"pinned\"", "\"sharing\":\"\\u001b[2J\"",
		"\"sharing\" has control characters");
	refused("\"sharing\":\"pinned\"", "\"sharing\":\"\\u009b2J\"",
		"\"sharing\" has control characters");
	refused("\"complete\":false", "\"complete\":true",
		"\"complete\" does not fit \"incomplete\"");
}

Test(compare_file, sources_and_samples)
{
	refused("\"name\":\"gone\"", "\"name\":\"timer\"",
		"sources[2]: \"name\" is empty or a second one's");
	refused("\"name\":\"gone\"", "\"name\":\"\"",
		"sources[2]: \"name\" is empty or a second one's");
	refused("\"name\":\"gone\"", "\"name\":\"fifteen letters\"",
		"sources[2]: \"name\" is longer than 14 bytes");
	refused("\"latency_ns\":123456790", "\"latency_ns\":5000000001",
		"sources[0]: samples[1]: \"latency_ns\" is behind the episode's deadline");
	refused("\"latency_ns\":123456790", "\"latency_ns\":null",
		"sources[0]: samples[1]: \"wakes\" does not fit \"latency_ns\"");
	refused("{\"episode\":1,", "{\"episode\":3,",
		"sources[0]: samples[1]: there is no episode 3");
	refused("{\"episode\":1,", "{\"episode\":0,",
		"sources[0]: samples[1]: \"episode\" does not rise");
	refused("\"samples\":[\n", "\"samples\":[{},{},{},{}\n,",
		"sources[0]: there are more samples than episodes");
	refused("\"used_ns\":1,", "\"used_ns\":1000000,",
		"sources[0]: \"idle\" is more than all processors have");
	refused("\"swap_out_ns\":1010", "\"swap_out_ns\":1009",
		"episodes[1]: the first swap-out is before zero");
	refused("\"end_ns\":1003", "\"end_ns\":999",
		"episodes[0]: zero, end and deadline are not in this order");
	refused("\"book_ns\":[5", "\"book_ns\":[5,5,5,5",
		"costs: there are more of \"book_ns\" than episodes");
}

Test(compare_file, not_there)
{
	char why[RESULT_TEXT_LEN];

	cr_assert_null(result_read("/nonexistent/run.json", why));
	cr_assert_str_eq(why, "No such file or directory");
	cr_assert_null(result_read("/", why));
	cr_assert_str_eq(why, "cannot be read");
}

/* A disk without room is no success. */
Test(compare_file, full_disk)
{
	FILE *f = fopen("/dev/full", "w");

	cr_assert_not_null(f);
	cr_assert_eq(result_write(r, f), -ENOSPC);
	fclose(f);
}
