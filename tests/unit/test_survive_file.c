// SPDX-License-Identifier: GPL-2.0-only
/* A run survives being written and read; what is not such a file is refused with one line. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "json_check.h"
#include "compare/survive/file.h"
#include "survive_made.h"

static const char *const names[] = { "headroom", "psi", "gone", NULL };
static struct survive *s;
static char *text;
static size_t size;

/* Every member another value. */
static void start(void)
{
	FILE *f = open_memstream(&text, &size);
	struct survive_episode e;

	s = made_new(names);
	s->started_ns = 1763850000123ULL * NS_PER_MS;
	s->machine.is = (struct machine){ "6.18.0 \"x\"", "#1 SMP", "A \\ B", 2, 7, { 0.5, 1, 2 } };
	snprintf(s->machine.swap, RESULT_TEXT_LEN, "file of 38 MB");
	s->params.seed = RESULT_MAX_SEED;
	snprintf(s->incomplete, RESULT_TEXT_LEN, "interrupted");
	made_benign(s);
	s->benign_ns[SURVIVE_CACHE] = 5;
	s->source[1].false_tells[SURVIVE_STREAM] = 12;
	s->source[2].state = RESULT_ABSENT;
	snprintf(s->source[2].why, RESULT_TEXT_LEN, "cgroup v1");
	made_add(s, made_episode(0, SURVIVE_LIVES), 1);
	e = made_episode(1, SURVIVE_STUCK);
	e.lead_ns = -5;
	e.stall_ns = 9;
	e.swap = SURVIVE_SWAP;
	e.rate = 1;
	cr_assert_eq(survive_add(s, &e), 0);
	e = (struct survive_episode){ .source = 1, .end = SURVIVE_KILLED };
	cr_assert_eq(survive_add(s, &e), 0);
	cr_assert_eq(survive_write(s, f), 0);
	fclose(f);
}

static void end(void)
{
	survive_free(s);
	free(text);
}

TestSuite(survive_file, .init = start, .fini = end);

static struct survive *read_bytes(const char *bytes, size_t len, char why[RESULT_TEXT_LEN])
{
	const int fd = memfd_create("run", 0);
	struct survive *got;
	char path[32];

	cr_assert_eq(write(fd, bytes, len), (ssize_t)len);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	got = survive_read(path, why);
	close(fd);
	return got;
}

Test(survive_file, is_json)
{
	cr_assert(json_is_valid(text, size), "%s", text);
}

