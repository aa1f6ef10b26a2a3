// SPDX-License-Identifier: GPL-2.0-only
/* A table for each question, a row a source, a column a rate. */
#include "table.h"

#include <inttypes.h>
#include <math.h>

#include "common/human.h"
#include "compare/figures.h"
#include "stats.h"
#include "figures.h"

#define NAME_COLUMNS 14
#define CELL_COLUMNS 8

typedef void (*cell_fn)(const struct survive_cell *c, char buf[HUMAN_LEN]);

static void print_run(const struct survive *s, FILE *f)
{
	const struct survive_params *p = &s->params;
	const struct result_machine *m = &s->machine;
	char date[TEXT_LEN], a[HUMAN_LEN], b[HUMAN_LEN];

	if (s->incomplete[0])
		text_wrap(f, "INCOMPLETE:", 2, "%s", s->incomplete);
	text_wrap(f, "run:", 2,
		  "%s, %" PRIu64 " episodes of each source at each rate, limit %s, cache %s, of "
		  "which half must go, seed %" PRIu64,
		  text_date(s->started_ns, date), p->episodes, human_size(p->limit_bytes, a),
		  human_size(p->cache_bytes, b), p->seed);
	text_wrap(f, "machine:", 2,
		  "Linux %s, %u cores (%s), %s of memory, swap %s, load %.2f to %.2f", m->is.kernel,
		  m->is.cores, m->is.processor, human_size(m->is.memory_kb << 10, a), m->swap,
		  m->is.load[0], m->load_after[0]);
}

static void print_sources(const struct survive *s, FILE *f)
{
	text_wrap(f, "rules:", 2,
		  "each source alone in a cgroup with its own load, one at a time in random order, "
		  "%s; "
		  "who is not told how much must go gives up a quarter of its cache each time; a "
		  "kill "
		  "of the victim or of the load counts as dead",
		  s->params.realtime ? "SCHED_FIFO 1" : "not real-time");
	for (uint32_t i = 0; i < s->nr_sources; i++) {
		char head[RESULT_NAME_LEN + 2];

		snprintf(head, sizeof(head), "%s:", s->source[i].name);
		text_wrap(f, head, 2, "%s", s->source[i].what);
	}
}

static void print_absent(const struct survive *s, FILE *f)
{
	for (uint32_t i = 0; i < s->nr_sources; i++)
		if (s->source[i].state != RESULT_RAN)
			text_wrap(f, "not here:", 2, "%s: %s", s->source[i].name, s->source[i].why);
}

static void survivors(const struct survive_cell *c, char buf[HUMAN_LEN])
{
	snprintf(buf, HUMAN_LEN, "%" PRIu32 "/%" PRIu32, c->survivors, c->episodes);
}

static void lead(const struct survive_cell *c, char buf[HUMAN_LEN])
{
	if (c->notified)
		(void)survive_lead(c->lead_p50_ns, buf);
	else
		snprintf(buf, HUMAN_LEN, "never");
}

static void given(const struct survive_cell *c, char buf[HUMAN_LEN])
{
	(void)text_ratio(c->given_p50, buf);
}

static void stall(const struct survive_cell *c, char buf[HUMAN_LEN])
{
	(void)survive_lead(c->stall_p50_ns, buf);
}

static bool has_episodes(const struct survive *s, uint32_t source, enum survive_swap swap)
{
	for (uint32_t i = 0; i < s->nr_episodes; i++)
		if (s->episode[i].source == source && s->episode[i].swap == swap)
			return true;
	return false;
}

static void print_table(const struct survive *s, enum survive_swap swap, const char *title,
			cell_fn cell, FILE *f)
{
	const struct survive_params *p = &s->params;

	fprintf(f, "\n%s, %s swap\n%-*s", title, survive_swaps[swap], NAME_COLUMNS, "MB/s:");
	for (uint32_t rate = 0; rate < p->nr_rates; rate++) {
		if (p->rate_mb_s[rate])
			fprintf(f, "%*u", CELL_COLUMNS, p->rate_mb_s[rate]);
		else
			fprintf(f, "%*s", CELL_COLUMNS, "max");
	}
	(void)fputc('\n', f);
	for (uint32_t i = 0; i < s->nr_sources; i++) {
		if (!has_episodes(s, i, swap))
			continue;
		fprintf(f, "%-*s", NAME_COLUMNS, s->source[i].name);
		for (uint32_t rate = 0; rate < p->nr_rates; rate++) {
			struct survive_cell c;
			char buf[HUMAN_LEN] = "-";

			survive_cell(s, i, rate, swap, &c);
			if (c.episodes)
				cell(&c, buf);
			fprintf(f, "%*s", CELL_COLUMNS, buf);
		}
		(void)fputc('\n', f);
	}
}

static void print_benign(const struct survive *s, FILE *f)
{
	bool any = false;

	for (int kind = 0; kind < SURVIVE_NR_BENIGN; kind++)
		any |= s->benign_ns[kind] != 0;
	if (!any)
		return;
	fprintf(f, "\ntold for nothing, in\n%-*s", NAME_COLUMNS, "");
	for (int kind = 0; kind < SURVIVE_NR_BENIGN; kind++) {
		char head[HUMAN_LEN + 16], took[HUMAN_LEN];

		snprintf(head, sizeof(head), "%s %s", human_time(s->benign_ns[kind], took),
			 survive_benigns[kind]);
		fprintf(f, "%*s", 2 * CELL_COLUMNS, head);
	}
	(void)fputc('\n', f);
	for (uint32_t i = 0; i < s->nr_sources; i++) {
		const struct survive_source *source = &s->source[i];

		if (source->state != RESULT_RAN || survive_is_control(source->name))
			continue;
		fprintf(f, "%-*s", NAME_COLUMNS, source->name);
		for (int kind = 0; kind < SURVIVE_NR_BENIGN; kind++)
			fprintf(f, "%*" PRIu64, 2 * CELL_COLUMNS, source->false_tells[kind]);
		(void)fputc('\n', f);
	}
}

void survive_print(const struct survive *s, bool verbose, FILE *f)
{
	static const struct {
		const char *title;
		cell_fn cell;
	} tables[] = {
		{ "load's time in touches that took long, p50", stall },
		{ "cache given up, of what was needed, p50 of survivors", given },
		{ "told so long before nothing would have been left, p50", lead },
		{ "survivors", survivors },
	};

	print_run(s, f);
	if (verbose)
		print_sources(s, f);
	print_absent(s, f);
	print_benign(s, f);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (int swap = 0; swap < SURVIVE_NR_SWAPS; swap++)
			if (s->params.swap[swap])
				print_table(s, (enum survive_swap)swap, tables[i].title,
					    tables[i].cell, f);
}
