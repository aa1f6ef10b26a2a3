// SPDX-License-Identifier: GPL-2.0-only
/* Keeps what a run has found. */
#include "result.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *const survive_swaps[SURVIVE_NR_SWAPS] = { "without", "with" };
const char *const survive_benigns[SURVIVE_NR_BENIGN] = { "stream", "cache", "growth" };
const char *const survive_ends[SURVIVE_NR_ENDS] = { "lives", "killed", "stuck" };

struct survive *survive_new(uint32_t nr_sources, uint32_t nr_episodes)
{
	struct survive *s;

	if (nr_sources > SURVIVE_MAX_SOURCES) {
		errno = EINVAL;
		return NULL;
	}
	s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	s->nr_sources = nr_sources;
	s->room_episodes = nr_episodes;
	s->episode = calloc(nr_episodes ? nr_episodes : 1, sizeof(*s->episode));
	if (s->episode)
		return s;
	free(s);
	return NULL;
}

void survive_free(struct survive *s)
{
	if (!s)
		return;
	free(s->episode);
	free(s);
}

int survive_add(struct survive *s, const struct survive_episode *e)
{
	if (s->nr_episodes >= s->room_episodes)
		return -ENOSPC;
	s->episode[s->nr_episodes++] = *e;
	return 0;
}

bool survive_is_control(const char *name)
{
	return !strcmp(name, SOURCE_DEAF) || !strcmp(name, SOURCE_FORETOLD);
}

const struct survive_source *survive_find(const struct survive *s, const char *name)
{
	for (uint32_t i = 0; i < s->nr_sources; i++)
		if (!strcmp(s->source[i].name, name))
			return &s->source[i];
	return NULL;
}