/* Other programs read it: each member is at its place. */
Test(survive_file, every_member)
{
	static const char *const parts[] = {
		"{\"format\":\"oom-notify compare --survive\",\"version\":1,"
		"\"started_ms\":1763850000123,\"complete\":false,\"incomplete\":\"interrupted\"\n",
		",\"parameters\":{\"episodes\":10,\"seed\":9007199254740991,"
		"\"limit_bytes\":268435456,\"cache_bytes\":159383552,\"swap_bytes\":39845888,"
		"\"rates_mb_s\":[200,0],\"without_swap\":true,\"with_swap\":true,"
		"\"benign_ns\":600000000000,\"realtime\":true}\n",
		"\"benign_ns\":{\"stream\":600000000000,\"cache\":5,\"growth\":600000000000}",
		"{\"name\":\"psi\",\"what\":\"what psi is\",\"state\":\"ran\",\"why\":\"\","
		"\"told_for_nothing\":{\"stream\":12,\"cache\":0,\"growth\":0}}",
		"\"state\":\"absent\",\"why\":\"cgroup v1\"",
		"{\"source\":\"headroom\",\"rate_mb_s\":0,\"swap\":\"with\",\"end\":\"lives\","
		"\"tells\":1,\"before_ns\":100000000,\"after_ns\":0,\"given_bytes\":99614720,"
		"\"needed_bytes\":79691776,\"stall_ns\":0}\n",
		"{\"source\":\"psi\",\"rate_mb_s\":0,\"swap\":\"with\",\"end\":\"stuck\","
		"\"tells\":1,\"before_ns\":0,\"after_ns\":5,",
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		cr_assert_not_null(strstr(text, parts[i]), "%s\nis not in\n%s", parts[i], text);
}

Test(survive_file, the_same_comes_back)
{
	char why[RESULT_TEXT_LEN], *again;
	struct survive *got = read_bytes(text, size, why);
	size_t again_size;
	FILE *f;

	cr_assert_not_null(got, "%s", why);
	cr_assert_str_empty(why);
	cr_assert_eq(got->nr_episodes, s->nr_episodes);
	cr_assert_eq(got->nr_sources, 3);
	for (uint32_t i = 0; i < s->nr_episodes; i++) {
		const struct survive_episode *x = &got->episode[i], *y = &s->episode[i];

		cr_assert(x->source == y->source && x->rate == y->rate && x->swap == y->swap &&
			  x->end == y->end && x->tells == y->tells && x->lead_ns == y->lead_ns &&
			  x->given_bytes == y->given_bytes && x->needed_bytes == y->needed_bytes &&
			  x->stall_ns == y->stall_ns);
	}
	/* The rest is not looked at above: written again, it is the same to the last byte. */
	f = open_memstream(&again, &again_size);
	cr_assert_eq(survive_write(got, f), 0);
	fclose(f);
	cr_assert_str_eq(again, text);
	free(again);
	survive_free(got);
}

/* Wherever it is cut: nothing is read, and one line says so. */
Test(survive_file, cut_off_anywhere)
{
	char why[RESULT_TEXT_LEN];

	/* The last byte is the end of the line behind it all. */
	for (size_t len = 0; len < size - 1; len++) {
		cr_assert_null(read_bytes(text, len, why), "cut at %zu", len);
		cr_assert(why[0] && !strchr(why, '\n'), "cut at %zu: '%s'", len, why);
	}
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

Test(survive_file, another_kind_of_run)
{
	refused("compare --survive", "compare", "no result of oom-notify compare --survive");
	refused("\"version\":1", "\"version\":2",
		"version 2 of the format, this oom-notify reads 1");
}

Test(survive_file, parameters_out_of_bounds)
{
	refused("\"rates_mb_s\":[200,0]", "\"rates_mb_s\":[]",
		"\"rates_mb_s\" has not 1 to 8 rates");
	refused("\"rates_mb_s\":[200,0]", "\"rates_mb_s\":[1,2,3,4,5,6,7,8,9]",
		"\"rates_mb_s\" has not 1 to 8 rates");
	refused("\"rates_mb_s\":[200,0]", "\"rates_mb_s\":[200,200]",
		"\"rates_mb_s\" has a rate twice");
	refused("\"rates_mb_s\":[200,0]", "\"rates_mb_s\":[200,-1]",
		"\"rates_mb_s\" is no whole number from 0 to 1000000");
	refused("\"episodes\":10", "\"episodes\":1001",
		"\"episodes\" is no whole number from 0 to 1000");
	refused("\"episodes\":10", "\"episodes\":0", "there are more episodes than were asked for");
	refused("\"cache_bytes\":159383552", "\"cache_bytes\":268435457",
		"\"cache_bytes\" is above \"limit_bytes\"");
	refused("\"complete\":false", "\"complete\":true",
		"\"complete\" does not fit \"incomplete\"");
}

Test(survive_file, sources_that_are_none)
{
	refused("\"name\":\"psi\"", "\"name\":\"headroom\"",
		"sources[1]: \"name\" is empty or a second one's");
	refused("\"name\":\"psi\"", "\"name\":\"\"",
		"sources[1]: \"name\" is empty or a second one's");
	refused("what psi is", "\\u001b[2J", "sources[1]: \"what\" has control characters");
	refused("\"stream\":12", "\"stream\":-12",
		"sources[1]: \"stream\" is no whole number from 0 to 3074457345618258602");
}

Test(survive_file, episodes_that_cannot_be)
{
	refused("{\"source\":\"headroom\"", "{\"source\":\"nobody\"",
		"episodes[0]: there is no source \"nobody\"");
	refused("\"rate_mb_s\":200", "\"rate_mb_s\":201", "episodes[0]: there is no rate 201");
	refused("\"end\":\"lives\"", "\"end\":\"half\"",
		"episodes[0]: \"end\" is none of lives, killed, stuck");
	refused("\"given_bytes\":99614720", "\"given_bytes\":159383553",
		"episodes[0]: \"given_bytes\" is no whole number from 0 to 159383552");
	refused("\"after_ns\":0", "\"after_ns\":1",
		"episodes[0]: it was told before the limit and after it");
	refused("\"tells\":1", "\"tells\":0", "episodes[0]: it was told, and \"tells\" is 0");
	refused("\"with_swap\":true", "\"with_swap\":false",
		"episodes[1]: \"swap\" is not among the parameters");
}
