// SPDX-License-Identifier: GPL-2.0-only
/* Reads a run back. */
#include <inttypes.h>
#include <string.h>

#include "common/clock.h"
#include "file.h"
#include "compare/saved.h"

/* More threads than that no machine runs at once. */
#define MAX_CORES 65536

static void read_params(struct saved *sv, const json_t *in, struct result_params *p)
{
	p->episodes = saved_u64(sv, in, "episodes", RESULT_MAX_EPISODES);
	p->seed = saved_u64(sv, in, "seed", RESULT_MAX_SEED);
	p->interval_ns = saved_u64(sv, in, "interval_ns", SAVED_MAX_NS);
	p->ramp = (enum result_ramp)saved_name(sv, in, "ramp", result_ramps, RESULT_NR_RAMPS);
	p->one_at_a_time = saved_bool(sv, in, "one_at_a_time");
	p->quiet_min_ns = saved_u64(sv, in, "quiet_min_ns", SAVED_MAX_NS);
	p->quiet_max_ns = saved_u64(sv, in, "quiet_max_ns", SAVED_MAX_NS);
	p->silence_ns = saved_u64(sv, in, "silence_ns", SAVED_MAX_NS);
	p->box_limit_bytes = saved_u64(sv, in, "box_limit_bytes", SAVED_MAX_BYTES);
	p->box_use_bytes = saved_u64(sv, in, "box_use_bytes", SAVED_MAX_BYTES);
	saved_text(sv, in, "sharing", p->sharing, sizeof(p->sharing));
}

static void read_episode(struct saved *sv, const json_t *in, struct result_episode *e)
{
	e->zero_ns = saved_u64(sv, in, "zero_ns", SAVED_MAX_NS);
	e->swap_out_ns = saved_u64(sv, in, "swap_out_ns", SAVED_MAX_NS);
	e->end_ns = saved_u64(sv, in, "end_ns", SAVED_MAX_NS);
	e->deadline_ns = saved_u64(sv, in, "deadline_ns", SAVED_MAX_NS);
	e->quiet_ns = saved_u64(sv, in, "quiet_ns", SAVED_MAX_NS);
	e->zero = (enum result_zero)saved_name(sv, in, "zero", result_zeros, RESULT_NR_ZEROS);
	e->others_hits = saved_u64(sv, in, "others_hits", INT64_MAX);
	saved_text(sv, in, "others_comm", e->others_comm, sizeof(e->others_comm));
	if (e->zero_ns > e->end_ns || e->end_ns > e->deadline_ns)
		saved_wrong(sv, "zero, end and deadline are not in this order");
	if (e->swap_out_ns && e->swap_out_ns < e->zero_ns)
		saved_wrong(sv, "the first swap-out is before zero");
}

static void read_sample(struct saved *sv, const json_t *in, const struct result *r,
			struct result_sample *k)
{
	const json_t *latency = json_object_get(in, "latency_ns");
	const struct result_episode *e;

	k->episode = (uint32_t)saved_u64(sv, in, "episode", UINT32_MAX);
	k->wakes = saved_u64(sv, in, "wakes", INT64_MAX);
	k->false_wakes = saved_u64(sv, in, "false_wakes", UINT32_MAX);
	k->notified = !json_is_null(latency);
	if (k->notified)
		k->latency_ns = saved_to_u64(sv, latency, "latency_ns", SAVED_MAX_NS);
	if (k->notified != (k->wakes > 0))
		saved_wrong(sv, "\"wakes\" does not fit \"latency_ns\"");
	if (k->episode >= r->nr_episodes) {
		saved_wrong(sv, "there is no episode %" PRIu32, k->episode);
		return;
	}
	e = &r->episode[k->episode];
	if (k->latency_ns > e->deadline_ns - e->zero_ns)
		saved_wrong(sv, "\"latency_ns\" is behind the episode's deadline");
}

static void read_cpu(struct saved *sv, const json_t *in, const char *key, struct result_cpu *cpu)
{
	const json_t *v = saved_member(sv, in, key, JSON_OBJECT, "object");

	cpu->used_ns = saved_u64(sv, v, "used_ns", SAVED_MAX_NS);
	cpu->over_ns = saved_u64(sv, v, "over_ns", SAVED_MAX_NS);
	if (cpu->over_ns && cpu->used_ns / cpu->over_ns > MAX_CORES)
		saved_wrong(sv, "\"%s\" is more than all processors have", key);
}

static void read_source(struct saved *sv, const json_t *in, struct result *r,
			struct result_source *s)
{
	const json_t *samples = saved_member(sv, in, "samples", JSON_ARRAY, "list");
	const size_t n = json_array_size(samples), len = strlen(sv->where);
	char name[RESULT_NAME_COLUMNS + 1];

