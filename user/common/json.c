// SPDX-License-Identifier: GPL-2.0-only
/* JSON writer: every byte passes put(), which never writes past the buffer. */
#include "json.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "utf8.h"

void json_init(struct json *j, char *buf, size_t size)
{
	*j = (struct json){ .buf = buf, .size = size };
}

static void put(struct json *j, const char *s, size_t len)
{
	if (j->overflow || len > j->size - j->len) {
		j->overflow = true;
		return;
	}
	memcpy(j->buf + j->len, s, len);
	j->len += len;
}

static void put_escape(struct json *j, unsigned char c)
{
	static const char from[] = "\"\\\b\f\n\r\t";
	static const char to[] = "\"\\bfnrt";
	const char *known = strchr(from, c);
	char esc[8];
	int n;

	if (known)
		n = snprintf(esc, sizeof(esc), "\\%c", to[known - from]);
	else
		n = snprintf(esc, sizeof(esc), "\\u%04x", c);
	put(j, esc, (size_t)n);
}

static void put_string(struct json *j, const char *s, size_t len)
{
	put(j, "\"", 1);
	for (size_t i = 0; i < len;) {
		unsigned char c = (unsigned char)s[i];
		size_t n = utf8_len(s + i, len - i);

		if (c < ' ' || c == '"' || c == '\\')
			put_escape(j, c);
		else if (n)
			put(j, s + i, n);
		else
			put(j, "\xef\xbf\xbd", 3); /* U+FFFD */
		i += n ? n : 1;
	}
	put(j, "\"", 1);
}

/* Writes the comma after the value before it, and the key. */
static void begin_value(struct json *j, const char *key)
{
	if (j->comma)
		put(j, ",", 1);
	j->comma = true;
	if (key) {
		put_string(j, key, strlen(key));
		put(j, ":", 1);
	}
}

void json_open(struct json *j, const char *key, char bracket)
{
	begin_value(j, key);
	put(j, &bracket, 1);
	j->comma = false;
}

void json_close(struct json *j, char bracket)
{
	put(j, &bracket, 1);
	j->comma = true;
}

void json_str(struct json *j, const char *key, const char *s)
{
	begin_value(j, key);
	put_string(j, s, strlen(s));
}

void json_strn(struct json *j, const char *key, const char *s, size_t max)
{
	begin_value(j, key);
	put_string(j, s, strnlen(s, max));
}

static void put_digits(struct json *j, uint64_t v)
{
	char text[24];
	int n = snprintf(text, sizeof(text), "%llu", (unsigned long long)v);

	put(j, text, (size_t)n);
}

void json_u64(struct json *j, const char *key, uint64_t v)
{
	begin_value(j, key);
	put_digits(j, v);
}

void json_i64(struct json *j, const char *key, int64_t v)
{
	begin_value(j, key);
	if (v < 0)
		put(j, "-", 1);
	put_digits(j, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

static void literal(struct json *j, const char *key, const char *text)
{
	begin_value(j, key);
	put(j, text, strlen(text));
}

void json_bool(struct json *j, const char *key, bool v)
{
	literal(j, key, v ? "true" : "false");
}

void json_nil(struct json *j, const char *key)
{
	literal(j, key, "null");
}

/* By integers, because printf's decimal point is the locale's. JSON has no NaN and no infinity. */
void json_fixed(struct json *j, const char *key, double v)
{
	double size = v < 0 ? -v : v;
	uint64_t thousandths;
	char text[8];
	int n;

	if (!isfinite(v) || size >= 1e15) {
		json_nil(j, key);
		return;
	}
	thousandths = (uint64_t)(size * 1000 + 0.5);
	begin_value(j, key);
	if (v < 0 && thousandths)
		put(j, "-", 1);
	put_digits(j, thousandths / 1000);
	n = snprintf(text, sizeof(text), ".%03u", (unsigned int)(thousandths % 1000));
	while (n > 0 && (text[n - 1] == '0' || text[n - 1] == '.'))
		n--;
	put(j, text, (size_t)n);
}

long json_end_line(struct json *j)
{
	put(j, "\n", 2);
	if (j->overflow)
		return -ENOSPC;
	j->len--; /* the NUL */
	return (long)j->len;
}
