/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What device.c and device-count.c have in common: they print facts, a JSON object each, that begin
 * with a label and end with the times of their beginning and end (CLOCK_MONOTONIC).
 */
#ifndef DEVICE_H
#define DEVICE_H

#include <err.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static inline uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static inline void sleep_ms(long long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	while (nanosleep(&t, &t) && errno == EINTR)
		;
}

static inline long long number(const char *text)
{
	char *end;
	long long n = strtoll(text, &end, 0);

	if (end == text || *end)
		errx(2, "'%s' is no number", text);
	return n;
}

static inline void field(const char *name, long long value)
{
	printf(",\"%s\":%lld", name, value);
}

/* Of a system call, whose errno it names. */
static inline void result(long long ret)
{
	int error = errno;

	field("ret", ret);
	if (ret < 0)
		printf(",\"errno\":\"%s\"", strerrorname_np(error));
}

static inline uint64_t begin_fact(const char *label)
{
	printf("{\"label\":\"%s\"", label);
	return now_ns();
}

/* A line at once, because several processes may write to one file. */
static inline void end_fact(uint64_t begin_ns)
{
	field("begin_ns", (long long)begin_ns);
	field("end_ns", (long long)now_ns());
	puts("}");
	fflush(stdout);
}

#endif
