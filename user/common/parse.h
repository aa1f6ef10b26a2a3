/* SPDX-License-Identifier: GPL-2.0-only */
/* Strict parsing of command-line values: the whole string, in range, or an error. */
#ifndef OOMN_PARSE_H
#define OOMN_PARSE_H

#include <stddef.h>
#include <stdint.h>

/*
 * All return 0, -EINVAL (not a value of this form) or -ERANGE (outside [min, max] or overflowing),
 * and leave *out alone on error.
 */

/* Decimal digits only. */
int parse_u64(const char *s, uint64_t min, uint64_t max, uint64_t *out);

/* "250us", "10ms", "1.5s", "2m", "1h"; the unit may only be left out of "0". */
int parse_duration_ns(const char *s, uint64_t min_ns, uint64_t max_ns, uint64_t *out_ns);

/* "65536", "64K", "64M", "1G" (powers of 1024; a trailing "iB" or "B" is accepted). */
int parse_size_bytes(const char *s, uint64_t min, uint64_t max, uint64_t *out_bytes);

/* Index of @s in @names[@n], or -EINVAL. */
int parse_name(const char *s, const char *const names[], size_t n);

/*
 * Comma-separated names -> bit mask. -EINVAL on an unknown or empty name; *bad then points at its
 * first byte within @s and *bad_len is its length.
 */
int parse_name_list(const char *s, const char *const names[], size_t n, uint32_t *mask,
		    const char **bad, size_t *bad_len);

/* Writes "a, b, c" of @names into @buf for error messages; returns @buf. */
char *join_names(const char *const names[], size_t n, char *buf, size_t size);

#endif
