// SPDX-License-Identifier: GPL-2.0-only
/* The data of plot.gnuplot. */
#include <inttypes.h>

#include "compare/gnuplot.h"
#include "result.h"
#include "stats.h"

static bool has_any(const struct survive *s, uint32_t source, enum survive_swap swap)
{
	for (uint32_t i = 0; i < s->nr_episodes; i++)
		if (s->episode[i].source == source && s->episode[i].swap == swap)
			return true;
	return false;
}

/* The shares of a source at each rate. */
static void put_line(const struct survive *s, uint32_t source, enum survive_swap swap, FILE *f)
{
	for (uint32_t rate = 0; rate < s->params.nr_rates; rate++) {
		struct survive_cell c;

		survive_cell(s, source, rate, swap, &c);
		if (c.episodes)
			fprintf(f, "%" PRIu32 " %.2f\n", rate, 100.0 * c.survivors / c.episodes);
	}
	fputs("\n\n", f);
}

static void put_rates(const struct survive_params *p, FILE *f)
{
	char text[SURVIVE_MAX_RATES * 12] = "";
	size_t len = 0;

	for (uint32_t i = 0; i < p->nr_rates; i++)
		len += (size_t)(p->rate_mb_s[i] ? snprintf(text + len, sizeof(text) - len,
							   "%" PRIu32 " ", p->rate_mb_s[i]) :
						  snprintf(text + len, sizeof(text) - len, "max "));
	plot_set(f, "rates", text);
}

struct plot {
	const struct survive *s;
	FILE *f;
	int panels, lines;
};

/* An array's member; gnuplot's begin at 1. */
static void set_member(const struct plot *p, const char *array, int i, uint32_t value)
{
	fprintf(p->f, "%s[%d] = %" PRIu32 "\n", array, i, value);
}

static void set_text(const struct plot *p, const char *array, int i, const char *text)
{
	char member[32];

	snprintf(member, sizeof(member), "%s[%d]", array, i);
	plot_set(p->f, member, text);
}

/* A panel, if anything was measured with @swap or without. */
static void put_panel(struct plot *p, enum survive_swap swap)
{
	const int before = p->lines;
	char title[32];

	for (uint32_t i = 0; i < p->s->nr_sources; i++) {
		const char *name = p->s->source[i].name;

		if (!has_any(p->s, i, swap))
			continue;
		p->lines++;
		set_text(p, "name", p->lines, name);
		set_member(p, "number", p->lines, i);
		set_member(p, "width", p->lines, survive_is_control(name) ? 1 : 2);
	}
	if (p->lines == before)
		return;
	p->panels++;
	snprintf(title, sizeof(title), "%s swap", survive_swaps[swap]);
	set_text(p, "panel", p->panels, title);
	set_member(p, "first", p->panels, (uint32_t)before + 1);
	set_member(p, "last", p->panels, (uint32_t)p->lines);
}

static void put_data(const void *run, FILE *f)
{
	struct plot p = { .s = run, .f = f };

	fprintf(f, "array panel[%d]\narray first[%d]\narray last[%d]\n", SURVIVE_NR_SWAPS,
		SURVIVE_NR_SWAPS, SURVIVE_NR_SWAPS);
	fprintf(f, "array name[%d]\narray number[%d]\narray width[%d]\n",
		SURVIVE_NR_SWAPS * SURVIVE_MAX_SOURCES, SURVIVE_NR_SWAPS * SURVIVE_MAX_SOURCES,
		SURVIVE_NR_SWAPS * SURVIVE_MAX_SOURCES);
	put_rates(&p.s->params, f);
	for (int swap = 0; swap < SURVIVE_NR_SWAPS; swap++)
		put_panel(&p, (enum survive_swap)swap);
	fprintf(f, "panels = %d\n$lines << END\n", p.panels);
	for (int swap = 0; swap < SURVIVE_NR_SWAPS; swap++)
		for (uint32_t i = 0; i < p.s->nr_sources; i++)
			if (has_any(p.s, i, (enum survive_swap)swap))
				put_line(p.s, i, (enum survive_swap)swap, f);
	fputs("END\n", f);
}

const struct plot_kind plot_survive = { .data = put_data, .script = gnuplot_survive_script };
