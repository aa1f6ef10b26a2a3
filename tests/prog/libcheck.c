// SPDX-License-Identifier: GPL-2.0-only
/* Expectations, and the running of a list of tests. */
#include "libcheck.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static struct {
	const char *name;
	int failures; /* of expectations, in all tests */
	int is_skipped;
} now;

void check_failed(const char *file, int line, const char *fmt, ...)
{
	va_list args;

	now.failures++;
	printf("%s:%d: %s: ", file, line, now.name);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
}

void check_skip(const char *fmt, ...)
{
	va_list args;

	now.is_skipped = 1;
	printf("skip: %s: ", now.name);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
}

void check_skip_all(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	exit(77);
}

int check_failures(void)
{
	return now.failures;
}

int check_all(const struct check *checks, size_t n)
{
	int passed = 0, failed = 0, skipped = 0;

	for (size_t i = 0; i < n; i++) {
		int before = now.failures;

		now.name = checks[i].name;
		now.is_skipped = 0;
		checks[i].run();
		if (now.failures > before)
			failed++;
		else if (now.is_skipped)
			skipped++;
		else
			passed++;
		/* A crash in the next one must not take along what this one said. */
		fflush(stdout);
	}
	printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
