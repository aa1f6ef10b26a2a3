// SPDX-License-Identifier: GPL-2.0-only
#include "costs.h"

#include "common/clock.h"

#define MIN_HITS  1000
#define MAX_NAMES 3

struct costs costs[NR_LOADS][NR_SUBJECTS];

const char *const point_names[NR_POINTS] = { "hit", "begin", "end", "isolate", "shrink" };

/*
 * Names of the programs on a tracepoint, of whatever subject, or how they begin; where a kernel
 * wants classic ones (bpf/classic.bpf.c), two are on the tracepoint of swap-outs.
 */
static const char *const names[NR_POINTS][MAX_NAMES] = {
	[HIT] = { "swap_write", "tp_write_folio", "scout_write" },
	[BEGIN] = { "memcg_begin", "tp_memcg_begin" },
	[END] = { "memcg_end", "tp_memcg_end" },
	[ISOLATE] = { "isolate", "tp_isolate" },
	[SHRINK] = { "shrink_inactiv", "tp_shrink_inact" },
};

/* All programs on the tracepoint: their time together, and how often it was hit. */
static struct prog_stat point_sum(const struct progs *p, enum point point)
{
	struct prog_stat sum = { 0 };

	for (int i = 0; i < MAX_NAMES && names[point][i]; i++) {
		const struct prog_stat *s = progs_find(p, names[point][i]);

		if (!s)
			continue;
		sum.ns += s->ns;
		if (s->runs > sum.runs)
			sum.runs = s->runs;
	}
	return sum;
}

/* One that is on no other tracepoint has whatever name it has. */
static struct prog_stat hit_sum(const struct progs *p)
{
	struct prog_stat sum = point_sum(p, HIT);

	return sum.runs || !p->n ? sum : p->prog[0];
}

bool costs_add(struct costs *c, const struct progs *delta, const struct storm *storm)
{
	const double storm_ns = (double)storm->ns;
	const struct prog_stat *flush = progs_find(delta, "flush");
	const struct prog_stat hit = hit_sum(delta);
	double all_ns = 0;

	if (hit.runs < MIN_HITS)
		return false;
	for (int point = 0; point < NR_POINTS; point++) {
		const struct prog_stat s = point == HIT ? hit : point_sum(delta, (enum point)point);

		if (s.runs)
			samples_add(&c->ns[point], (double)s.ns / (double)s.runs);
		samples_add(&c->percent[point], 100 * (double)s.ns / storm_ns);
	}
	for (unsigned int i = 0; i < delta->n; i++)
		all_ns += (double)delta->prog[i].ns;
	samples_add(&c->all_percent, 100 * all_ns / storm_ns);
	samples_add(&c->flushes_per_s,
		    flush ? (double)flush->runs * (double)NS_PER_S / storm_ns : 0);
	c->runs += hit.runs;
	c->last = *delta;
	return true;
}
