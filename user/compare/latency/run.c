// SPDX-License-Identifier: GPL-2.0-only
/* Makes box, zero and rounds of a run, and removes them. */
#include "run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "core/machine.h"
#include "core/system.h"
#include "compare/random.h"
#include "run_priv.h"

/*
 * Enough for libsystemd's threshold of 200 ms of stall (32 MB swapped out were 50 to 300 ms here),
 * little enough to be over soon. Small machines get along with less.
 */
#define USE_BYTES    (160ULL << 20)
#define LIMIT_SHARE  5 /* of what is used */
#define MEMORY_SHARE 4
#define HOLD_NS	     (100 * NS_PER_MS)
#define SLOW_NS	     (4 * NS_PER_S)

/* Processors that go to sleep for long do so within two seconds. */
#define QUIET_MIN_NS (2 * NS_PER_S)
/* Longer than the longest window here, PSI's of two seconds. */
#define SILENCE_MIN_NS (3 * NS_PER_S)

/*
 * A whole number of intervals, of the timer and of what looks once a second, so that either is met
 * at any point alike; or, where that would be long, so many that the rest hardly matters.
 */
static uint64_t quiet_range_ns(uint64_t interval_ns)
{
	uint64_t range_ns = interval_ns;

	while (range_ns % NS_PER_S && range_ns < 10 * NS_PER_S)
		range_ns += interval_ns;
	return range_ns;
}

/* In whole megabytes; if it is too little, the box says so. */
static uint64_t use_bytes(void)
{
	const uint64_t share_bytes = box_available_bytes() / MEMORY_SHARE;

	return (share_bytes < USE_BYTES ? share_bytes : USE_BYTES) >> 20 << 20;
}

