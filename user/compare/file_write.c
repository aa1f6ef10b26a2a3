// SPDX-License-Identifier: GPL-2.0-only
/* Writes a run as JSON: an object a line wherever there are many, for diff and for people. */
#include <errno.h>

#include "common/clock.h"
#include "common/json.h"
#include "file.h"

struct writer {
	struct json json;
	FILE *f;
	char buf[8192]; /* a line: the longest holds a few texts, each byte escaped at worst */
};

/* JSON allows a new line between any two of its parts. */
static void end_line(struct writer *w)
{
	(void)fwrite(w->json.buf, 1, w->json.len, w->f);
	(void)fputc('\n', w->f);
	w->json.len = 0;
}

static void put_machine(struct writer *w, const struct result_machine *m)
{
	struct json *j = &w->json;

	json_open(j, "machine", '{');
	machine_json(j, &m->is);
	json_str(j, "swap", m->swap);
	machine_load_json(j, "load_before", m->is.load);
	machine_load_json(j, "load_after", m->load_after);
	json_close(j, '}');
	end_line(w);
}

static void put_params(struct writer *w, const struct result_params *p)
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
	end_line(w);
}

static void put_episodes(struct writer *w, const struct result *r)
{
	struct json *j = &w->json;

	json_open(j, "episodes", '[');
	for (uint32_t i = 0; i < r->nr_episodes; i++) {
		const struct result_episode *e = &r->episode[i];

		end_line(w);
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
	end_line(w);
}

static void put_costs(struct writer *w, const struct result *r)
{
	struct json *j = &w->json;

	json_open(j, "costs", '{');
	for (int i = 0; i < RESULT_NR_COSTS; i++) {
		end_line(w);
		json_open(j, result_costs[i], '[');
		for (uint32_t k = 0; k < r->cost[i].n; k++) {
			if (k && k % 16 == 0)
				end_line(w);
			json_u64(j, NULL, r->cost[i].ns[k]);
		}
		json_close(j, ']');
	}
	json_close(j, '}');
	end_line(w);
}

static void put_cpu(struct json *j, const char *key, const struct result_cpu *cpu)
{
	json_open(j, key, '{');
	json_u64(j, "used_ns", cpu->used_ns);
	json_u64(j, "over_ns", cpu->over_ns);
	json_close(j, '}');
}

static void put_samples(struct writer *w, const struct result_source *s)
{
	struct json *j = &w->json;

	json_open(j, "samples", '[');
	for (uint32_t i = 0; i < s->nr_samples; i++) {
		const struct result_sample *k = &s->sample[i];

		end_line(w);
		json_open(j, NULL, '{');
		json_u64(j, "episode", k->episode);
		if (k->told)
			json_u64(j, "latency_ns", k->latency_ns);
		else
			json_nil(j, "latency_ns");
		json_u64(j, "wakes", k->wakes);
		json_u64(j, "false_wakes", k->false_wakes);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_sources(struct writer *w, const struct result *r)
{
	struct json *j = &w->json;

	json_open(j, "sources", '[');
	for (uint32_t i = 0; i < r->nr_sources; i++) {
		const struct result_source *s = &r->source[i];

		end_line(w);
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
	struct writer w = { .f = f };
	struct json *j = &w.json;

	json_init(j, w.buf, sizeof(w.buf));
	json_open(j, NULL, '{');
	json_str(j, "format", RESULT_FORMAT);
	json_u64(j, "version", RESULT_VERSION);
	/* Nanoseconds since 1970 are more than a double holds, and many readers know only doubles. */
	json_u64(j, "started_ms", r->started_ns / NS_PER_MS);
	json_bool(j, "complete", !r->incomplete[0]);
	json_str(j, "incomplete", r->incomplete);
	end_line(&w);
	put_machine(&w, &r->machine);
	put_params(&w, &r->params);
	put_episodes(&w, r);
	put_costs(&w, r);
	put_sources(&w, r);
	json_close(j, '}');
	if (j->overflow)
		return -EMSGSIZE;
	end_line(&w);
	errno = EIO;
	return fflush(f) || ferror(f) ? -errno : 0;
}
