/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks what the project writes as JSON without the project's help: jansson in its strict mode,
 * one value and nothing behind it, no key twice, strings in well-formed UTF-8.
 */
#ifndef OOMN_JSON_CHECK_H
#define OOMN_JSON_CHECK_H

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* NULL if these @len bytes are not one value. Numbers above INT64_MAX are taken as reals. */
static inline json_t *json_parse(const char *text, size_t len)
{
	const size_t flags = JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL;
	json_error_t error;
	json_t *v = json_loadb(text, len, flags, &error);

	if (!v && json_error_code(&error) == json_error_numeric_overflow)
		v = json_loadb(text, len, flags | JSON_DECODE_INT_AS_REAL, &error);
	return v;
}

static inline bool json_is_valid(const char *text, size_t len)
{
	json_t *v = json_parse(text, len);
	const bool valid = v != NULL;

	json_decref(v);
	return valid;
}

/*
 * The value at @path ("kinds.swap_out.hits", "" for the whole) of @text, to be freed by
 * json_decref(); NULL where there is none.
 */
static inline json_t *json_at(const char *text, const char *path)
{
	json_t *root = json_parse(text, strlen(text)), *v = root;

	while (v && *path) {
		const size_t n = strcspn(path, ".");
		char key[64];

		cr_assert_lt(n, sizeof(key));
		memcpy(key, path, n);
		key[n] = '\0';
		v = json_object_get(v, key);
		path += path[n] ? n + 1 : n;
	}
	json_incref(v);
	json_decref(root);
	return v;
}

static inline bool json_has(const char *text, const char *path)
{
	json_t *v = json_at(text, path);

	json_decref(v);
	return v != NULL;
}

/* Beside a number above INT64_MAX all are reals. */
static inline bool json_is_same(const json_t *a, const json_t *b)
{
	return json_equal(a, b) || (json_is_number(a) && json_is_number(b) &&
				    json_number_value(a) == json_number_value(b));
}

/* The value at @path of @text is @want, which is JSON itself. */
static inline void expect_json(const char *text, const char *path, const char *want)
{
	json_t *got = json_at(text, path), *wanted = json_parse(want, strlen(want));
	char *is = json_dumps(got, JSON_ENCODE_ANY | JSON_COMPACT);

	cr_assert_not_null(wanted, "the test wants %s, which is no JSON", want);
	cr_assert_not_null(got, "no %s in %s", path, text);
	cr_assert(json_is_same(got, wanted), "%s is %s, not %s", path, is, want);
	free(is);
	json_decref(got);
	json_decref(wanted);
}

/* Writes the keys of the object at @path as "a b c" into @buf, "" where there is no object. */
static inline const char *json_keys(const char *text, const char *path, char *buf, size_t size)
{
	json_t *object = json_at(text, path), *v;
	const char *key;
	size_t used = 0;

	buf[0] = '\0';
	json_object_foreach(object, key, v)
		used += (size_t)snprintf(buf + used, used < size ? size - used : 0, "%s%s",
					 used ? " " : "", key);
	cr_assert_lt(used, size);
	json_decref(object);
	return buf;
}

static inline void expect_json_keys(const char *text, const char *path, const char *want)
{
	char keys[1024];

	cr_assert_str_eq(json_keys(text, path, keys, sizeof(keys)), want, "%s: %s", path, keys);
}

#endif
