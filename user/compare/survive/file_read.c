// SPDX-License-Identifier: GPL-2.0-only
/* Reads a run back. */
#include <inttypes.h>
#include <string.h>

#include "common/clock.h"
#include "compare/saved.h"
#include "file.h"

static void read_rates(struct saved *sv, const json_t *in, struct survive_params *p)
{
	const json_t *list = saved_member(sv, in, "rates_mb_s", JSON_ARRAY, "list");
	const size_t n = json_array_size(list);

	if (!n || n > SURVIVE_MAX_RATES) {
		saved_wrong(sv, "\"rates_mb_s\" has not 1 to %d rates", SURVIVE_MAX_RATES);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		p->rate_mb_s[i] = (uint32_t)saved_to_u64(sv, json_array_get(list, i), "rates_mb_s",
							 SURVIVE_MAX_RATE_MB_S);
		for (size_t k = 0; k < i; k++)
			if (p->rate_mb_s[k] == p->rate_mb_s[i])
				saved_wrong(sv, "\"rates_mb_s\" has a rate twice");
	}
	p->nr_rates = (uint32_t)n;
}

static void read_params(struct saved *sv, const json_t *in, struct survive_params *p)
{
	p->episodes = saved_u64(sv, in, "episodes", SURVIVE_MAX_EPISODES);
	p->seed = saved_u64(sv, in, "seed", RESULT_MAX_SEED);
	p->limit_bytes = saved_u64(sv, in, "limit_bytes", SAVED_MAX_BYTES);
	p->cache_bytes = saved_u64(sv, in, "cache_bytes", SAVED_MAX_BYTES);
	p->swap_bytes = saved_u64(sv, in, "swap_bytes", SAVED_MAX_BYTES);
	read_rates(sv, in, p);
	p->swap[SURVIVE_NO_SWAP] = saved_bool(sv, in, "without_swap");
	p->swap[SURVIVE_SWAP] = saved_bool(sv, in, "with_swap");
	p->benign_ns = saved_u64(sv, in, "benign_ns", SAVED_MAX_NS);
	p->realtime = saved_bool(sv, in, "realtime");
	if (p->cache_bytes > p->limit_bytes)
		saved_wrong(sv, "\"cache_bytes\" is above \"limit_bytes\"");
}

static void read_benign(struct saved *sv, const json_t *in, const char *key, uint64_t max,
			uint64_t out[SURVIVE_NR_BENIGN])
{
	const json_t *v = saved_member(sv, in, key, JSON_OBJECT, "object");

	for (int i = 0; i < SURVIVE_NR_BENIGN; i++)
		out[i] = saved_u64(sv, v, survive_benigns[i], max);
}

static void read_source(struct saved *sv, const json_t *in, struct survive *s,
			struct survive_source *source)
{
	char name[RESULT_NAME_COLUMNS + 1];

	saved_text(sv, in, "name", name, sizeof(name));
	if (!sv->why[0] && (!name[0] || survive_find(s, name)))
		saved_wrong(sv, "\"name\" is empty or a second one's");
	memcpy(source->name, name, sizeof(name));
	saved_text(sv, in, "what", source->what, sizeof(source->what));
	source->state = (enum result_state)saved_name(sv, in, "state", result_states,
						      RESULT_NR_STATES);
	saved_text(sv, in, "why", source->why, sizeof(source->why));
	read_benign(sv, in, "told_for_nothing", INT64_MAX / SURVIVE_NR_BENIGN, source->false_tells);
}

static void read_lead(struct saved *sv, const json_t *in, struct survive_episode *e)
{
	const uint64_t before_ns = saved_u64(sv, in, "before_ns", SAVED_MAX_NS);
	const uint64_t after_ns = saved_u64(sv, in, "after_ns", SAVED_MAX_NS);

	if (before_ns && after_ns)
		saved_wrong(sv, "it was told before the limit and after it");
	if (!e->tells && (before_ns || after_ns))
		saved_wrong(sv, "it was told, and \"tells\" is 0");
	e->lead_ns = before_ns ? (int64_t)before_ns : -(int64_t)after_ns;
}

static void read_episode(struct saved *sv, const json_t *in, const struct survive *s,
			 struct survive_episode *e)
{
	char name[RESULT_NAME_COLUMNS + 1];
	const uint64_t rate_mb_s = saved_u64(sv, in, "rate_mb_s", SURVIVE_MAX_RATE_MB_S);
	const struct survive_source *source;

