// SPDX-License-Identifier: GPL-2.0-only
/* Parsing of the command line's values: what is taken, what is refused and how. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/parse.h"

#define UNTOUCHED 0xdeadULL

typedef int (*parse_fn)(const char *s, uint64_t min, uint64_t max, uint64_t *out);

struct parse_case {
	const char *text;
	int err;
	uint64_t value; /* where err is 0 */
};

static void run_cases(parse_fn parse, const struct parse_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t out = UNTOUCHED;
		int err = parse(cases[i].text, 0, UINT64_MAX, &out);
		uint64_t want = cases[i].err ? UNTOUCHED : cases[i].value;

		cr_assert_eq(err, cases[i].err, "'%s': %d", cases[i].text, err);
		cr_assert_eq(out, want, "'%s': %lu", cases[i].text, out);
	}
}

#define RUN_CASES(parse, cases) run_cases(parse, cases, sizeof(cases) / sizeof((cases)[0]))

Test(parse, u64)
{
	static const struct parse_case cases[] = {
		{ "0", 0, 0 },
		{ "007", 0, 7 },
		{ "18446744073709551615", 0, UINT64_MAX },
		{ "18446744073709551616", -ERANGE, 0 },
		{ "99999999999999999999999999", -ERANGE, 0 },
		{ "99999999999999999999999999x", -EINVAL, 0 },
		{ "", -EINVAL, 0 },
		{ " 1", -EINVAL, 0 },
		{ "1 ", -EINVAL, 0 },
		{ "+1", -EINVAL, 0 },
		{ "-1", -EINVAL, 0 },
		{ "0x10", -EINVAL, 0 },
		{ "1.0", -EINVAL, 0 },
		{ "1e3", -EINVAL, 0 },
		{ "ten", -EINVAL, 0 },
	};

	RUN_CASES(parse_u64, cases);
}

Test(parse, duration)
{
	static const struct parse_case cases[] = {
		{ "0", 0, 0 },
		{ "0s", 0, 0 },
		{ "250us", 0, 250000 },
		{ "10ms", 0, 10000000 },
		{ "1s", 0, 1000000000 },
		{ "1.5s", 0, 1500000000 },
		{ "0.5us", 0, 500 },
		{ "0.001us", 0, 1 },
		{ "1.000000001s", 0, 1000000001 },
		{ "2m", 0, 120000000000 },
		{ "1.5m", 0, 90000000000 },
		{ "1h", 0, 3600000000000 },
		{ "5124095h", 0, 18446742000000000000ULL },
		{ "5124096h", -ERANGE, 0 },
		{ "18446744073.709551615s", 0, UINT64_MAX },
		{ "18446744073.709551616s", -ERANGE, 0 },
		{ "99999999999999999999s", -ERANGE, 0 },
		{ "99999999999999999999q", -EINVAL, 0 },
		{ "0.0001us", -EINVAL, 0 },
		{ "1.0000000001s", -EINVAL, 0 },
		{ "", -EINVAL, 0 },
		{ "1", -EINVAL, 0 },
		{ "00", -EINVAL, 0 },
		{ "0.0", -EINVAL, 0 },
		{ "s", -EINVAL, 0 },
		{ "ms10", -EINVAL, 0 },
		{ "1 s", -EINVAL, 0 },
		{ " 1s", -EINVAL, 0 },
		{ "1s ", -EINVAL, 0 },
		{ "1sec", -EINVAL, 0 },
		{ "1S", -EINVAL, 0 },
		{ "-1s", -EINVAL, 0 },
		{ "1.s", -EINVAL, 0 },
		{ ".5s", -EINVAL, 0 },
		{ "1..5s", -EINVAL, 0 },
		{ "1.5.5s", -EINVAL, 0 },
		{ "1,5s", -EINVAL, 0 },
		{ "1s1ms", -EINVAL, 0 },
	};

	RUN_CASES(parse_duration_ns, cases);
}