	saved_text(sv, in, "name", name, sizeof(name));
	if (!sv->why[0] && (!name[0] || result_find(r, name)))
		saved_wrong(sv, "\"name\" is empty or a second one's");
	memcpy(s->name, name, sizeof(name));
	saved_text(sv, in, "what", s->what, sizeof(s->what));
	s->state = (enum result_state)saved_name(sv, in, "state", result_states, RESULT_NR_STATES);
	saved_text(sv, in, "why", s->why, sizeof(s->why));
	s->interval_ns = saved_u64(sv, in, "interval_ns", SAVED_MAX_NS);
	read_cpu(sv, in, "idle", &s->idle);
	read_cpu(sv, in, "busy", &s->busy);
	if (n > r->room_episodes || n > RESULT_MAX_EPISODES)
		saved_wrong(sv, "there are more samples than episodes");
	for (size_t i = 0; i < n && !sv->why[0]; i++) {
		snprintf(sv->where + len, sizeof(sv->where) - len, "samples[%zu]: ", i);
		read_sample(sv, json_array_get(samples, i), r, &s->sample[i]);
		if (i && s->sample[i].episode <= s->sample[i - 1].episode)
			saved_wrong(sv, "\"episode\" does not rise");
	}
	s->nr_samples = sv->why[0] ? 0 : (uint32_t)n;
}

static void read_costs(struct saved *sv, const json_t *in, struct result *r)
{
	snprintf(sv->where, sizeof(sv->where), "costs: ");
	for (int i = 0; i < RESULT_NR_COSTS; i++) {
		const json_t *list = saved_member(sv, in, result_costs[i], JSON_ARRAY, "list");

		if (json_array_size(list) > r->cost[i].room)
			saved_wrong(sv, "there are more of \"%s\" than episodes", result_costs[i]);
		for (size_t k = 0; !sv->why[0] && k < json_array_size(list); k++)
			result_add_cost(r, (enum result_cost)i,
					saved_to_u64(sv, json_array_get(list, k), result_costs[i],
						     SAVED_MAX_NS));
	}
}

static void read_lists(struct saved *sv, struct result *r, const json_t *episodes,
		       const json_t *sources)
{
	for (size_t i = 0; i < json_array_size(episodes) && !sv->why[0]; i++) {
		struct result_episode e;

		snprintf(sv->where, sizeof(sv->where), "episodes[%zu]: ", i);
		read_episode(sv, json_array_get(episodes, i), &e);
		(void)result_add_episode(r, &e);
	}
	for (size_t i = 0; i < json_array_size(sources) && !sv->why[0]; i++) {
		snprintf(sv->where, sizeof(sv->where), "sources[%zu]: ", i);
		read_source(sv, json_array_get(sources, i), r, &r->source[i]);
	}
}

static struct result *read_root(struct saved *sv, const json_t *root)
{
	const json_t *episodes, *sources;
	struct result *r;

	if (!saved_is(sv, root, RESULT_FORMAT, RESULT_VERSION, "oom-notify compare"))
		return NULL;
	episodes = saved_member(sv, root, "episodes", JSON_ARRAY, "list");
	sources = saved_member(sv, root, "sources", JSON_ARRAY, "list");
	if (json_array_size(sources) > RESULT_MAX_SOURCES ||
	    json_array_size(episodes) > RESULT_MAX_SOURCES * RESULT_MAX_EPISODES)
		saved_wrong(sv, "too many sources or episodes");
	if (sv->why[0])
		return NULL;
	r = result_new((uint32_t)json_array_size(sources), (uint32_t)json_array_size(episodes));
	if (!r) {
		saved_wrong(sv, "out of memory");
		return NULL;
	}
	r->started_ns = saved_u64(sv, root, "started_ms", INT64_MAX / NS_PER_MS) * NS_PER_MS;
	saved_text(sv, root, "incomplete", r->incomplete, sizeof(r->incomplete));
	if (saved_bool(sv, root, "complete") != !r->incomplete[0])
		saved_wrong(sv, "\"complete\" does not fit \"incomplete\"");
	saved_machine(sv, saved_member(sv, root, "machine", JSON_OBJECT, "object"), &r->machine);
	read_params(sv, saved_member(sv, root, "parameters", JSON_OBJECT, "object"), &r->params);
	read_lists(sv, r, episodes, sources);
	read_costs(sv, saved_member(sv, root, "costs", JSON_OBJECT, "object"), r);
	return r;
}

struct result *result_read(const char *path, char why[RESULT_TEXT_LEN])
{
	struct saved sv = { .why = why };
	struct result *r;
	json_t *root;

	why[0] = '\0';
	root = saved_open(&sv, path);
	if (!root)
		return NULL;
	r = read_root(&sv, root);
	json_decref(root);
	if (!why[0])
		return r;
	result_free(r);
	return NULL;
}
