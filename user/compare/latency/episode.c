// SPDX-License-Identifier: GPL-2.0-only
/*
 * One episode:
 *
 *	bare wake-up   places drawn   quiet (random)   pressure   silence   deadline
 *
 * Processor time counts as idle in the quiet, and as busy from the fork of the child that makes the
 * pressure to its end.
 */
#include <errno.h>
#include <string.h>

#include "common/clock.h"
#include "compare/random.h"
#include "run_priv.h"

/* For those that were moved to wait again. */
#define SETTLE_NS (50 * NS_PER_MS)
/* The box's child takes about ten milliseconds from its start to its limit. */
#define BUSY_NS (10 * NS_PER_MS)

static void place_all(struct run *run, uint32_t episode)
{
	struct chance c = chance_of(run->opts->seed, CHANCE_PLACE, episode);

	watcher_place(&run->baseline.watcher, run->cpus[chance_below(&c, run->nr_cpus)]);
	for (uint32_t i = 0; i < run->r->nr_sources; i++)
		watcher_place(&run->watcher[i], run->cpus[chance_below(&c, run->nr_cpus)]);
}

/* Adds what was used since the last call to @used; NULL: it does not count. */
static void cpu_since(struct run *run, struct result_cpu *(*used)(struct result_source *s))
{
	for (uint32_t i = 0; i < run->r->nr_sources; i++) {
		struct result_cpu *cpu = used ? used(&run->r->source[i]) : NULL;
		const uint64_t now = now_ns();
		uint64_t ns;

		if (!watcher_cpu_ns(&run->watcher[i], &ns)) {
			run->cpu_at_ns[i] = 0;
			continue;
		}
		if (cpu && run->cpu_at_ns[i] && ns >= run->cpu_ns[i]) {
			cpu->used_ns += ns - run->cpu_ns[i];
			cpu->over_ns += now - run->cpu_at_ns[i];
		}
		run->cpu_ns[i] = ns;
		run->cpu_at_ns[i] = now;
	}
}

static struct result_cpu *idle_of(struct result_source *s)
{
	return &s->idle;
}

static struct result_cpu *busy_of(struct result_source *s)
{
	return &s->busy;
}

/*
 * Wake-ups in the quiet are false: they are taken out, so that there is room for those that count.
 */
static void take_early(struct run *run)
{
	for (uint32_t i = 0; i < run->r->nr_sources; i++) {
		uint64_t unkept = 0;

		run->early[i] = 0;
		if (run->watcher[i].slot)
			run->early[i] = watcher_take(&run->watcher[i], run->wakes_ns, &unkept);
		run->early[i] += unkept;
	}
}

/* Takes the wake-ups since the deadline before, and judges them if the episode counts. */
static void collect(struct run *run, uint32_t episode, bool counts)
{
	const uint32_t booked = episode % run->r->nr_sources;

	for (uint32_t i = 0; i < run->r->nr_sources; i++) {
		struct watcher *w = &run->watcher[i];
		uint64_t unkept, book_ns;
		size_t n;

		if (!w->slot)
			continue;
		n = watcher_take(w, run->wakes_ns, &unkept);
		book_ns = atomic_exchange(&w->slot->book_ns, 0);
		if (!counts || !watcher_alive(w))
			continue;
		if (!result_judge(run->r, i, run->wakes_ns, n, unkept))
			result_add_false(&run->r->source[i], run->early[i]);
		if (book_ns && (run->opts->one_at_a_time || i == booked))
			result_add_cost(run->r, RESULT_COST_BOOK, book_ns);
	}
}

static int note_episode(struct run *run, const struct episode *e, struct failure *why)
{
	struct result_episode n = {
		.end_ns = e->end_ns,
		.deadline_ns = e->end_ns + run->r->params.silence_ns,
	};

	n.zero_ns = zero_stamp(run->zero, &n.zero);
	if (!n.zero_ns)
		return failure_set(
			why, ENODATA,
			"an episode passed without the kernel telling of reclaim: oom-notify "
			"check says what is missing");
	if (e->oom_killed)
		return failure_set(why, ENOMEM,
				   "an episode was OOM-killed, though its box had room");
	n.swap_out_ns = zero_swap_out(run->zero);
	n.quiet_ns = n.zero_ns - run->last_end_ns;
	n.others_hits = zero_others(run->zero, n.others_comm);
	return result_add_episode(run->r, &n);
}

static uint64_t draw_quiet(const struct run *run, uint32_t episode)
{
	const struct result_params *p = &run->r->params;
	struct chance c = chance_of(p->seed, CHANCE_QUIET, episode);

	return p->quiet_min_ns + chance_below(&c, p->quiet_max_ns - p->quiet_min_ns);
}

static int wake_bare(struct run *run, bool counts, struct failure *why)
{
	const struct baseline_opts one = { -1, 1, BUSY_NS, BUSY_NS };
	uint64_t ns;
	const int n = baseline_send(&run->baseline, &one, &ns, why);

	if (n < 0)
		return n;
	if (counts)
		result_add_cost(run->r, RESULT_COST_BASELINE, ns);
	return 0;
}

static int quiet(struct run *run, uint32_t episode, bool counts, struct failure *why)
{
	int err = wake_bare(run, counts, why);

	if (err)
		return err;
	place_all(run, episode);
	zero_arm(run->zero);
	err = run_sleep(run, SETTLE_NS);
	cpu_since(run, NULL);
	if (!err)
		err = run_sleep(run,
				counts ? draw_quiet(run, episode) : run->r->params.quiet_min_ns);
	cpu_since(run, counts ? idle_of : NULL);
	take_early(run);
	return err;
}

int episode_run(struct run *run, uint32_t episode, bool counts, struct failure *why)
{
	struct episode e;
	uint64_t now;
	int err = quiet(run, episode, counts, why);

	if (!err)
		err = box_run_episode(run->box, run->hooks->stop_fd, &e, why);
	if (err)
		return err;
	cpu_since(run, counts ? busy_of : NULL);
	now = now_ns();
	err = run_sleep(run, e.end_ns + run->r->params.silence_ns > now ?
				     e.end_ns + run->r->params.silence_ns - now :
				     0);
	if (!err && counts)
		err = note_episode(run, &e, why);
	run->last_end_ns = e.end_ns;
	if (!err)
		collect(run, episode, counts);
	return err;
}
