// SPDX-License-Identifier: GPL-2.0-only
/* A round: sources start, one episode to rehearse, those that count, sources end. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "run_priv.h"

/* bpftrace may take seconds on a busy machine. */
#define READY_NS (60 * NS_PER_S)

/* Takes over the source's words about itself, or why it is not here. */
static void take_words(struct result_source *s, const struct watcher *w)
{
	const struct watcher_slot *slot = w->slot;
	const enum watcher_state state = atomic_load(&slot->state);

	if (slot->what[0])
		snprintf(s->what, sizeof(s->what), "%s", slot->what);
	s->interval_ns = slot->looks_ns;
	if (state == WATCHER_READY)
		return;
	s->state = s->nr_samples || state == WATCHER_BROKE ? RESULT_BROKE : RESULT_ABSENT;
	snprintf(s->why, sizeof(s->why), "%.*s", RESULT_TEXT_LEN - 1, slot->why.text);
}

static bool device_is_fed(const struct run *run, uint32_t i, const uint32_t *order, uint32_t n)
{
	for (uint32_t k = 0; k < n; k++)
		if (order[k] != i && !strcmp(run->r->source[order[k]].name, SOURCE_DEVICE_FED))
			return true;
	return false;
}

static int start_one(struct run *run, uint32_t i, bool fed, struct failure *why)
{
	struct result_source *s = &run->r->source[i];
	struct watcher *w = &run->watcher[i];
	const struct source_env env = {
		.cgroup = run->info.cgroup,
		.interval_ns = run->opts->interval_ns,
		.device_is_fed = fed,
		.bell_fd = -1,
	};
	int err;

	run_tell(run, "starting", s->name);
	err = watcher_start(w, run->opts->source[i], NULL, &env, why);
	if (!err)
		err = watcher_wait(w, run->hooks->stop_fd, READY_NS);
	if (err == -ETIMEDOUT) {
		s->state = RESULT_BROKE;
		snprintf(s->why, sizeof(s->why), "it was not ready within %llu s",
			 READY_NS / NS_PER_S);
		watcher_stop(w);
		return 0;
	}
	if (err)
		return err;
	take_words(s, w);
	if (s->state != RESULT_RAN)
		watcher_stop(w);
	return 0;
}

static int start_all(struct run *run, const uint32_t *order, uint32_t n, uint32_t *running,
		     struct failure *why)
{
	int err = baseline_start(&run->baseline, run->hooks->stop_fd, why);

	*running = 0;
	for (uint32_t k = 0; k < n && !err; k++) {
		const uint32_t i = order[k];

		if (run->r->source[i].state != RESULT_RAN)
			continue;
		err = start_one(run, i, device_is_fed(run, i, order, n), why);
		*running += run->watcher[i].pid != 0;
	}
	return err;
}

/* Notes those that died: how many are left? */
static uint32_t look_after(struct run *run)
{
	uint32_t left = 0;

	for (uint32_t i = 0; i < run->r->nr_sources; i++) {
		struct watcher *w = &run->watcher[i];

		if (!w->slot)
			continue;
		if (watcher_alive(w)) {
			left++;
			continue;
		}
		take_words(&run->r->source[i], w);
		run->r->source[i].state = RESULT_BROKE;
		watcher_stop(w);
	}
	return left;
}

/* Notes whether all of them were allowed to wait in real time, with their memory locked. */
static void note_sharing(struct run *run)
{
	for (uint32_t i = 0; i < run->r->nr_sources; i++) {
		const struct watcher_slot *slot = run->watcher[i].slot;

		if (!slot)
			continue;
		run->not_realtime |= !slot->realtime;
		run->not_locked |= !slot->locked;
	}
	snprintf(run->r->params.sharing, sizeof(run->r->params.sharing),
		 "sources %s, %s, each put on a core drawn at random before an episode, started "
		 "anew "
		 "in random order every %d episodes; bpftrace, perf and the pressure: as anybody "
		 "starts them",
		 run->not_realtime ? "not all real-time (not allowed)" : "SCHED_FIFO 1",
		 run->not_locked ? "not all memory locked (not allowed)" : "memory locked",
		 ROUND_EPISODES);
}

static int episodes_run(struct run *run, uint32_t first, uint32_t episodes, struct failure *why)
{
	uint32_t k = 0, left;
	int err;

	run_tell(run, "rehearsing", NULL);
	run->last_end_ns = now_ns();
	err = episode_run(run, first, false, why);
	left = look_after(run);
	if (!run->begun_ns)
		run->begun_ns = now_ns();
	for (; k < episodes && left && !err; k++) {
		err = episode_run(run, first + k, true, why);
		left = look_after(run);
		if (err)
			break;
		run->done++;
		run_tell(run, NULL, NULL);
	}
	if (!err && k < episodes)
		run->all -= episodes - k;
	return err;
}

int round_run(struct run *run, const uint32_t *order, uint32_t n, uint32_t first, uint32_t episodes,
	      struct failure *why)
{
	uint32_t running = 0;
	int err = start_all(run, order, n, &running, why);

	if (!err && running) {
		note_sharing(run);
		err = episodes_run(run, first, episodes, why);
	} else if (!err) {
		run->all -= episodes;
	}
	run_tell(run, "ending", NULL);
	for (uint32_t i = 0; i < run->r->nr_sources; i++)
		watcher_stop(&run->watcher[i]);
	baseline_stop(&run->baseline);
	return err;
}