	saved_text(sv, in, "source", name, sizeof(name));
	source = survive_find(s, name);
	if (!source)
		saved_wrong(sv, "there is no source \"%s\"", name);
	e->source = source ? (uint32_t)(source - s->source) : 0;
	while (e->rate < s->params.nr_rates && s->params.rate_mb_s[e->rate] != rate_mb_s)
		e->rate++;
	if (e->rate == s->params.nr_rates)
		saved_wrong(sv, "there is no rate %" PRIu64, rate_mb_s);
	e->swap = (enum survive_swap)saved_name(sv, in, "swap", survive_swaps, SURVIVE_NR_SWAPS);
	if (!s->params.swap[e->swap])
		saved_wrong(sv, "\"swap\" is not among the parameters");
	e->end = (enum survive_end)saved_name(sv, in, "end", survive_ends, SURVIVE_NR_ENDS);
	e->tells = saved_u64(sv, in, "tells", INT64_MAX);
	read_lead(sv, in, e);
	e->given_bytes = saved_u64(sv, in, "given_bytes", s->params.cache_bytes);
	e->needed_bytes = saved_u64(sv, in, "needed_bytes", s->params.cache_bytes);
	e->stall_ns = saved_u64(sv, in, "stall_ns", SAVED_MAX_NS);
}

static void read_lists(struct saved *sv, struct survive *s, const json_t *sources,
		       const json_t *episodes)
{
	const uint64_t of_source = s->params.episodes * s->params.nr_rates * SURVIVE_NR_SWAPS;

	for (size_t i = 0; i < json_array_size(sources) && !sv->why[0]; i++) {
		snprintf(sv->where, sizeof(sv->where), "sources[%zu]: ", i);
		read_source(sv, json_array_get(sources, i), s, &s->source[i]);
	}
	sv->where[0] = '\0';
	if (s->room_episodes > of_source * s->nr_sources)
		saved_wrong(sv, "there are more episodes than were asked for");
	for (size_t i = 0; i < json_array_size(episodes) && !sv->why[0]; i++) {
		struct survive_episode e = { 0 };

		snprintf(sv->where, sizeof(sv->where), "episodes[%zu]: ", i);
		read_episode(sv, json_array_get(episodes, i), s, &e);
		(void)survive_add(s, &e);
	}
	sv->where[0] = '\0';
}

static struct survive *read_root(struct saved *sv, const json_t *root)
{
	const json_t *episodes, *sources;
	struct survive *s;

	if (!saved_is(sv, root, SURVIVE_FORMAT, SURVIVE_VERSION, SURVIVE_FORMAT))
		return NULL;
	episodes = saved_member(sv, root, "episodes", JSON_ARRAY, "list");
	sources = saved_member(sv, root, "sources", JSON_ARRAY, "list");
	if (json_array_size(sources) > SURVIVE_MAX_SOURCES ||
	    json_array_size(episodes) > SURVIVE_MAX_ALL)
		saved_wrong(sv, "too many sources or episodes");
	if (sv->why[0])
		return NULL;
	s = survive_new((uint32_t)json_array_size(sources), (uint32_t)json_array_size(episodes));
	if (!s) {
		saved_wrong(sv, "out of memory");
		return NULL;
	}
	s->started_ns = saved_u64(sv, root, "started_ms", INT64_MAX / NS_PER_MS) * NS_PER_MS;
	saved_text(sv, root, "incomplete", s->incomplete, sizeof(s->incomplete));
	if (saved_bool(sv, root, "complete") != !s->incomplete[0])
		saved_wrong(sv, "\"complete\" does not fit \"incomplete\"");
	saved_machine(sv, saved_member(sv, root, "machine", JSON_OBJECT, "object"), &s->machine);
	read_params(sv, saved_member(sv, root, "parameters", JSON_OBJECT, "object"), &s->params);
	read_benign(sv, root, "benign_ns", SAVED_MAX_NS, s->benign_ns);
	if (!sv->why[0])
		read_lists(sv, s, sources, episodes);
	return s;
}

struct survive *survive_read(const char *path, char why[RESULT_TEXT_LEN])
{
	struct saved sv = { .why = why };
	struct survive *s;
	json_t *root;

	why[0] = '\0';
	root = saved_open(&sv, path);
	if (!root)
		return NULL;
	s = read_root(&sv, root);
	json_decref(root);
	if (!why[0])
		return s;
	survive_free(s);
	return NULL;
}
