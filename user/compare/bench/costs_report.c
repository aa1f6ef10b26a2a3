// SPDX-License-Identifier: GPL-2.0-only
/* Ratios are taken within a round, and medians over the rounds, so that drift cancels. */
#include "costs.h"

#include <math.h>
#include <stdio.h>

/* Row names outlive this call: report_print() comes last. */
static char row_names[MAX_ROWS][24];
static unsigned int nr_row_names;

static const char *row_name(const char *what, enum load load)
{
	char *name = row_names[nr_row_names++ % MAX_ROWS];

	snprintf(name, sizeof(row_names[0]), "%s, %s", what, loads_names[load]);
	return name;
}

/* Element by element; subjects that failed at last have fewer. */
static void ratios(const struct samples *over, const struct samples *under, struct samples *to)
{
	to->n = 0;
	for (unsigned int i = 0; i < over->n && i < under->n; i++)
		if (under->v[i] > 0)
			samples_add(to, over->v[i] / under->v[i]);
}

static const struct samples *sum(const struct samples *a, const struct samples *b,
				 struct samples *to)
{
	to->n = 0;
	for (unsigned int i = 0; i < a->n && i < b->n; i++)
		samples_add(to, a->v[i] + b->v[i]);
	return to;
}

struct pair {
	const char *name;
	const char *beside;
	const struct samples *ours, *theirs;
	double target;
	enum direction direction;
	enum unit unit;
};

static void report_pair(struct report *r, const struct pair *p)
{
	static struct samples ratio;
	struct row row = {
		.name = p->name,
		.value = samples_median(p->ours),
		.beside = p->beside,
		.beside_value = samples_median(p->theirs),
		.target = p->target,
		.direction = p->direction,
		.unit = p->unit,
	};

	ratios(p->ours, p->theirs, &ratio);
	if (ratio.n)
		report_ratios(r, &row, &ratio);
}

static void report_point(struct report *r, const char *name, enum load load, enum subject subject,
			 enum point point, double target)
{
	report_pair(r,
		    &(struct pair){ row_name(name, load), "empty", &costs[load][subject].ns[point],
				    &costs[load][EMPTY].ns[point], target,
				    target > 0 ? AT_MOST : NO_TARGET, UNIT_NS });
}

static void report_hits(struct report *r)
{
	const struct costs *zram = costs[LOAD_ZRAM];

	for (int load = 0; load < NR_LOADS; load++)
		report_point(r, "with records", (enum load)load, DEFAULT, HIT, 1.8);
	for (int load = 0; load < NR_LOADS; load++)
		report_point(r, "only counted", (enum load)load, COUNTED, HIT, 0);
	report_pair(r, &(struct pair){ "with records, zram", "bpftrace", &zram[DEFAULT].ns[HIT],
				       &zram[BPFTRACE].ns[HIT], 1, BELOW, UNIT_NS });
	report_pair(r, &(struct pair){ "waking each, zram", "told, --raw", &zram[WAKE].ns[HIT],
				       &zram[RAW].ns[HIT], 5, AT_LEAST, UNIT_NS });
}

/* A pair with its records is held against a time: they come by the gap, not by the pair. */
static void report_pairs(struct report *r)
{
	static struct samples ours, theirs;

	for (int load = 0; load < NR_LOADS; load++) {
		const struct costs *c = costs[load];

		sum(&c[COUNTED].ns[BEGIN], &c[COUNTED].ns[END], &ours);
		sum(&c[EMPTY].ns[BEGIN], &c[EMPTY].ns[END], &theirs);
		report_pair(r, &(struct pair){ row_name("only counted", (enum load)load), "empty",
					       &ours, &theirs, 5, AT_MOST, UNIT_NS });
	}
	for (int load = 0; load < NR_LOADS; load++) {
		const struct costs *c = costs[load];
		struct row row = { .name = row_name("with records", (enum load)load),
				   .ratio = NAN,
				   .target = 1500,
				   .direction = AT_MOST };

		sum(&c[DEFAULT].ns[BEGIN], &c[DEFAULT].ns[END], &ours);
		row.value = samples_median(&ours);
		if (!isnan(row.value))
			report_row(r, &row);
	}
}

static void report_shares(struct report *r, enum load load)
{
	const struct costs *c = costs[load];

	if (!c[DEFAULT].all_percent.n)
		return;
	report_heading(r, "Share of a storm's time, by program, %s", loads_names[load]);
	for (int point = 0; point < NR_POINTS; point++)
		report_pair(r,
			    &(struct pair){ point_names[point], "empty", &c[DEFAULT].percent[point],
					    &c[EMPTY].percent[point], 0, NO_TARGET, UNIT_PERCENT });
	report_pair(r, &(struct pair){ "all of them", "empty", &c[DEFAULT].all_percent,
				       &c[EMPTY].all_percent, 0, NO_TARGET, UNIT_PERCENT });
	report_row(r, &(struct row){ .name = "flushed, a second",
				     .value = samples_median(&c[DEFAULT].flushes_per_s),
				     .ratio = NAN,
				     .target = 5,
				     .direction = AT_MOST,
				     .unit = UNIT_COUNT });
}

static void report_missing(struct report *r, enum load load)
{
	for (int i = 0; i < NR_SUBJECTS; i++) {
		const struct costs *c = &costs[load][i];

		if (c->failed)
			report_failure(r, "programs, %s, %s: %s", loads_names[load],
				       subject_names[i], c->why);
		else if (c->why[0])
			report_note(r, "programs, %s: not beside %s: %s.", loads_names[load],
				    subject_names[i], c->why);
		if (c->dropped)
			report_note(r,
				    "programs, %s, %s: %.1f %% of the hits found the ring full and "
				    "cost less for it.",
				    loads_names[load], subject_names[i],
				    100.0 * (double)c->dropped / (double)c->runs);
	}
}

static void costs_json(struct json *j, const struct costs *c, const char *name)
{
	json_open(j, name, '{');
	json_u64(j, "hits", c->runs);
	json_u64(j, "dropped", c->dropped);
	for (int point = 0; point < NR_POINTS; point++)
		samples_json(j, point_names[point], &c->ns[point]);
	samples_json(j, "all_percent", &c->all_percent);
	json_open(j, "programs", '[');
	for (unsigned int i = 0; i < c->last.n; i++) {
		json_open(j, NULL, '{');
		json_str(j, "name", c->last.prog[i].name);
		json_u64(j, "runs", c->last.prog[i].runs);
		json_u64(j, "ns", c->last.prog[i].ns);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
}

void costs_report(struct report *r)
{
	report_heading(r, "A hit of the swap-out tracepoint, %u rounds; quartiles of the ratio",
		       r->rounds);
	report_hits(r);
	report_heading(r, "begin and end of a reclaim, together");
	report_pairs(r);
	report_heading(r, "shrink_inactive");
	for (int load = 0; load < NR_LOADS; load++)
		report_point(r, "with records", (enum load)load, DEFAULT, SHRINK, 1.8);
	for (int load = 0; load < NR_LOADS; load++)
		report_shares(r, (enum load)load);
	for (int load = 0; load < NR_LOADS; load++) {
		report_missing(r, (enum load)load);
		json_open(&r->json, loads_names[load], '{');
		for (int i = 0; i < NR_SUBJECTS; i++)
			if (costs[load][i].runs)
				costs_json(&r->json, &costs[load][i], subject_names[i]);
		json_close(&r->json, '}');
	}
}
