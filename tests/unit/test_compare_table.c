// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables: known delays come out to the microsecond, in 80 columns, and nothing is left unsaid.
 */
#include <stdlib.h>

#include "compare/latency/table.h"
#include "compare_run.h"

static struct result *r;
static char *text;

static void print_with(bool verbose)
{
	size_t size;
	FILE *f = open_memstream(&text, &size);

	free(text);
	text = NULL;
	table_print(r, verbose, f);
	fclose(f);
}

static void print(void)
{
	print_with(true);
}

static void end(void)
{
	result_free(r);
	free(text);
}

TestSuite(compare_table, .fini = end);

/* The first line that begins with @start. */
static const char *line(const char *start)
{
	static char found[512];
	const char *p = text;

	while (p && strncmp(p, start, strlen(start)) != 0) {
		p = strchr(p, '\n');
		p = p ? p + 1 : NULL;
	}
	cr_assert_not_null(p, "no line '%s' in\n%s", start, text);
	snprintf(found, sizeof(found), "%.*s", (int)strcspn(p, "\n"), p);
	return found;
}

static void expect(const char *want)
{
	char start[17];

	snprintf(start, sizeof(start), "%.16s", want);
	cr_assert_str_eq(line(start), want);
}

Test(compare_table, known_delays_to_the_microsecond)
{
	r = run_of_six(20);
	print();
	expect("timer            20    0     0  500000  900000       - 1000000     -     -  1.00");
	expect("tracepoint       20    0     0     138     146       -     148     -     -  3623");
	expect("psi              20    0     0 1418322 1418330       - 1418332     -     -  0.35");
	cr_assert_not_null(strstr(text, "no P99 below 100 samples"));
}

Test(compare_table, silenced_is_missed_and_chatty_is_false)
{
	r = run_of_six(20);
	print();
	expect("silenced         20   20     0   never   never       -       -     -     -     -");
	expect("chatty           20    0    20      16      24       -      26     -     - 31250");
}

Test(compare_table, others_are_named)
{
	r = run_of_six(3);
	print();
	cr_assert_null(strstr(text, "others:"));
	r->episode[1].others_hits = 2;
	strcpy(r->episode[1].others_comm, "kdamond.0");
	print();
	expect("others: in the quiet before 1 of the episodes something else swapped out or");
	expect("  reclaimed, as kdamond.0 did: to be woken by that counts as false, too");
}

Test(compare_table, p99_of_a_hundred)
{
	r = run_of_six(100);
	print();
	expect("tracepoint      100    0     0     178     218     227     228     -     - 14045");
	cr_assert_null(strstr(text, "no P99"));
}

Test(compare_table, rounds_to_the_nearest)
{
	static const char *const names[] = { "timer", "tracepoint", "psi", NULL };

	r = run_new(names, 1);
	run_episode(r);
	run_told(r, 1, 1499);
	run_told(r, 2, 1500);
	print();
	expect("tracepoint        1    0     0       1       1       -       1     -     -     -");
	expect("psi               1    0     0       2       2       -       2     -     -     -");
}

Test(compare_table, processor_time_per_second)
{
	r = run_of_six(1);
	r->source[1].idle = (struct result_cpu){ 123400, 10 * NS_PER_S };
	r->source[1].busy = (struct result_cpu){ 3 * NS_PER_MS, 2 * NS_PER_S };
	print();
	expect("tracepoint        1    0     0     129     129       -     129  12us 1.5ms   388");
}

Test(compare_table, floor_has_a_row)
{
	r = run_of_six(3);
	for (uint64_t i = 0; i < 3; i++)
		result_add_cost(r, RESULT_COST_BASELINE, (100 + i) * NS_PER_US);
	print();
	expect("(bare wake-up)    3    -     -     101     102       -     102     -     -   990");
	expect("  bare wake-up: eventfd to user code, after like quiet p50 101us, max 102us");
}

Test(compare_table, what_is_not_here_is_said)
{
	r = run_of_six(1);
	r->source[3].state = RESULT_BROKE;
	snprintf(r->source[3].why, RESULT_TEXT_LEN, "killed by signal 9");
	snprintf(r->source[3].what, RESULT_TEXT_LEN, "a test");
	print();
	expect("absent         not here: no such device");
	cr_assert_null(strstr(text, "absent            0"));
	expect("silenced       a test; ended early: killed by signal 9");
}

Test(compare_table, incomplete_comes_first)
{
	r = run_of_six(3);
	snprintf(r->incomplete, RESULT_TEXT_LEN, "interrupted after 3 of 20 episodes");
	print();
	cr_assert_eq(strncmp(text, "INCOMPLETE: interrupted after 3 of 20 episodes\n", 47), 0);
}

Test(compare_table, uniform_timer_is_told)
{
	r = run_of_six(20);
	print();
	expect("  timer: uniform over 1.0s: D 0.050 of 20 samples, limit 0.353; mean 525.0 ms,");
	cr_assert_null(strstr(text, "NOT UNIFORM"));
	for (uint32_t k = 0; k < 20; k++)
		r->source[0].sample[k].latency_ns /= 5;
	print();
	cr_assert_not_null(strstr(text, "  timer: NOT UNIFORM over 1.0s"));
}

