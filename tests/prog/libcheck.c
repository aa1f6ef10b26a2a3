// SPDX-License-Identifier: GPL-2.0-only
/* Expectations, and the running of a list of tests. */
#include "libcheck.h"

#include <pthread.h>
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

struct list {
	const struct check *checks;
	size_t n;
	int failed;
};

static void *run_list(void *arg)
{
	struct list *list = arg;
	int passed = 0, skipped = 0;

	for (size_t i = 0; i < list->n; i++) {
		int before = now.failures;

		now.name = list->checks[i].name;
		now.is_skipped = 0;
		list->checks[i].run();
		if (now.failures > before)
			list->failed++;
		else if (now.is_skipped)
			skipped++;
		else
			passed++;
		/* A crash in the next one must not take along what this one said. */
		fflush(stdout);
	}
	printf("%d passed, %d failed, %d skipped\n", passed, list->failed, skipped);
	return NULL;
}

int check_all(const struct check *checks, size_t n)
{
	struct list list = { .checks = checks, .n = n };
	pthread_t thread;

	/*
	 * Not in the first thread, whose id is the process's: a test could not tell the two apart.
	 */
	if (pthread_create(&thread, NULL, run_list, &list) || pthread_join(thread, NULL))
		return EXIT_FAILURE;
	return list.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
