// SPDX-License-Identifier: GPL-2.0-only
/* The data of plot.gnuplot. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "compare/gnuplot.h"
#include "stats.h"

#define HALF_ROW 0.32
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
	uint64_t low_ns, high_ns; /* the axis, powers of ten; 0: nothing yet */
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

			if (sample->notified)
				widen(p, sample->latency_ns);
			p->missed |= !sample->notified;
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

static void put_samples(const struct plot *p, bool notified)
{
	const struct result_series *bare = &p->r->cost[RESULT_COST_BASELINE];

	fprintf(p->f, "$%s << END\n", notified ? "told" : "missed");
	for (uint32_t i = 0; i < p->nr_rows; i++) {
		const struct result_source *s = p->row[i].source;

		for (uint32_t k = 0; s && k < s->nr_samples; k++) {
			if (s->sample[k].notified != notified)
				continue;
			if (notified)
				fprintf(p->f, "%.9g ", seconds(s->sample[k].latency_ns));
			fprintf(p->f, "%.3f\n", row_y(p, i) + jitter(k));
		}
		for (uint32_t k = 0; !s && notified && k < bare->n; k++)
			fprintf(p->f, "%.9g %.3f\n", seconds(bare->ns[k]), row_y(p, i) + jitter(k));
	}
	fprintf(p->f, "END\n");
}

static void put_percentile(const struct plot *p, uint64_t ns)
{
	if (ns >= RESULT_NEVER)
		fprintf(p->f, " never");
	else
		fprintf(p->f, " %.9g", seconds(ns));
}

/* "n=100, 3 missed, 1 false" */
static void put_count(const struct plot *p, const struct row *row)
{
	char text[96];
	struct result_stats s;
	int len;

	if (row->source)
		result_stats(p->r, row->source, &s);
	else
		result_cost_stats(p->r, RESULT_COST_BASELINE, &s);
	len = snprintf(text, sizeof(text), "n=%" PRIu32, s.episodes);
	if (s.missed)
		len += snprintf(text + len, sizeof(text) - (size_t)len, ", %" PRIu32 " missed",
				s.missed);
	if (s.false_wakes)
		(void)snprintf(text + len, sizeof(text) - (size_t)len, ", %" PRIu64 " false",
			       s.false_wakes);
	plot_quote(p->f, text);
}

static void put_rows(const struct plot *p)
{
	fprintf(p->f, "$rows << END\n");
	for (uint32_t i = 0; i < p->nr_rows; i++) {
		const struct row *row = &p->row[i];

		plot_quote(p->f, row->source ? row->source->name : "bare wake-up");
		(void)fputc(' ', p->f);
		put_count(p, row);
		fprintf(p->f, " %.0f", row_y(p, i));
		put_percentile(p, row->p50_ns);
		put_percentile(p, row->p10_ns);
		put_percentile(p, row->p90_ns);
		(void)fputc('\n', p->f);
	}
	fprintf(p->f, "END\n");
}

static int exponent(uint64_t ns)
{
	int e = -9;

	for (; ns >= 10; ns /= 10)
		e++;
	return e;
}

static void put_words(const struct plot *p)
{
	const struct result *r = p->r;
	char text[2 * RESULT_TEXT_LEN];

	snprintf(text, sizeof(text),
		 "From the first swap-out or reclaim to user code: n = %" PRIu32 " episodes%s",
		 result_episodes(r), r->incomplete[0] ? " (INCOMPLETE)" : "");
	plot_set(p->f, "caption", text);
	snprintf(text, sizeof(text), "Linux %s, %" PRIu32 " cores, %s ramp, %s",
		 r->machine.is.kernel, r->machine.is.cores, result_ramps[r->params.ramp],
		 r->params.one_at_a_time ? "one source at a time" : "all sources at once");
	plot_set(p->f, "machine", text);
}

static void put_data(const void *run, FILE *f)
{
	struct plot p = { .r = run, .f = f };

	fit_axis(&p);
	collect_rows(&p);
	put_words(&p);
	fprintf(f, "rows = %" PRIu32 "\nepisodes = %" PRIu32 "\nlow = %d\nhigh = %d\nmissed = %d\n",
		p.nr_rows, p.r->nr_episodes, exponent(p.low_ns), exponent(p.high_ns), p.missed);
	put_samples(&p, true);
	put_samples(&p, false);
	put_rows(&p);
}

const struct plot_kind plot_latency = { .data = put_data, .script = gnuplot_latency_script };
