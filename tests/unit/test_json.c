// SPDX-License-Identifier: GPL-2.0-only
/* The JSON writer: the exact text, any bytes in, never a byte past the buffer. */
#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/json.h"

static char buf[4096];
static struct json j;

static void start(void)
{
	json_init(&j, buf, sizeof(buf));
}

static void expect(const char *want)
{
	long len = json_end_line(&j);

	cr_assert_eq(len, (long)strlen(buf), "length %ld of '%s'", len, buf);
	cr_assert_eq(buf[len - 1], '\n');
	buf[len - 1] = '\0';
	cr_assert_str_eq(buf, want);
}

/* @in as a JSON string. */
static void expect_str(const char *in, const char *want)
{
	start();
	json_str(&j, NULL, in);
	expect(want);
}

Test(json, commas_and_nesting)
{
	start();
	json_open(&j, NULL, '{');
	json_str(&j, "event", "summary");
	json_open(&j, "empty", '{');
	json_close(&j, '}');
	json_open(&j, "list", '[');
	json_u64(&j, NULL, 1);
	json_open(&j, NULL, '{');
	json_bool(&j, "a", true);
	json_bool(&j, "b", false);
	json_close(&j, '}');
	json_open(&j, NULL, '[');
	json_close(&j, ']');
	json_nil(&j, NULL);
	json_close(&j, ']');
	json_i64(&j, "last", -1);
	json_close(&j, '}');
	expect("{\"event\":\"summary\",\"empty\":{},\"list\":[1,{\"a\":true,\"b\":false},[],null],"
	       "\"last\":-1}");
}

Test(json, whole_numbers)
{
	start();
	json_open(&j, NULL, '[');
	json_u64(&j, NULL, 0);
	json_u64(&j, NULL, UINT64_MAX);
	json_i64(&j, NULL, INT64_MIN);
	json_i64(&j, NULL, INT64_MAX);
	json_close(&j, ']');
	expect("[0,18446744073709551615,-9223372036854775808,9223372036854775807]");
}

Test(json, fixed)
{
	static const double values[] = {
		0,   1,		  1.5,	  0.001, 0.0004,    -0.0004, -2.25,
		100, 1234567.891, 0.9996, 1e15,	 -INFINITY, NAN,
	};

	start();
	json_open(&j, NULL, '[');
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		json_fixed(&j, NULL, values[i]);
	json_close(&j, ']');
	expect("[0,1,1.5,0.001,0,0,-2.25,100,1234567.891,1,null,null,null]");
}

Test(json, escapes)
{
	expect_str("plain", "\"plain\"");
	expect_str("", "\"\"");
	expect_str("a\"b\\c/d", "\"a\\\"b\\\\c/d\"");
	expect_str("\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"");
	expect_str("\x01\x1f\x7f", "\"\\u0001\\u001f\x7f\"");
}

Test(json, keys_are_escaped_too)
{
	start();
	json_open(&j, NULL, '{');
	json_u64(&j, "a\"\n", 1);
	json_close(&j, '}');
	expect("{\"a\\\"\\n\":1}");
}

Test(json, good_utf8_is_kept)
{
	static const char *const good[] = {
		"\xc2\x80",	"\xdf\xbf",	    "\xe0\xa0\x80",	"\xed\x9f\xbf",
		"\xee\x80\x80", "\xef\xbf\xbf",	    "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf",
		"\xe2\x82\xac", "\xf0\x9f\x98\x80",
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		char want[16];

		snprintf(want, sizeof(want), "\"%s\"", good[i]);
		expect_str(good[i], want);
	}
}

#define BAD "\xef\xbf\xbd"

Test(json, bad_utf8_is_replaced)
{
	expect_str("\x80", "\"" BAD "\"");
	expect_str("\xff\xfe", "\"" BAD BAD "\"");
	expect_str("\xc0\x80", "\"" BAD BAD "\"");		   /* overlong NUL */
	expect_str("\xc1\xbf", "\"" BAD BAD "\"");		   /* overlong */
	expect_str("\xe0\x9f\xbf", "\"" BAD BAD BAD "\"");	   /* overlong */
	expect_str("\xf0\x8f\xbf\xbf", "\"" BAD BAD BAD BAD "\""); /* overlong */
	expect_str("\xed\xa0\x80", "\"" BAD BAD BAD "\"");	   /* surrogate */
	expect_str("\xf4\x90\x80\x80", "\"" BAD BAD BAD BAD "\""); /* above U+10FFFF */
	expect_str("\xf5\x80\x80\x80", "\"" BAD BAD BAD BAD "\"");
	expect_str("a\xe2\x82", "\"a" BAD BAD "\""); /* cut short by the end */
	expect_str("\xe2\x82z", "\"" BAD BAD "z\"");
	expect_str("\xc3\"", "\"" BAD "\\\"\"");
	expect_str("\xf0\x9f\x98\n", "\"" BAD BAD BAD "\\n\"");
}

/* Whatever two bytes go in, what comes out is well-formed by a check of its own. */
static bool well_formed(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	while (*s) {
		uint32_t code;
		int more;

		if (*s < 0x80) {
			code = *s++;
			if (code < 0x20)
				return false;
			continue;
		}
		more = *s >= 0xf0 ? 3 : *s >= 0xe0 ? 2 : 1;
		code = *s & (0x3fU >> more);
		for (s++; more--; s++) {
			if ((*s & 0xc0) != 0x80)
				return false;
			code = code << 6 | (*s & 0x3fU);
		}
		if (code < 0x80 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
			return false;
	}
	return true;
}

Test(json, every_pair_of_bytes)
{
	for (unsigned int pair = 0; pair < 0x10000; pair++) {
		const char in[] = { (char)(pair >> 8), (char)pair, '\0' };
		long len;

		start();
		json_str(&j, NULL, in);
		len = json_end_line(&j);
		cr_assert(len >= 3);
		buf[len - 1] = '\0';
		cr_assert(well_formed(buf), "%02x %02x", pair >> 8, pair & 0xff);
	}
}

Test(json, strn_stops_at_the_end_or_a_nul)
{
	static const char comm[4] = { 'a', 'b', 'c', 'd' };

	start();
	json_open(&j, NULL, '[');
	json_strn(&j, NULL, comm, sizeof(comm));
	json_strn(&j, NULL, "ab\0cd", 5);
	json_strn(&j, NULL, "a\xe2\x82\xac", 3); /* a comm cut within a character */
	json_strn(&j, NULL, comm, 0);
	json_close(&j, ']');
	expect("[\"abcd\",\"ab\",\"a" BAD BAD "\",\"\"]");
}

/* Every size too small is told, and nothing is written past it. */
Test(json, small_buffers)
{
	static const char want[] = "{\"k\":\"a\\n\\u0001\"}\n";

	for (size_t size = 0; size <= sizeof(want); size++) {
		long len;

		memset(buf, '#', sizeof(buf));
		json_init(&j, buf, size);
		json_open(&j, NULL, '{');
		json_str(&j, "k", "a\n\x01");
		json_close(&j, '}');
		len = json_end_line(&j);
		cr_assert_eq(buf[size], '#');
		if (size < sizeof(want)) {
			cr_assert_eq(len, -ENOSPC);
			cr_assert(j.overflow);
		} else {
			cr_assert_eq(len, (long)sizeof(want) - 1);
			cr_assert_str_eq(buf, want);
		}
	}
}
