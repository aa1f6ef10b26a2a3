/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes one JSON value into a caller's buffer without allocating: commas are put by itself, and
 * strings come out as valid JSON in valid UTF-8 whatever bytes go in (invalid bytes become U+FFFD).
 */
#ifndef OOMN_JSON_H
#define OOMN_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json {
	char *buf;
	size_t size;
	size_t len;
	bool comma;
	bool overflow; /* the buffer was too small; what is in it is not valid */
};

void json_init(struct json *j, char *buf, size_t size);

/* @key is NULL inside arrays and at the top. */
void json_open(struct json *j, const char *key, char bracket);
void json_close(struct json *j, char bracket);
void json_str(struct json *j, const char *key, const char *s);
/* At most @max bytes, fewer where a NUL comes first (comm, paths). */
void json_strn(struct json *j, const char *key, const char *s, size_t max);
void json_u64(struct json *j, const char *key, uint64_t v);
void json_i64(struct json *j, const char *key, int64_t v);
void json_bool(struct json *j, const char *key, bool v);
void json_nil(struct json *j, const char *key);
/* Three decimals at most (milliseconds, ratios). */
void json_fixed(struct json *j, const char *key, double v);

/* Ends the line with '\n' and a NUL that is not counted; its length, or -ENOSPC. */
long json_end_line(struct json *j);

#endif
