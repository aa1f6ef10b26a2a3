// SPDX-License-Identifier: GPL-2.0-only
/*
 * A panel without swap, one with: the share that survived at each rate. Lines that would lie on
 * each other are drawn a little apart, so that all of them can be seen.
 */
#include "plot.h"

#include <inttypes.h>

#include "result.h"
#include "stats.h"

#define WIDTH	     960
#define PANEL_HEIGHT 420
/* In percent of survivors. */
#define APART 0.9

static bool has_any(const struct survive *s, uint32_t source, enum survive_swap swap)
{
	for (uint32_t i = 0; i < s->nr_episodes; i++)
		if (s->episode[i].source == source && s->episode[i].swap == swap)
			return true;
	return false;
}

static bool has_panel(const struct survive *s, enum survive_swap swap)
{
	for (uint32_t i = 0; i < s->nr_sources; i++)
		if (has_any(s, i, swap))
			return true;
	return false;
}

static void put_data(const struct survive *s, FILE *f)
{
	for (int swap = 0; swap < SURVIVE_NR_SWAPS; swap++) {
		for (uint32_t i = 0; i < s->nr_sources; i++) {
			if (!has_any(s, i, (enum survive_swap)swap))
				continue;
			fprintf(f, "$d%d_%" PRIu32 " << EOD\n", swap, i);
			for (uint32_t rate = 0; rate < s->params.nr_rates; rate++) {
				struct survive_cell c;

				survive_cell(s, i, rate, (enum survive_swap)swap, &c);
				if (c.episodes)
					fprintf(f, "%" PRIu32 " %.2f\n", rate,
						100.0 * c.survivors / c.episodes);
			}
			fputs("EOD\n", f);
		}
	}
}

static void put_rates(const struct survive_params *p, FILE *f)
{
	fputs("set xtics (", f);
	for (uint32_t i = 0; i < p->nr_rates; i++) {
		fputs(i ? ", " : "", f);
		if (p->rate_mb_s[i])
			fprintf(f, "'%" PRIu32 "' %" PRIu32, p->rate_mb_s[i], i);
		else
			fprintf(f, "'max' %" PRIu32, i);
	}
	fprintf(f, ")\nset xrange [-0.2:%.1f]\n", (double)p->nr_rates - 0.8);
}

static void put_panel(const struct survive *s, enum survive_swap swap, FILE *f)
{
	bool first = true;

	fprintf(f, "set title '%s swap'\nplot", survive_swaps[swap]);
	for (uint32_t i = 0; i < s->nr_sources; i++) {
		if (!has_any(s, i, swap))
			continue;
		fprintf(f,
			"%s $d%d_%" PRIu32 " using 1:($2 - %.2f) with linespoints lw %d pt %" PRIu32
			" title '",
			first ? "" : ",", swap, i, APART * i,
			survive_is_control(s->source[i].name) ? 1 : 2, i + 1);
		plot_text(f, s->source[i].name);
		(void)fputc('\'', f);
		first = false;
	}
	(void)fputc('\n', f);
}

void survive_plot(const void *run, enum plot_format format, FILE *f)
{
	const struct survive *s = run;
	int panels = 0;

	for (int swap = 0; swap < SURVIVE_NR_SWAPS; swap++)
		panels += has_panel(s, (enum survive_swap)swap);
	fputs("set encoding utf8\n", f);
	fprintf(f, "set terminal %s noenhanced size %d,%d font 'sans,12' background rgb 'white'\n",
		format == PLOT_SVG ? "svg" : "pngcairo", WIDTH,
		PANEL_HEIGHT * (panels ? panels : 1));
	put_data(s, f);
	fprintf(f, "set multiplot layout %d,1\n", panels ? panels : 1);
	fputs("set ylabel 'survivors, %'\nset yrange [-12:103]\nset ytics 0,20,100\nset grid y\n"
	      "set xlabel 'growth, MB/s'\nset key outside right\n",
	      f);
	put_rates(&s->params, f);
	if (!panels)
		fputs("set title 'nothing was measured'\nplot 0 notitle\n", f);
	for (int swap = 0; swap < SURVIVE_NR_SWAPS; swap++)
		if (has_panel(s, (enum survive_swap)swap))
			put_panel(s, (enum survive_swap)swap, f);
	fputs("unset multiplot\n", f);
}
