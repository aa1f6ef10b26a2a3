// SPDX-License-Identifier: GPL-2.0-only
/* A sliding window of facts, thresholds, and a hold time against flapping. */
#include "level.h"

#include <string.h>

const struct level_opts level_opts_default = {
	.window_ns = 1000000000,
	.hold_ns = 2000000000,
	.low_swap_pages = 1,
	.medium_stall_ns = 70000000,
	.low_unfreed_percent = 90,
	.critical_unfreed_percent = 95,
};

static void add_input(struct level_input *to, const struct level_input *in)
{
	to->swap_pages += in->swap_pages;
	to->stall_ns += in->stall_ns;
	to->scanned_pages += in->scanned_pages;
	to->freed_pages += in->freed_pages;
	to->oom_kills += in->oom_kills;
}

/* Moves the window up to @now_ns, emptying the buckets that time has passed over. */
static void advance(struct level_state *m, const struct level_opts *o, uint64_t now_ns)
{
	uint64_t slot = now_ns / (o->window_ns / LEVEL_BUCKETS);
	uint64_t steps;

	if (now_ns > m->now_ns)
		m->now_ns = now_ns;
	if (slot <= m->slot)
		return;
	steps = slot - m->slot < LEVEL_BUCKETS ? slot - m->slot : LEVEL_BUCKETS;
	for (uint64_t i = 0; i < steps; i++)
		memset(&m->bucket[(slot - i) % LEVEL_BUCKETS], 0, sizeof(m->bucket[0]));
	m->slot = slot;
}

void level_add(struct level_state *m, const struct level_opts *o, uint64_t now_ns,
	       const struct level_input *in)
{
	advance(m, o, now_ns);
	add_input(&m->bucket[m->slot % LEVEL_BUCKETS], in);
}

struct level_input level_window(const struct level_state *m)
{
	struct level_input sum = { 0 };

	for (int i = 0; i < LEVEL_BUCKETS; i++)
		add_input(&sum, &m->bucket[i]);
	return sum;
}

bool level_unfreed_at_least(const struct level_input *w, uint32_t percent)
{
	uint64_t unfreed;

	if (w->scanned_pages < LEVEL_MIN_SCANNED_PAGES)
		return false;
	unfreed = w->scanned_pages > w->freed_pages ? w->scanned_pages - w->freed_pages : 0;
	return unfreed * 100 >= w->scanned_pages * percent;
}

/*
 * Dropping clean page cache stalls tasks as well and frees all it scans: that is what page cache is
 * for. So a stall counts only with swap-out or with scanning that frees little.
 */
static enum level level_of(const struct level_input *w, const struct level_opts *o)
{
	bool swaps = w->swap_pages >= o->low_swap_pages;
	bool strained = swaps || level_unfreed_at_least(w, o->low_unfreed_percent);

	if (w->oom_kills)
		return LEVEL_CRITICAL;
	if (!strained)
		return LEVEL_NONE;
	if (w->stall_ns < o->medium_stall_ns)
		return LEVEL_LOW;
	return level_unfreed_at_least(w, o->critical_unfreed_percent) ? LEVEL_CRITICAL :
									LEVEL_MEDIUM;
}

void level_set_floor(struct level_state *m, enum level level)
{
	m->floor = level;
}

bool level_update(struct level_state *m, const struct level_opts *o, uint64_t now_ns)
{
	struct level_input window;
	enum level want, before = m->level;

	advance(m, o, now_ns);
	window = level_window(m);
	want = level_of(&window, o);
	if (want < m->floor)
		want = m->floor;
	if (want >= m->level) {
		m->level = want;
		m->reason_ns = m->now_ns;
	} else if (m->now_ns - m->reason_ns >= o->hold_ns) {
		m->level = want;
		m->reason_ns = m->now_ns;
	}
	return m->level != before;
}

static bool is_empty(const struct level_input *in)
{
	return !in->swap_pages && !in->stall_ns && !in->scanned_pages && !in->oom_kills;
}

bool level_idle(const struct level_state *m, const struct level_opts *o, uint64_t now_ns)
{
	uint64_t slot = now_ns / (o->window_ns / LEVEL_BUCKETS);

	if (m->level != LEVEL_NONE || m->floor != LEVEL_NONE)
		return false;
	for (uint64_t i = 0; i < LEVEL_BUCKETS && i <= m->slot; i++)
		if (m->slot - i + LEVEL_BUCKETS > slot &&
		    !is_empty(&m->bucket[(m->slot - i) % LEVEL_BUCKETS]))
			return false;
	return true;
}
