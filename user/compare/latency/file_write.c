// SPDX-License-Identifier: GPL-2.0-only
/* Writes a run as JSON. */
#include "file.h"
#include "compare/saving.h"

static void put_params(struct saving *w, const struct result_params *p)
{
	struct json *j = &w->json;

	json_open(j, "parameters", '{');
	json_u64(j, "episodes", p->episodes);
	json_u64(j, "seed", p->seed);
	json_u64(j, "interval_ns", p->interval_ns);
	json_str(j, "ramp", result_ramps[p->ramp]);
	json_bool(j, "one_at_a_time", p->one_at_a_time);
	json_u64(j, "quiet_min_ns", p->quiet_min_ns);
	json_u64(j, "quiet_max_ns", p->quiet_max_ns);
	json_u64(j, "silence_ns", p->silence_ns);
	json_u64(j, "box_limit_bytes", p->box_limit_bytes);
	json_u64(j, "box_use_bytes", p->box_use_bytes);
	json_str(j, "sharing", p->sharing);
	json_close(j, '}');
	saving_line(w);
}

static void put_episodes(struct saving *w, const struct result *r)
{
	struct json *j = &w->json;

	json_open(j, "episodes", '[');
	for (uint32_t i = 0; i < r->nr_episodes; i++) {
		const struct result_episode *e = &r->episode[i];

		saving_line(w);
		json_open(j, NULL, '{');
		json_u64(j, "zero_ns", e->zero_ns);
		json_u64(j, "swap_out_ns", e->swap_out_ns);
		json_u64(j, "end_ns", e->end_ns);
		json_u64(j, "deadline_ns", e->deadline_ns);
		json_u64(j, "quiet_ns", e->quiet_ns);
		json_str(j, "zero", result_zeros[e->zero]);
		json_u64(j, "others_hits", e->others_hits);
		json_str(j, "others_comm", e->others_comm);
		json_close(j, '}');
	}
	json_close(j, ']');
	saving_line(w);
}

static void put_costs(struct saving *w, const struct result *r)
{
	struct json *j = &w->json;

	json_open(j, "costs", '{');
	for (int i = 0; i < RESULT_NR_COSTS; i++) {
		saving_line(w);
		json_open(j, result_costs[i], '[');
		for (uint32_t k = 0; k < r->cost[i].n; k++) {
			if (k && k % 16 == 0)
				saving_line(w);
			json_u64(j, NULL, r->cost[i].ns[k]);
		}
		json_close(j, ']');
	}
	json_close(j, '}');
	saving_line(w);
}

static void put_cpu(struct json *j, const char *key, const struct result_cpu *cpu)
{
	json_open(j, key, '{');
	json_u64(j, "used_ns", cpu->used_ns);
	json_u64(j, "over_ns", cpu->over_ns);
	json_close(j, '}');
}

static void put_samples(struct saving *w, const struct result_source *s)
{
	struct json *j = &w->json;

	json_open(j, "samples", '[');
	for (uint32_t i = 0; i < s->nr_samples; i++) {
		const struct result_sample *k = &s->sample[i];

		saving_line(w);
		json_open(j, NULL, '{');
		json_u64(j, "episode", k->episode);
		if (k->notified)
			json_u64(j, "latency_ns", k->latency_ns);
		else
			json_nil(j, "latency_ns");
		json_u64(j, "wakes", k->wakes);
		json_u64(j, "false_wakes", k->false_wakes);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_sources(struct saving *w, const struct result *r)
{
	struct json *j = &w->json;

	json_open(j, "sources", '[');
	for (uint32_t i = 0; i < r->nr_sources; i++) {
		const struct result_source *s = &r->source[i];

		saving_line(w);
		json_open(j, NULL, '{');
		json_str(j, "name", s->name);
		json_str(j, "what", s->what);
		json_str(j, "state", result_states[s->state]);
		json_str(j, "why", s->why);
		json_u64(j, "interval_ns", s->interval_ns);
		put_cpu(j, "idle", &s->idle);
		put_cpu(j, "busy", &s->busy);
		put_samples(w, s);
		json_close(j, '}');
	}
	json_close(j, ']');
}

int result_write(const struct result *r, FILE *f)
{
	struct saving w;

	saving_begin(&w, f, RESULT_FORMAT, RESULT_VERSION, r->started_ns, r->incomplete);
	saving_machine(&w, &r->machine);
	put_params(&w, &r->params);
	put_episodes(&w, r);
	put_costs(&w, r);
	put_sources(&w, r);
	return saving_end(&w);
}