static void fill_params(struct result *r, const struct run_opts *o)
{
	struct result_params *p = &r->params;
	struct timespec now;

	p->episodes = o->episodes;
	p->seed = o->seed;
	p->interval_ns = o->interval_ns;
	p->ramp = o->ramp;
	p->one_at_a_time = o->one_at_a_time;
	p->quiet_min_ns = QUIET_MIN_NS;
	p->quiet_max_ns = QUIET_MIN_NS + quiet_range_ns(o->interval_ns);
	p->silence_ns = o->interval_ns + NS_PER_S > SILENCE_MIN_NS ? o->interval_ns + NS_PER_S :
								     SILENCE_MIN_NS;
	p->box_use_bytes = use_bytes();
	p->box_limit_bytes = p->box_use_bytes / LIMIT_SHARE;
	for (uint32_t i = 0; i < o->nr_sources; i++) {
		snprintf(r->source[i].name, RESULT_NAME_LEN, "%s", o->source[i]->name);
		snprintf(r->source[i].what, RESULT_TEXT_LEN, "%s", o->source[i]->name);
	}
	machine_read(&r->machine.is);
	clock_gettime(CLOCK_REALTIME, &now);
	r->started_ns = (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

/* Describes the swap that could take the pages, the box's own and others. */
static void describe_swap(struct result_machine *m, const struct box_info *info,
			  const struct swap_areas *before)
{
	int n;

	if (info->swap == BOX_SWAP_NONE)
		n = snprintf(m->swap, sizeof(m->swap), "none");
	else
		n = snprintf(m->swap, sizeof(m->swap), "%s of %llu MB, the box's own",
			     info->swap == BOX_SWAP_ZRAM ? "zram" : "file",
			     (unsigned long long)info->swap_bytes >> 20);
	if (before->total_kb && n > 0 && (size_t)n < sizeof(m->swap))
		snprintf(m->swap + n, sizeof(m->swap) - (size_t)n, "; beside it %llu MB",
			 (unsigned long long)before->total_kb >> 10);
}

static struct swap_areas read_swaps(void)
{
	_cleanup_fclose_ FILE *f = fopen("/proc/swaps", "re");
	struct swap_areas areas = { 0 };

	if (!f || parse_swaps(f, &areas))
		areas = (struct swap_areas){ 0 };
	return areas;
}

static int set_up(struct run *run, struct failure *why)
{
	const struct result_params *p = &run->r->params;
	const struct box_opts box = {
		.limit_bytes = p->box_limit_bytes,
		.swap_bytes = p->box_use_bytes + p->box_limit_bytes,
		.use_bytes = p->box_use_bytes,
		.hold_ns = HOLD_NS,
		.ramp_ns = run->opts->ramp == RESULT_SLOW ? SLOW_NS : 0,
		.swap = BOX_SWAP_AUTO,
		.cause = BOX_MEMCG,
	};
	const struct swap_areas before = read_swaps();
	cpu_set_t cpus;

	run->box = box_create(&box, why);
	if (!run->box)
		return -errno;
	box_info(run->box, &run->info);
	describe_swap(&run->r->machine, &run->info, &before);
	run->zero = zero_open(run->info.cgroup_id, why);
	if (!run->zero)
		return -ENOTSUP;
	zero_measure(run->zero, run->all, run->r);
	if (sched_getaffinity(0, sizeof(cpus), &cpus))
		return failure_set(why, errno, "which processors may be used: %s", strerror(errno));
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (CPU_ISSET((size_t)i, &cpus))
			run->cpus[run->nr_cpus++] = i;
	return 0;
}

static void shuffle(const struct run *run, uint32_t *order, uint32_t n, uint32_t first)
{
	struct chance c = chance_of(run->opts->seed, CHANCE_ORDER, first);

	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	for (uint32_t i = n; i > 1; i--) {
		const uint32_t k = (uint32_t)chance_below(&c, i), t = order[i - 1];

		order[i - 1] = order[k];
		order[k] = t;
	}
}

/* One at a time, sources take turns, so that what drifts on the machine hits all of them. */
static int run_rounds(struct run *run, struct failure *why)
{
	const uint32_t n = run->r->nr_sources, all = run->opts->episodes;
	uint32_t order[RESULT_MAX_SOURCES];
	int err = 0;

	for (uint32_t first = 0; first < all && !err; first += ROUND_EPISODES) {
		const uint32_t episodes = all - first < ROUND_EPISODES ? all - first :
									 ROUND_EPISODES;

		shuffle(run, order, n, first);
		if (!run->opts->one_at_a_time)
			err = round_run(run, order, n, first, episodes, why);
		for (uint32_t i = 0; run->opts->one_at_a_time && i < n && !err; i++)
			err = round_run(run, &order[i], 1, first, episodes, why);
	}
	return err;
}

/*
 * An episode that was not finished has left its bare wake-up, and a stamp each was taken before.
 */
static void drop_unfinished(struct result *r)
{
	for (int i = 0; i < RESULT_NR_COSTS; i++)
		if (r->cost[i].n > r->nr_episodes)
			r->cost[i].n = r->nr_episodes;
}

static bool all_ended(const struct result *r)
{
	for (uint32_t i = 0; i < r->nr_sources; i++)
		if (r->source[i].state == RESULT_RAN)
			return false;
	return true;
}

static bool any_ran(const struct result *r)
{
	for (uint32_t i = 0; i < r->nr_sources; i++)
		if (r->source[i].nr_samples)
			return true;
	return false;
}

static struct run *new_run(const struct run_opts *opts, const struct run_hooks *hooks)
{
	struct run *run = calloc(1, sizeof(*run));

	if (!run)
		return NULL;
	run->opts = opts;
	run->hooks = hooks;
	run->baseline = BASELINE_NONE;
	for (uint32_t i = 0; i < RESULT_MAX_SOURCES; i++)
		run->watcher[i] = WATCHER_NONE;
	run->all = opts->episodes * (opts->one_at_a_time ? opts->nr_sources : 1);
	run->r = result_new(opts->nr_sources, run->all);
	if (run->r)
		return run;
	free(run);
	return NULL;
}

static int measure(struct run *run, struct failure *why, struct failure *left)
{
	int err = set_up(run, why);

	if (!err)
		err = run_rounds(run, why);
	if (!err && all_ended(run->r))
		err = failure_set(why, ESRCH,
				  "no source could be measured to the end: the table says why");
	zero_free(run->zero);
	(void)box_destroy(run->box, left);
	return err;
}

struct result *run_compare(const struct run_opts *opts, const struct run_hooks *hooks, int *err,
			   struct failure *why, struct failure *left)
{
	_cleanup_free_ struct run *run = new_run(opts, hooks);
	struct result *r;

	if (!run) {
		*err = failure_set(why, ENOMEM, "out of memory");
		return NULL;
	}
	r = run->r;
	fill_params(r, opts);
	*err = measure(run, why, left);
	drop_unfinished(r);
	machine_load(r->machine.load_after);
	if (*err)
		snprintf(r->incomplete, sizeof(r->incomplete), "%s after %u of %u episodes",
			 *err == -ECANCELED ? "interrupted" :
			 *err == -ESRCH	    ? "no source left" :
					      "failed",
			 run->done, run->all);
	if (any_ran(r) || *err == -ESRCH)
		return r;
	result_free(r);
	return NULL;
}