Test(parse, size)
{
	static const struct parse_case cases[] = {
		{ "0", 0, 0 },
		{ "65536", 0, 65536 },
		{ "65536B", 0, 65536 },
		{ "64K", 0, 65536 },
		{ "64KB", 0, 65536 },
		{ "64KiB", 0, 65536 },
		{ "64M", 0, 67108864 },
		{ "64MiB", 0, 67108864 },
		{ "1G", 0, 1073741824 },
		{ "1GB", 0, 1073741824 },
		{ "17179869183G", 0, 17179869183ULL << 30 },
		{ "17179869184G", -ERANGE, 0 },
		{ "99999999999999999999", -ERANGE, 0 },
		{ "99999999999999999999K", -ERANGE, 0 },
		{ "", -EINVAL, 0 },
		{ "K", -EINVAL, 0 },
		{ "64k", -EINVAL, 0 },
		{ "64iB", -EINVAL, 0 },
		{ "64Ki", -EINVAL, 0 },
		{ "64KK", -EINVAL, 0 },
		{ "64BB", -EINVAL, 0 },
		{ "64 M", -EINVAL, 0 },
		{ "1.5G", -EINVAL, 0 },
		{ "-1", -EINVAL, 0 },
		{ "64Q", -EINVAL, 0 },
		{ "0x40", -EINVAL, 0 },
	};

	RUN_CASES(parse_size_bytes, cases);
}

/* The bounds themselves are within. */
Test(parse, bounds)
{
	uint64_t out = UNTOUCHED;

	cr_assert_eq(parse_u64("4", 5, 7, &out), -ERANGE);
	cr_assert_eq(parse_u64("8", 5, 7, &out), -ERANGE);
	cr_assert_eq(parse_duration_ns("0", 1, 10, &out), -ERANGE);
	cr_assert_eq(parse_duration_ns("2us", 0, 1999, &out), -ERANGE);
	cr_assert_eq(parse_size_bytes("1K", 1025, 4096, &out), -ERANGE);
	cr_assert_eq(out, UNTOUCHED);
	cr_assert_eq(parse_u64("5", 5, 7, &out), 0);
	cr_assert_eq(out, 5);
	cr_assert_eq(parse_u64("7", 5, 7, &out), 0);
	cr_assert_eq(out, 7);
	cr_assert_eq(parse_duration_ns("2us", 0, 2000, &out), 0);
	cr_assert_eq(out, 2000);
	cr_assert_eq(parse_size_bytes("1K", 1024, 1024, &out), 0);
	cr_assert_eq(out, 1024);
}

static const char *const fruits[] = { "apple", "pear", "plum" };

Test(parse, name)
{
	cr_assert_eq(parse_name("apple", fruits, 3), 0);
	cr_assert_eq(parse_name("plum", fruits, 3), 2);
	cr_assert_eq(parse_name("plum", fruits, 2), -EINVAL);
	cr_assert_eq(parse_name("", fruits, 3), -EINVAL);
	cr_assert_eq(parse_name("app", fruits, 3), -EINVAL);
	cr_assert_eq(parse_name("apples", fruits, 3), -EINVAL);
	cr_assert_eq(parse_name("Apple", fruits, 3), -EINVAL);
}

Test(parse, name_list)
{
	const char *bad = NULL;
	size_t bad_len = 0;
	uint32_t mask = 0;

	cr_assert_eq(parse_name_list("pear", fruits, 3, &mask, &bad, &bad_len), 0);
	cr_assert_eq(mask, 0x2);
	cr_assert_eq(parse_name_list("plum,apple,plum", fruits, 3, &mask, &bad, &bad_len), 0);
	cr_assert_eq(mask, 0x5);
	cr_assert_null(bad);
}

Test(parse, bad_name_list)
{
	static const struct {
		const char *text;
		size_t at;
		size_t len;
	} cases[] = {
		{ "", 0, 0 },		{ ",", 0, 0 },		{ "pear,", 5, 0 },
		{ ",pear", 0, 0 },	{ "pear,,plum", 5, 0 }, { "pear,kiwi,plum", 5, 4 },
		{ "pear, plum", 5, 5 }, { "pea", 0, 3 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text = cases[i].text;
		const char *bad = NULL;
		size_t bad_len = 99;
		uint32_t mask = 0xdead;

		cr_assert_eq(parse_name_list(text, fruits, 3, &mask, &bad, &bad_len), -EINVAL);
		cr_assert_eq(mask, 0xdead);
		cr_assert_eq(bad, text + cases[i].at, "'%s'", text);
		cr_assert_eq(bad_len, cases[i].len, "'%s': %zu", text, bad_len);
	}
}

Test(parse, join)
{
	char buf[64];

	cr_assert_str_eq(join_names(fruits, 3, buf, sizeof(buf)), "apple, pear, plum");
	cr_assert_str_eq(join_names(fruits, 0, buf, sizeof(buf)), "");
	cr_assert_str_eq(join_names(fruits, 3, buf, 9), "apple, p");
	cr_assert_str_eq(join_names(fruits, 3, buf, 1), "");
}
