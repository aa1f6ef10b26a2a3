/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A saved run that is read back. The parser is jansson; what is checked here is that each member is
 * there, of its type and within its bounds, so that nothing behind has to doubt a number, an index
 * or a text. The first thing that is wrong is kept; after it, calls return what does no harm.
 */
#ifndef OOMN_COMPARE_SAVED_H
#define OOMN_COMPARE_SAVED_H

#include <jansson.h>

#include "compare/run_result.h"

/* Decades. What is longer is nonsense, and no sum of a few overflows, nor a tenfold of one. */
#define SAVED_MAX_NS	(1000000000ULL * 1000000000ULL)
#define SAVED_MAX_BYTES (1ULL << 60)

struct saved {
	char *why;	/* of RESULT_TEXT_LEN; "" while nothing is wrong */
	char where[48]; /* in which list: "sources[3]: " */
};

/* Parses @path: NULL, with what is wrong in @sv. To be freed with json_decref(). */
json_t *saved_open(struct saved *sv, const char *path);

/*
 * Whether @root is a result of that format and version; only then is it worth saying what else is
 * wrong. @writer: the command that writes such.
 */
bool saved_is(struct saved *sv, const json_t *root, const char *format, int version,
	      const char *writer);

__attribute__((format(printf, 2, 3))) void saved_wrong(struct saved *sv, const char *fmt, ...);

/* @type_name: for the message. */
const json_t *saved_member(struct saved *sv, const json_t *in, const char *key, json_type type,
			   const char *type_name);

/* A whole number from 0 to @max; @key: for the message. */
uint64_t saved_to_u64(struct saved *sv, const json_t *v, const char *key, uint64_t max);
uint64_t saved_u64(struct saved *sv, const json_t *in, const char *key, uint64_t max);
bool saved_bool(struct saved *sv, const json_t *in, const char *key);

/* Texts go to a terminal: none may steer it. */
void saved_text(struct saved *sv, const json_t *in, const char *key, char *to, size_t size);

/* The index of a word of @names. */
int saved_name(struct saved *sv, const json_t *in, const char *key, const char *const names[],
	       size_t n);

void saved_machine(struct saved *sv, const json_t *in, struct result_machine *m);

#endif
