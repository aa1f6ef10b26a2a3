// SPDX-License-Identifier: GPL-2.0-only
/* Keeps what a comparison finds, and judges which wake-ups notified of an episode. */
#include "result.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *const result_ramps[] = { "fast", "slow" };
const char *const result_zeros[] = { "swap_out", "reclaim" };
const char *const result_costs[] = { "floor_ns", "stamp_ns", "book_ns" };

/*
 * calloc() alone would leave zero pages that are taken at the first write, amid an episode. The
 * compiler must not see that the bytes are 0 already.
 */
static void *touched(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	if (p)
		explicit_bzero(p, n * size);
	return p;
}

static int take_memory(struct result *r)
{
	const uint32_t n = r->room_episodes;

	r->episode = touched(n, sizeof(*r->episode));
	r->source = touched(r->nr_sources, sizeof(*r->source));
	r->sorted = touched(n, sizeof(*r->sorted));
	if (!r->episode || !r->source || !r->sorted)
		return -ENOMEM;
	for (uint32_t i = 0; i < r->nr_sources; i++) {
		r->source[i].sample = touched(n, sizeof(*r->source[i].sample));
		if (!r->source[i].sample)
			return -ENOMEM;
	}
	for (int i = 0; i < RESULT_NR_COSTS; i++) {
		r->cost[i].room = n;
		r->cost[i].ns = touched(n, sizeof(*r->cost[i].ns));
		if (!r->cost[i].ns)
			return -ENOMEM;
	}
	return 0;
}

struct result *result_new(uint32_t nr_sources, uint32_t nr_episodes)
{
	struct result *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->nr_sources = nr_sources;
	r->room_episodes = nr_episodes;
	if (take_memory(r)) {
		result_free(r);
		errno = ENOMEM;
		return NULL;
	}
	return r;
}

void result_free(struct result *r)
{
	if (!r)
		return;
	for (uint32_t i = 0; r->source && i < r->nr_sources; i++)
		free(r->source[i].sample);
	for (int i = 0; i < RESULT_NR_COSTS; i++)
		free(r->cost[i].ns);
	free(r->sorted);
	free(r->source);
	free(r->episode);
	free(r);
}

int result_add_episode(struct result *r, const struct result_episode *e)
{
	if (r->nr_episodes == r->room_episodes)
		return -ENOSPC;
	r->episode[r->nr_episodes++] = *e;
	return 0;
}

int result_judge(struct result *r, uint32_t source, const uint64_t wakes_ns[], size_t nr_wakes,
		 uint64_t unkept)
{
	struct result_source *s = &r->source[source];
	const struct result_episode *e;
	struct result_sample got = { 0 };

	if (!r->nr_episodes)
		return -EINVAL;
	if (s->nr_samples == r->room_episodes)
		return -ENOSPC;
	got.episode = r->nr_episodes - 1;
	e = &r->episode[got.episode];
	for (size_t i = 0; i < nr_wakes; i++) {
		if (wakes_ns[i] < e->zero_ns || wakes_ns[i] > e->deadline_ns) {
			got.false_wakes++;
			continue;
		}
		if (!got.notified || wakes_ns[i] - e->zero_ns < got.latency_ns)
			got.latency_ns = wakes_ns[i] - e->zero_ns;
		got.notified = true;
		got.wakes++;
	}
	/*
	 * They came after the listed ones: behind a notified one they repeat it, else they notified
	 * nothing.
	 */
	if (got.notified)
		got.wakes += unkept;
	else
		got.false_wakes += unkept;
	s->sample[s->nr_samples++] = got;
	return 0;
}

void result_add_false(struct result_source *s, uint64_t wakes)
{
	s->sample[s->nr_samples - 1].false_wakes += wakes;
}

void result_add_cost(struct result *r, enum result_cost cost, uint64_t ns)
{
	struct result_series *s = &r->cost[cost];

	if (s->n < s->room)
		s->ns[s->n++] = ns;
}

uint32_t result_episodes(const struct result *r)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < r->nr_sources; i++)
		if (r->source[i].nr_samples > n)
			n = r->source[i].nr_samples;
	return n;
}

const struct result_source *result_find(const struct result *r, const char *name)
{
	for (uint32_t i = 0; i < r->nr_sources; i++)
		if (!strcmp(r->source[i].name, name))
			return &r->source[i];
	return NULL;
}
