// SPDX-License-Identifier: GPL-2.0-only
/* Writes a run as JSON. */
#include "compare/saving.h"
#include "file.h"

static void put_params(struct saving *w, const struct survive_params *p)
{
	struct json *j = &w->json;

	json_open(j, "parameters", '{');
	json_u64(j, "episodes", p->episodes);
	json_u64(j, "seed", p->seed);
	json_u64(j, "limit_bytes", p->limit_bytes);
	json_u64(j, "cache_bytes", p->cache_bytes);
	json_u64(j, "swap_bytes", p->swap_bytes);
	json_open(j, "rates_mb_s", '[');
	for (uint32_t i = 0; i < p->nr_rates; i++)
		json_u64(j, NULL, p->rate_mb_s[i]);
	json_close(j, ']');
	json_bool(j, "without_swap", p->swap[SURVIVE_NO_SWAP]);
	json_bool(j, "with_swap", p->swap[SURVIVE_SWAP]);
	json_u64(j, "benign_ns", p->benign_ns);
	json_bool(j, "realtime", p->realtime);
	json_close(j, '}');
	saving_line(w);
}

static void put_benign(struct saving *w, const char *key, const uint64_t v[SURVIVE_NR_BENIGN])
{
	json_open(&w->json, key, '{');
	for (int i = 0; i < SURVIVE_NR_BENIGN; i++)
		json_u64(&w->json, survive_benigns[i], v[i]);
	json_close(&w->json, '}');
}

static void put_sources(struct saving *w, const struct survive *s)
{
	struct json *j = &w->json;

	json_open(j, "sources", '[');
	for (uint32_t i = 0; i < s->nr_sources; i++) {
		const struct survive_source *source = &s->source[i];

		saving_line(w);
		json_open(j, NULL, '{');
		json_str(j, "name", source->name);
		json_str(j, "what", source->what);
		json_str(j, "state", result_states[source->state]);
		json_str(j, "why", source->why);
		put_benign(w, "told_for_nothing", source->false_tells);
		json_close(j, '}');
	}
	json_close(j, ']');
	saving_line(w);
}

static void put_episodes(struct saving *w, const struct survive *s)
{
	struct json *j = &w->json;

	json_open(j, "episodes", '[');
	for (uint32_t i = 0; i < s->nr_episodes; i++) {
		const struct survive_episode *e = &s->episode[i];

		saving_line(w);
		json_open(j, NULL, '{');
		json_str(j, "source", s->source[e->source].name);
		json_u64(j, "rate_mb_s", s->params.rate_mb_s[e->rate]);
		json_str(j, "swap", survive_swaps[e->swap]);
		json_str(j, "end", survive_ends[e->end]);
		json_u64(j, "tells", e->tells);
		/* Before the limit, or after it: one of them is 0. */
		json_u64(j, "before_ns", e->lead_ns > 0 ? (uint64_t)e->lead_ns : 0);
		json_u64(j, "after_ns", e->lead_ns < 0 ? (uint64_t)-e->lead_ns : 0);
		json_u64(j, "given_bytes", e->given_bytes);
		json_u64(j, "needed_bytes", e->needed_bytes);
		json_u64(j, "stall_ns", e->stall_ns);
		json_close(j, '}');
	}
	json_close(j, ']');
	saving_line(w);
}

int survive_write(const struct survive *s, FILE *f)
{
	struct saving w;

	saving_begin(&w, f, SURVIVE_FORMAT, SURVIVE_VERSION, s->started_ns, s->incomplete);
	saving_machine(&w, &s->machine);
	put_params(&w, &s->params);
	put_benign(&w, "benign_ns", s->benign_ns);
	put_sources(&w, s);
	put_episodes(&w, s);
	return saving_end(&w);
}
