// SPDX-License-Identifier: GPL-2.0-only
/*
 * A row for each source, the earliest on top: every sample as a circle, a box from p10 to p90, a
 * thick bar at p50, and crosses behind the axis for what was missed. All of it in black on white.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "compare/gnuplot.h"
#include "stats.h"

#define HALF_ROW 0.32
/* Longer than the box is high, so that it shows among many samples. */
#define HALF_BAR 0.44
#define WIDTH	 960
/* The plot's frame, caption and legend; each row adds its own. */
#define HEIGHT	   170
#define ROW_HEIGHT 46

struct row {
	const struct result_source *source; /* NULL: the bare wake-up */
	uint64_t p10_ns, p50_ns, p90_ns;
};

struct plot {
	const struct result *r;
	FILE *f;
	struct row row[RESULT_MAX_SOURCES + 1];
	uint32_t nr_rows;
	bool missed;		  /* somebody has missed something */
	uint64_t low_ns, high_ns; /* the axis, powers of ten */
};

static double seconds(uint64_t ns)
{
	return (double)(ns ? ns : 1) / (double)NS_PER_S;
}

/* To the powers of ten around it. */
static void widen(struct plot *p, uint64_t ns)
{
	uint64_t power = 1;

	while (power * 10 <= ns)
		power *= 10;
	if (!p->high_ns || power < p->low_ns)
		p->low_ns = power;
	if (power < ns)
		power *= 10;
	if (power > p->high_ns)
		p->high_ns = power;
}

static void fit_axis(struct plot *p)
{
	const struct result *r = p->r;
	const struct result_series *baseline = &r->cost[RESULT_COST_BASELINE];

	for (uint32_t i = 0; i < r->nr_sources; i++) {
		for (uint32_t k = 0; k < r->source[i].nr_samples; k++) {
			const struct result_sample *sample = &r->source[i].sample[k];

			if (sample->told)
				widen(p, sample->latency_ns);
			p->missed |= !sample->told;
		}
	}
	for (uint32_t i = 0; i < baseline->n; i++)
		widen(p, baseline->ns[i]);
	if (!p->high_ns) {
		p->low_ns = NS_PER_US;
		p->high_ns = NS_PER_S;
	}
	if (p->low_ns == p->high_ns)
		p->high_ns *= 10;
}

static int earlier(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return (x->p50_ns > y->p50_ns) - (x->p50_ns < y->p50_ns);
}

static void collect_rows(struct plot *p)
{
	const struct result *r = p->r;

	for (uint32_t i = 0; i < r->nr_sources && i < RESULT_MAX_SOURCES; i++) {
		const struct result_source *s = &r->source[i];

		if (s->nr_samples)
			p->row[p->nr_rows++] = (struct row){ s, result_percentile(r, s, 10),
							     result_percentile(r, s, 50),
							     result_percentile(r, s, 90) };
	}
	if (r->cost[RESULT_COST_BASELINE].n)
		p->row[p->nr_rows++] =
			(struct row){ NULL, result_cost_percentile(r, RESULT_COST_BASELINE, 10),
				      result_cost_percentile(r, RESULT_COST_BASELINE, 50),
				      result_cost_percentile(r, RESULT_COST_BASELINE, 90) };
	qsort(p->row, p->nr_rows, sizeof(p->row[0]), earlier);
}

/* The first row is on top. */
static double row_y(const struct plot *p, uint32_t row)
{
	return p->nr_rows - row;
}

/* Up and down within the row, so that samples do not hide one another: the golden ratio spreads. */
static double jitter(uint32_t i)
{
	const double turns = i * 0.6180339887;

	return (turns - (double)(uint64_t)turns - 0.5) * 2 * HALF_ROW * 0.75;
}

/* Right of the axis's end, where what never came is. */
static double beyond(const struct plot *p)
{
	return seconds(p->high_ns) * 1.8;
}

static double place(const struct plot *p, uint64_t ns)
{
	return ns >= RESULT_NEVER ? beyond(p) : seconds(ns);
}

static void put_samples(const struct plot *p, bool told)
{
	const struct result_series *bare = &p->r->cost[RESULT_COST_BASELINE];

	fprintf(p->f, "$%s << END\n", told ? "told" : "missed");
	for (uint32_t i = 0; i < p->nr_rows; i++) {
		const struct result_source *s = p->row[i].source;

		for (uint32_t k = 0; s && k < s->nr_samples; k++)
			if (s->sample[k].told == told)
				fprintf(p->f, "%.9g %.3f\n",
					told ? seconds(s->sample[k].latency_ns) : beyond(p),
					row_y(p, i) + jitter(k));
		for (uint32_t k = 0; !s && told && k < bare->n; k++)
			fprintf(p->f, "%.9g %.3f\n", seconds(bare->ns[k]), row_y(p, i) + jitter(k));
	}
	fprintf(p->f, "END\n");
}

static void put_boxes(const struct plot *p)
{
	fprintf(p->f, "$box << END\n");
	for (uint32_t i = 0; i < p->nr_rows; i++) {
		const double y = row_y(p, i);

		fprintf(p->f, "%.9g %.2f %.9g %.9g %.2f %.2f\n", place(p, p->row[i].p50_ns), y,
			place(p, p->row[i].p10_ns), place(p, p->row[i].p90_ns), y - HALF_ROW,
			y + HALF_ROW);
	}
	fprintf(p->f, "END\n");
}

