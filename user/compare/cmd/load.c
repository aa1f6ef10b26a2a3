// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes the storms that the bench times: either by itself, as fast as one task can fill memory with
 * pages that zram makes a quarter of, or by somebody else's program.
 */
#include "load.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include "box/pattern.h"
#include "common/clock.h"
#include "core/vmstat.h"

#define RANDOM_SHARE 4
#define RANDOM_PART  256 /* getrandom() never returns less of so few bytes */

static int fail(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	return 1;
}

static struct {
	uint64_t ns;
	struct vmstat counts;
} begun;

static int begin(void)
{
	if (vmstat_read(&begun.counts))
		return fail("/proc/vmstat");
	begun.ns = now_ns();
	return 0;
}

static int end(void)
{
	const uint64_t ns = now_ns() - begun.ns;
	struct vmstat counts, delta;

	if (vmstat_read(&counts))
		return fail("/proc/vmstat");
	delta = vmstat_delta(&begun.counts, &counts);
	printf("{\"event\":\"load\",\"ns\":%" PRIu64 ",\"pages\":%" PRId64 "}\n", ns,
	       vmstat_swapped_out(&delta));
	return 0;
}

static int fill(uint64_t limit_bytes, uint64_t use_bytes)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char random[65536 / RANDOM_SHARE];
	const size_t part = page / RANDOM_SHARE;
	char *mem;

	if (part > sizeof(random) || use_bytes <= limit_bytes)
		return 2;
	for (size_t i = 0; i < part; i += RANDOM_PART)
		if (getrandom(random + i, RANDOM_PART, 0) < 0)
			return fail("getrandom");
	mem = pattern_map(use_bytes);
	if (!mem)
		return fail("mmap");
	for (uint64_t at = 0; at < use_bytes; at += page) {
		if (at < limit_bytes && at + page >= limit_bytes && begin())
			return 1;
		memcpy(mem + at, random, part);
		memcpy(mem + at, &at, sizeof(at)); /* no two alike */
	}
	return end();
}

static int run(char **argv)
{
	int status = 0;
	pid_t pid;

	if (begin())
		return 1;
	pid = fork();
	if (pid < 0)
		return fail("fork");
	if (!pid) {
		execvp(argv[0], argv);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return fail("waitpid");
	if (status) {
		fprintf(stderr, "load: '%s' failed\n", argv[0]);
		return 1;
	}
	return end();
}

int cmd_load(int argc, char **argv)
{
	char *rest[2] = { NULL, NULL };
	uint64_t limit_bytes, use_bytes;

	if (argc < 2)
		return 2;
	if (argc != 3)
		return run(argv + 1);
	limit_bytes = strtoull(argv[1], &rest[0], 10);
	use_bytes = strtoull(argv[2], &rest[1], 10);
	return *rest[0] || *rest[1] ? run(argv + 1) : fill(limit_bytes, use_bytes);
}
