// SPDX-License-Identifier: GPL-2.0-only
/* Strict parsing: unlike strtoul() no sign, no blanks, no wrapping, nothing left over. */
#include "parse.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"

static const char *const duration_names[] = { "us", "ms", "s", "m", "h" };
static const uint64_t duration_ns[] = {
	NS_PER_US, NS_PER_MS, NS_PER_S, 60 * NS_PER_S, 3600 * NS_PER_S,
};

#define NR_DURATIONS (sizeof(duration_ns) / sizeof(duration_ns[0]))

static int find_name(const char *s, size_t len, const char *const names[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(names[i]) == len && !memcmp(names[i], s, len))
			return (int)i;
	return -EINVAL;
}

int parse_name(const char *s, const char *const names[], size_t n)
{
	return find_name(s, strlen(s), names, n);
}

/* The digits at @s; *end is the first other byte. */
static int leading_digits(const char *s, const char **end, uint64_t *out)
{
	uint64_t v = 0;
	int err = 0;

	if (*s < '0' || *s > '9')
		return -EINVAL;
	for (; *s >= '0' && *s <= '9'; s++)
		if (__builtin_mul_overflow(v, 10ULL, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(*s - '0'), &v))
			err = -ERANGE; /* read on: "99999999999999999999x" is no number at all */
	*end = s;
	*out = v;
	return err;
}

static int store(uint64_t v, uint64_t min, uint64_t max, uint64_t *out)
{
	if (v < min || v > max)
		return -ERANGE;
	*out = v;
	return 0;
}

int parse_u64(const char *s, uint64_t min, uint64_t max, uint64_t *out)
{
	const char *end;
	uint64_t v;
	int err = leading_digits(s, &end, &v);

	if (err == -EINVAL || *end)
		return -EINVAL;
	return err ? err : store(v, min, max, out);
}

/* @digits of a fraction of @factor ns; -EINVAL where they say less than a nanosecond. */
static int fraction_ns(const char *digits, size_t n, uint64_t factor, uint64_t *out)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		if (factor % 10)
			return -EINVAL;
		factor /= 10;
		sum += factor * (uint64_t)(digits[i] - '0');
	}
	*out = sum;
	return 0;
}

int parse_duration_ns(const char *s, uint64_t min_ns, uint64_t max_ns, uint64_t *out_ns)
{
	const char *end, *digits = NULL;
	uint64_t whole, fraction;
	size_t nr_digits = 0;
	int err = leading_digits(s, &end, &whole);
	int unit;

	if (err == -EINVAL)
		return err;
	if (!strcmp(s, "0"))
		return store(0, min_ns, max_ns, out_ns);
	if (*end == '.') {
		digits = end + 1;
		nr_digits = strspn(digits, "0123456789");
		end = digits + nr_digits;
		if (!nr_digits)
			return -EINVAL;
	}
	unit = parse_name(end, duration_names, NR_DURATIONS);
	if (unit < 0 || fraction_ns(digits, nr_digits, duration_ns[unit], &fraction))
		return -EINVAL;
	if (err || __builtin_mul_overflow(whole, duration_ns[unit], &whole) ||
	    __builtin_add_overflow(whole, fraction, &whole))
		return -ERANGE;
	return store(whole, min_ns, max_ns, out_ns);
}

/* "", "B", "K", "KB", "KiB" and so on; 0: none of these. */
static uint64_t size_factor(const char *unit)
{
	static const char letters[] = "KMG";
	const char *letter = *unit ? strchr(letters, *unit) : NULL;

	if (letter)
		unit++;
	if (*unit && strcmp(unit, "B") != 0 && !(letter && !strcmp(unit, "iB")))
		return 0;
	return letter ? 1024ULL << (10 * (letter - letters)) : 1;
}

int parse_size_bytes(const char *s, uint64_t min, uint64_t max, uint64_t *out_bytes)
{
	const char *end;
	uint64_t v, factor;
	int err = leading_digits(s, &end, &v);

	if (err == -EINVAL)
		return err;
	factor = size_factor(end);
	if (!factor)
		return -EINVAL;
	if (err || __builtin_mul_overflow(v, factor, &v))
		return -ERANGE;
	return store(v, min, max, out_bytes);
}

int parse_name_list(const char *s, const char *const names[], size_t n, uint32_t *mask,
		    const char **bad, size_t *bad_len)
{
	uint32_t found = 0;

	for (;;) {
		size_t len = strcspn(s, ",");
		int i = find_name(s, len, names, n);

		if (i < 0) {
			*bad = s;
			*bad_len = len;
			return i;
		}
		found |= 1U << i;
		if (!s[len])
			break;
		s += len + 1;
	}
	*mask = found;
	return 0;
}

char *join_names(const char *const names[], size_t n, char *buf, size_t size)
{
	size_t len = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < n && len < size; i++)
		len += (size_t)snprintf(buf + len, size - len, "%s%s", i ? ", " : "", names[i]);
	return buf;
}