static void put_names(const struct plot *p)
{
	fprintf(p->f, "set ytics scale 0 (");
	for (uint32_t i = 0; i < p->nr_rows; i++) {
		fprintf(p->f, "%s'", i ? ", " : "");
		plot_text(p->f, p->row[i].source ? p->row[i].source->name : "bare wake-up");
		fprintf(p->f, "' %.0f", row_y(p, i));
	}
	fprintf(p->f, ")\nset y2tics scale 0 (");
	for (uint32_t i = 0; i < p->nr_rows; i++) {
		struct result_stats s;

		if (p->row[i].source)
			result_stats(p->r, p->row[i].source, &s);
		else
			result_cost_stats(p->r, RESULT_COST_BASELINE, &s);
		fprintf(p->f, "%s'n=%" PRIu32, i ? ", " : "", s.episodes);
		if (s.missed)
			fprintf(p->f, ", %" PRIu32 " missed", s.missed);
		if (s.false_wakes)
			fprintf(p->f, ", %" PRIu64 " false", s.false_wakes);
		fprintf(p->f, "' %.0f", row_y(p, i));
	}
	fprintf(p->f, ")\n");
}

static void put_axis(const struct plot *p)
{
	static const char *const units[] = { "ns", "µs", "ms", "s" };
	const double high = seconds(p->high_ns);

	fprintf(p->f, "set xtics (");
	for (uint64_t at = p->low_ns; at <= p->high_ns; at *= 10) {
		uint64_t n = at;
		int unit = 0;

		for (; unit < 3 && n >= 1000; unit++)
			n /= 1000;
		fprintf(p->f, "%s'%" PRIu64 " %s' %.9g", at > p->low_ns ? ", " : "", n, units[unit],
			seconds(at));
	}
	fprintf(p->f, ")\nset xrange [%.9g:%.9g]\n", seconds(p->low_ns),
		high * (p->missed ? 3.2 : 1));
	if (!p->missed)
		return;
	fprintf(p->f, "set arrow from %.9g, graph 0 to %.9g, graph 1 nohead dashtype 2\n", high,
		high);
	fprintf(p->f, "set label 'missed' at %.9g, graph 1.02 center\n", beyond(p));
}

/* gnuplot complains of empty lists of points. */
static void put_plot(const struct plot *p)
{
	fprintf(p->f, "set grid xtics linetype 1 linecolor rgb '#b0b0b0' linewidth 0.5\n"
		      "set key below horizontal\nset style fill empty\n"
		      "set xlabel 'time from zero, logarithmic'\n");
	if (!p->nr_rows) {
		fprintf(p->f, "plot NaN notitle\n");
		return;
	}
	fprintf(p->f, "plot $box using 1:2:3:4:5:6 with boxxyerror linecolor rgb 'black' "
		      "linewidth 1 title 'p10 to p90', \\\n");
	fprintf(p->f,
		" $told using 1:2 with points pointtype 6 pointsize %.1f linecolor rgb 'black' "
		"title 'sample', \\\n",
		p->r->nr_episodes > 50 ? 0.5 : 0.7);
	if (p->missed)
		fprintf(p->f, " $missed using 1:2 with points pointtype 2 pointsize 0.9 "
			      "linecolor rgb 'black' title 'missed', \\\n");
	fprintf(p->f,
		" $box using 1:($2-%.2f):(0):(%.2f) with vectors nohead linecolor rgb 'black' "
		"linewidth 4 title 'p50'\n",
		HALF_BAR, 2 * HALF_BAR);
}

static void put_caption(const struct plot *p)
{
	const struct result *r = p->r;

	fprintf(p->f, "set title '");
	fprintf(p->f, "From the first swap-out or reclaim to user code: n = %" PRIu32 " episodes%s",
		result_episodes(r), r->incomplete[0] ? " (INCOMPLETE)" : "");
	/* Single quotes know no escapes: that is why they are used. */
	fprintf(p->f, "'.\"\\n\".'Linux ");
	plot_text(p->f, r->machine.is.kernel);
	fprintf(p->f, ", %" PRIu32 " cores, %s ramp, %s'\n", r->machine.is.cores,
		result_ramps[r->params.ramp],
		r->params.one_at_a_time ? "one source at a time" : "all sources at once");
}

void plot_latencies(const void *run, enum plot_format format, FILE *f)
{
	struct plot p = { .r = run, .f = f };
	int height;

	fit_axis(&p);
	collect_rows(&p);
	height = HEIGHT + ROW_HEIGHT * (int)(p.nr_rows ? p.nr_rows : 1);
	put_samples(&p, true);
	put_samples(&p, false);
	put_boxes(&p);
	fprintf(f, "set encoding utf8\n");
	fprintf(f, "set terminal %s noenhanced size %d,%d font 'sans,12' background rgb 'white'\n",
		format == PLOT_SVG ? "svg" : "pngcairo", WIDTH, height);
	put_caption(&p);
	put_names(&p);
	fprintf(f, "set logscale x\nset yrange [0.4:%.1f]\nset y2range [0.4:%.1f]\n",
		p.nr_rows + 0.6, p.nr_rows + 0.6);
	put_axis(&p);
	put_plot(&p);
}
