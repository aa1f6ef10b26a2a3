// SPDX-License-Identifier: GPL-2.0-only
/* Fills a cache, uses it, and gives it up when notified. */
#include "victim.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "common/file.h"
#include "box/pattern.h"
#include "common/clock.h"
#include "compare/random.h"
#include "result.h"

/* So often the second thread uses a page of what is kept, as a cache is used. */
#define USE_NS (100 * NS_PER_US)

static struct pattern pattern;

/* A page more than what is kept is never touched: it would come back. */
static void *use(void *arg)
{
	const struct victim *v = arg;
	const struct timespec pause = { .tv_nsec = USE_NS };
	struct chance c = chance_of(0, 0, 0);
	volatile char sum = 0;

	for (;;) {
		const uint64_t pages = atomic_load(&v->report->kept_bytes) / pattern.page_size;

		if (pages)
			sum = (char)(sum + v->cache[chance_below(&c, pages) * pattern.page_size]);
		(void)clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
	}
	return NULL;
}

static int fill_cache(void *ctx, struct failure *why)
{
	struct victim *v = ctx;
	pthread_t user;
	int err = pattern_init(&pattern);

	/* Should the machine run short by somebody else's doing, this is the one to go. */
	(void)file_write(AT_FDCWD, "/proc/self/oom_score_adj", "1000");
	if (!err)
		err = cgroup_join(v->cgroup);
	if (err)
		return failure_set(why, -err, "cannot enter the box: %s", strerror(-err));
	v->cache = pattern_map(v->cache_bytes);
	if (!v->cache)
		return failure_set(why, errno, "no memory for the cache: %s", strerror(errno));
	for (size_t i = 0; i < v->cache_bytes / pattern.page_size; i++)
		pattern_touch(&pattern, v->cache, i);
	atomic_store(&v->report->kept_bytes, v->cache_bytes);
	err = pthread_create(&user, NULL, use, v);
	return err ? failure_set(why, err, "no thread to use the cache: %s", strerror(err)) : 0;
}

/* From its end, in whole pages. */
static void give_up(struct victim *v, uint64_t bytes)
{
	const uint64_t kept_bytes = atomic_load(&v->report->kept_bytes);
	const uint64_t page = pattern.page_size;

	bytes = (bytes + page - 1) / page * page;
	if (bytes > kept_bytes)
		bytes = kept_bytes;
	atomic_store(&v->report->kept_bytes, kept_bytes - bytes);
	if (madvise(v->cache + kept_bytes - bytes, bytes, MADV_DONTNEED))
		atomic_store(&v->report->err, errno);
}

static void notified(void *ctx, uint64_t notified_ns, uint64_t to_free_bytes)
{
	struct victim *v = ctx;
	uint64_t never = 0;

	(void)atomic_compare_exchange_strong(&v->report->notified_ns, &never, notified_ns);
	atomic_fetch_add(&v->report->tells, 1);
	give_up(v, to_free_bytes ? to_free_bytes : v->cache_bytes / SURVIVE_STEPS);
}

struct watcher_work victim_work(struct victim *v)
{
	return (struct watcher_work){ .begin = fill_cache, .notified = notified, .ctx = v };
}
