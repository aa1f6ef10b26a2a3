// SPDX-License-Identifier: GPL-2.0-only
/* Loads that use a lot of memory and need nobody to give up any. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "box/child.h"
#include "box/pattern.h"
#include "common/clock.h"
#include "run_priv.h"

/* Shares of the limit. */
#define STREAM_PERCENT (100 * SURVIVE_STREAM_LIMITS)
#define CACHE_PERCENT  90
#define GROWTH_PERCENT 80
/* Growth rests so long at its top, and at its bottom. */
#define REST_NS	    (200 * NS_PER_MS)
#define CHUNK_BYTES (1UL << 20)
#define BATCH_PAGES 16

static struct pattern pattern;

static void sleep_until(uint64_t due_ns)
{
	const struct timespec due = { .tv_sec = (time_t)(due_ns / NS_PER_S),
				      .tv_nsec = (long)(due_ns % NS_PER_S) };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL) == EINTR)
		;
}

/* Writes the file, so that its pages are the cgroup's, then reads it over and over. */
static int read_over_and_over(int fd, uint64_t bytes)
{
	static char chunk[CHUNK_BYTES];

	for (uint64_t at = 0; at < bytes; at += sizeof(chunk)) {
		memset(chunk, (int)(at / sizeof(chunk)), sizeof(chunk));
		if (pwrite(fd, chunk, sizeof(chunk), (off_t)at) != (ssize_t)sizeof(chunk))
			return errno ? -errno : -ENOSPC;
	}
	for (;;)
		for (uint64_t at = 0; at < bytes; at += sizeof(chunk))
			if (pread(fd, chunk, sizeof(chunk), (off_t)at) < 0)
				return -errno;
}

static void grow(char *mem, uint64_t bytes, uint32_t rate_mb_s)
{
	const uint64_t start_ns = now_ns();
	const size_t nr_pages = bytes / pattern.page_size;

	for (size_t i = 0; i < nr_pages; i++) {
		pattern_touch(&pattern, mem, i);
		if (rate_mb_s && i % BATCH_PAGES == 0)
			sleep_until(start_ns +
				    i * pattern.page_size * NS_PER_S / ((uint64_t)rate_mb_s << 20));
	}
}

static int grow_over_and_over(uint64_t bytes, const struct survive_params *p)
{
	char *mem = pattern_map(bytes);

	if (!mem)
		return -errno;
	for (uint32_t i = 0;; i = (i + 1) % p->nr_rates) {
		grow(mem, bytes, p->rate_mb_s[i]);
		sleep_until(now_ns() + REST_NS);
		if (madvise(mem, bytes, MADV_DONTNEED))
			return -errno;
		sleep_until(now_ns() + REST_NS);
	}
}

void benign_load(const struct cgroup *cg, enum survive_benign kind, const struct survive_params *p,
		 int file_fd, pid_t parent)
{
	const uint64_t percent_bytes = p->limit_bytes / 100;
	int err = pattern_init(&pattern);

	(void)setpgid(0, 0);
	if (!err)
		err = child_enter(cg, parent);
	if (!err && kind == SURVIVE_GROWTH)
		err = grow_over_and_over(percent_bytes * GROWTH_PERCENT, p);
	else if (!err)
		err = read_over_and_over(file_fd,
					 percent_bytes * (kind == SURVIVE_STREAM ? STREAM_PERCENT :
										   CACHE_PERCENT));
	_exit(-err);
}