static void expect_narrow(void)
{
	for (const char *p = text; *p;) {
		const size_t len = strcspn(p, "\n");

		cr_assert(len <= 80, "%zu columns: %.*s", len, (int)len, p);
		cr_assert(!len || p[len - 1] != ' ', "blank at the end: %.*s|", (int)len, p);
		p += len + (p[len] == '\n');
	}
}

Test(compare_table, never_wider_than_a_terminal)
{
	char long_text[RESULT_TEXT_LEN];

	for (size_t i = 0; i < sizeof(long_text); i++)
		long_text[i] = i % 9 ? 'x' : ' ';
	long_text[sizeof(long_text) - 1] = '\0';
	r = run_of_six(20);
	for (uint32_t i = 0; i < r->nr_sources; i++) {
		memcpy(r->source[i].what, long_text, sizeof(long_text));
		memcpy(r->source[i].why, long_text, sizeof(long_text));
		r->source[i].idle = r->source[i].busy = (struct result_cpu){ 999, 1000 };
	}
	memcpy(r->machine.swap, long_text, sizeof(long_text));
	memcpy(r->params.sharing, long_text, sizeof(long_text));
	r->machine.is.load[0] = 3;
	print();
	expect_narrow();
	r->source[3].state = RESULT_BROKE;
	print_with(false);
	expect_narrow();
}

static void print_pair(const struct result *a, const struct result *b, bool verbose)
{
	const struct result *const run[] = { a, b };
	const char *const files[] = { "A.json", "B.json" };
	size_t size;
	FILE *f;

	free(text);
	f = open_memstream(&text, &size);
	table_print_pair(run, files, verbose, f);
	fclose(f);
}

Test(compare_table, two_runs_side_by_side)
{
	static const char *const others[] = { "tracepoint", "timer", "new", NULL };
	struct result *other = run_new(others, 10);

	r = run_of_six(20);
	other->params.seed = 1;
	strcpy(other->source[1].what, "the device's");
	for (uint32_t k = 0; k < 10; k++) {
		run_episode(other);
		run_told(other, 0, (500 + k) * NS_PER_US);
		run_told(other, 1, (100000 * (k + 1)) * NS_PER_US);
		if (k)
			run_told(other, 2, 1000000);
		else
			run_silent(other, 2);
	}
	print_pair(r, other, true);
	expect("differ in: seed");
	expect("timer is not the same in both:");
	expect("  B: the device's");
	expect("timer            20   10   0+0   0+0  500000  500000  1.00  1000000 1000000");
	expect("tracepoint       20   10   0+0   0+0     138     504  3.65*     148     509");
	expect("chatty           20    0  0+20     -      16       -     -       26       -");
	expect("new               0   10     -   1+0       -    1000     -        -    1000");
	expect("absent            0    0     -     -       -       -     -        -       -");
	print_pair(r, other, false);
	expect("not the same in both: timer (--verbose tells how)");
	cr_assert_null(strstr(text, "the device's"));
	cr_assert_not_null(strstr(
		text,
		"\n*: chance brings such a difference of ranks less than once in 100 times\n\n"
		"By more than chance 1 of 2 sources differ in B: tracepoint 3.65 times later.\n"));
	result_free(other);
}

/* The table is what stays in sight: after it comes one sentence. */
Test(compare_table, table_comes_last)
{
	static const char *const heads[] = {
		"run: ", "machine: ", "others: ", "ended early: ", "not here: ", "--verbose ", ""
	};
	const char *at;

	r = run_of_six(20);
	r->source[3].state = RESULT_BROKE;
	snprintf(r->source[3].why, RESULT_TEXT_LEN, "killed by signal 9");
	snprintf(r->source[1].what, RESULT_TEXT_LEN, "a test");
	r->episode[1].others_hits = 2;
	strcpy(r->episode[1].others_comm, "kdamond.0");
	print_with(false);
	at = text;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		cr_assert_eq(strncmp(at, heads[i], strlen(heads[i])), 0, "'%s' at\n%s", heads[i],
			     at);
		do
			at = strchr(at, '\n') + 1;
		while (*at == ' ');
	}
	expect("not here: absent");
	expect("ended early: silenced, killed by signal 9");
	cr_assert_null(strstr(text, "a test"));
	cr_assert_null(strstr(text, "no such device"));
	for (int verbose = 0; verbose < 2; verbose++) {
		print_with(verbose);
		at = strstr(text, "\nRATIO: ");
		cr_assert_not_null(at);
		cr_assert_str_eq(
			at, "\nRATIO: the timer's p50 to this one's; no P99 below 100 samples\n"
			    "\nThe tracepoint told 3,623 times earlier than the timer, which "
			    "looks every 1.0s:\n"
			    "p50 138us after pressure began against 500ms, in 20 episodes.\n");
	}
}
