/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks what the project writes as JSON without the project's help: a strict validator (RFC 8259,
 * strings in well-formed UTF-8), and what it takes to look a value up by its path.
 */
#ifndef OOMN_JSON_CHECK_H
#define OOMN_JSON_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define JSON_CHECK_DEPTH 16

/* Each jc_ function takes where something begins and returns where it ends, NULL if it is wrong. */
static inline const char *jc_value(const char *p, const char *end, int depth);

static inline const char *jc_space(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
		p++;
	return p;
}

static inline const char *jc_word(const char *p, const char *end, const char *word)
{
	size_t len = strlen(word);

	return (size_t)(end - p) >= len && !memcmp(p, word, len) ? p + len : NULL;
}

/* One character that is not ASCII. */
static inline const char *jc_utf8(const char *p, const char *end)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	unsigned char first = (unsigned char)*p;
	uint32_t code;
	int more;

	if (first < 0xc0 || first > 0xf7)
		return NULL;
	more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
	if (end - p <= more)
		return NULL;
	code = first & (0x3fU >> more);
	for (int i = 1; i <= more; i++) {
		if (((unsigned char)p[i] & 0xc0) != 0x80)
			return NULL;
		code = code << 6 | ((unsigned char)p[i] & 0x3fU);
	}
	if (code < least[more] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return NULL;
	return p + more + 1;
}

static inline const char *jc_escape(const char *p, const char *end)
{
	if (end - p < 2)
		return NULL;
	if (p[1] != 'u')
		return p[1] && strchr("\"\\/bfnrt", p[1]) ? p + 2 : NULL;
	if (end - p < 6)
		return NULL;
	for (int i = 2; i < 6; i++)
		if (!p[i] || !strchr("0123456789abcdefABCDEF", p[i]))
			return NULL;
	return p + 6;
}

static inline const char *jc_string(const char *p, const char *end)
{
	if (p == end || *p != '"')
		return NULL;
	p++;
	while (p && p < end && *p != '"') {
		if (*p == '\\')
			p = jc_escape(p, end);
		else if ((unsigned char)*p >= 0x80)
			p = jc_utf8(p, end);
		else
			p = (unsigned char)*p >= ' ' ? p + 1 : NULL;
	}
	return p && p < end ? p + 1 : NULL;
}

static inline const char *jc_digits(const char *p, const char *end)
{
	const char *start = p;

	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p > start ? p : NULL;
}

static inline const char *jc_number(const char *p, const char *end)
{
	if (p < end && *p == '-')
		p++;
	if (p < end && *p == '0')
		p++;
	else
		p = jc_digits(p, end);
	if (p && p < end && *p == '.')
		p = jc_digits(p + 1, end);
	if (p && p < end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		p = jc_digits(p, end);
	}
	return p;
}

/* Of a member of an object, what stands before its value. */
static inline const char *jc_key(const char *p, const char *end)
{
	p = jc_string(p, end);
	if (p)
		p = jc_space(p, end);
	return p && p < end && *p == ':' ? jc_space(p + 1, end) : NULL;
}

/* An object or array from behind its bracket on. */
static inline const char *jc_members(const char *p, const char *end, char close, int depth)
{
	p = jc_space(p, end);
	if (p < end && *p == close)
		return p + 1;
	while (p) {
		if (close == '}')
			p = jc_key(p, end);
		if (p)
			p = jc_value(p, end, depth + 1);
		if (p)
			p = jc_space(p, end);
		if (!p || p == end)
			return NULL;
		if (*p == close)
			return p + 1;
		p = *p == ',' ? jc_space(p + 1, end) : NULL;
	}
	return NULL;
}

static inline const char *jc_value(const char *p, const char *end, int depth)
{
	if (p == end || depth > JSON_CHECK_DEPTH)
		return NULL;
	switch (*p) {
	case '{':
		return jc_members(p + 1, end, '}', depth);
	case '[':
		return jc_members(p + 1, end, ']', depth);
	case '"':
		return jc_string(p, end);
	case 't':
		return jc_word(p, end, "true");
	case 'f':
		return jc_word(p, end, "false");
	case 'n':
		return jc_word(p, end, "null");
	default:
		return jc_number(p, end);
	}
}

/* Are these @len bytes one JSON value and nothing else? */
static inline bool json_is_valid(const char *text, size_t len)
{
	const char *end = text + len;
	const char *p = jc_value(jc_space(text, end), end, 0);

	return p && jc_space(p, end) == end;
}

/*
 * The value at @path ("kinds.swap_out.hits", "" for the whole) in @text, which must be valid, as it
 * is written; NULL where there is none. *len is its length. The first of equal keys counts.
 */
static inline const char *json_at(const char *text, const char *path, size_t *len)
{
	const char *end = text + strlen(text), *p = jc_space(text, end), *value;

	while (*path) {
		size_t n = strcspn(path, ".");
		bool found = false;

		if (*p++ != '{')
			return NULL;
		for (p = jc_space(p, end); *p == '"' && !found; p = value) {
			value = jc_key(p, end);
			found = !strncmp(p + 1, path, n) && p[n + 1] == '"';
			if (!found)
				value = jc_space(jc_value(value, end, 0), end);
			if (!found && *value == ',')
				value = jc_space(value + 1, end);
		}
		if (!found)
			return NULL;
		path += path[n] ? n + 1 : n;
	}
	*len = (size_t)(jc_value(p, end, 0) - p);
	return p;
}

/* Writes the keys of the object at @path as "a b c" into @buf, "" where there is no object. */
static inline const char *json_keys(const char *text, const char *path, char *buf, size_t size)
{
	size_t len, used = 0;
	const char *end = text + strlen(text), *p = json_at(text, path, &len);

	buf[0] = '\0';
	if (!p || *p != '{')
		return buf;
	for (p = jc_space(p + 1, end); *p == '"';) {
		const char *key_end = jc_string(p, end) - 1;
		size_t n = (size_t)(key_end - p - 1);

		if (used + n + 2 > size)
			return buf;
		if (used)
			buf[used++] = ' ';
		memcpy(buf + used, p + 1, n);
		used += n;
		buf[used] = '\0';
		p = jc_space(jc_value(jc_key(p, end), end, 0), end);
		p = *p == ',' ? jc_space(p + 1, end) : p;
	}
	return buf;
}

#endif
