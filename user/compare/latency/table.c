// SPDX-License-Identifier: GPL-2.0-only
/* The table of a run, in microseconds throughout, so that rows can be compared by eye. */
#include "table.h"

#include <inttypes.h>
#include <math.h>

#include "common/clock.h"
#include "common/human.h"
#include "stats.h"
#include "compare/figures.h"

static void print_run(const struct result *r, FILE *f)
{
	const struct result_params *p = &r->params;
	const struct result_machine *m = &r->machine;
	char date[TEXT_LEN], memory[HUMAN_LEN], limit[HUMAN_LEN], use[HUMAN_LEN];

	if (r->incomplete[0])
		text_wrap(f, "INCOMPLETE:", 2, "%s", r->incomplete);
	text_wrap(f, "run:", 2,
		  "%s, %" PRIu32 " episodes, %s ramp, %s touched in %s, seed %" PRIu64 ", %s",
		  text_date(r->started_ns, date), result_episodes(r), result_ramps[p->ramp],
		  human_size(p->box_use_bytes, use), human_size(p->box_limit_bytes, limit), p->seed,
		  p->one_at_a_time ? "one source at a time" : "all sources at once");
	text_wrap(f, "machine:", 2,
		  "Linux %s, %u cores (%s), %s of memory, swap %s, load %.2f to %.2f", m->is.kernel,
		  m->is.cores, m->is.processor, human_size(m->is.memory_kb << 10, memory), m->swap,
		  m->is.load[0], m->load_after[0]);
}

/* Prints how it was measured. */
static void print_rules(const struct result *r, FILE *f)
{
	const struct result_params *p = &r->params;
	char a[HUMAN_LEN], b[HUMAN_LEN], c[HUMAN_LEN];

	text_wrap(f, "zero:", 2,
		  "the kernel's stamp of an episode's first swap-out or reclaim, after %s to %s of "
		  "quiet; missed: silent until %s after its end; false: woken outside of any",
		  human_time(p->quiet_min_ns, a), human_time(p->quiet_max_ns, b),
		  human_time(p->silence_ns, c));
	if (p->sharing[0])
		text_wrap(f, "cores:", 2, "%s", p->sharing);
}

/*
 * Names others' pressure: a source that watches the machine rightly woke, though it counts as
 * false.
 */
static void print_others(const struct result *r, FILE *f)
{
	const char *comm = "";
	uint32_t n = 0;

	for (uint32_t i = 0; i < r->nr_episodes; i++)
		if (r->episode[i].others_hits) {
			comm = r->episode[i].others_comm;
			n++;
		}
	if (n)
		text_wrap(f, "others:", 2,
			  "in the quiet before %" PRIu32 " of the episodes something else swapped "
			  "out or reclaimed, as %s did: to be woken by that counts as false, too",
			  n, comm);
}

static void print_latencies(const struct result_stats *s, FILE *f)
{
	char p50[TEXT_LEN], p90[TEXT_LEN], p99[TEXT_LEN], max[TEXT_LEN];

	fprintf(f, " %7s %7s %7s %7s", text_us(s->p50_ns, p50), text_us(s->p90_ns, p90),
		text_us(s->p99_ns, p99), text_us(s->max_ns, max));
}

/* Times that it is earlier than the timer's p50; NaN without one. */
static double times_earlier(const struct result *r, const struct result_stats *of)
{
	const struct result_source *timer = result_find(r, SOURCE_TIMER);
	struct result_stats s;

	if (!timer)
		return NAN;
	result_stats(r, timer, &s);
	return result_ratio(s.p50_ns, of->p50_ns);
}

static void print_source(const struct result *r, const struct result_source *s, FILE *f)
{
	struct result_stats stats;
	char idle[TEXT_LEN], busy[TEXT_LEN], ratio[TEXT_LEN], wakes[HUMAN_LEN];

	result_stats(r, s, &stats);
	fprintf(f, "%-*s %4" PRIu32 " %4" PRIu32 " %5s", RESULT_NAME_COLUMNS, s->name,
		stats.episodes, stats.missed, human_count(stats.false_wakes, wakes));
	print_latencies(&stats, f);
	fprintf(f, " %5s %5s %5s\n", text_cpu(result_cpu_share(&s->idle), idle),
		text_cpu(result_cpu_share(&s->busy), busy),
		text_ratio(times_earlier(r, &stats), ratio));
}

static void print_baseline(const struct result *r, FILE *f)
{
	struct result_stats stats;
	char ratio[TEXT_LEN];

	result_cost_stats(r, RESULT_COST_BASELINE, &stats);
	if (!stats.notified)
		return;
	fprintf(f, "%-*s %4" PRIu32 " %4s %5s", RESULT_NAME_COLUMNS, "(bare wake-up)",
		stats.episodes, "-", "-");
	print_latencies(&stats, f);
	fprintf(f, " %5s %5s %5s\n", "-", "-", text_ratio(times_earlier(r, &stats), ratio));
}

static void print_rows(const struct result *r, FILE *f)
{
	fprintf(f, "\n%-*s %15s  %-31s %11s\n", RESULT_NAME_COLUMNS, "", "EPISODES  WAKES",
		"       MICROSECONDS FROM ZERO", "CPU PER S");
	fprintf(f, "%-*s %4s %4s %5s %7s %7s %7s %7s %5s %5s %5s\n", RESULT_NAME_COLUMNS, "SOURCE",
		"N", "MISS", "FALSE", "P50", "P90", "P99", "MAX", "IDLE", "BUSY", "RATIO");
	for (uint32_t i = 0; i < r->nr_sources; i++)
		if (r->source[i].state != RESULT_ABSENT)
			print_source(r, &r->source[i], f);
	print_baseline(r, f);
	fprintf(f, "RATIO: the timer's p50 to this one's");
	fprintf(f, "%s\n", result_episodes(r) < RESULT_MIN_P99 ? "; no P99 below 100 samples" : "");
}

static void print_sources(const struct result *r, FILE *f)
{
	char head[RESULT_NAME_LEN + 2];

	(void)fputc('\n', f);
	for (uint32_t i = 0; i < r->nr_sources; i++) {
		const struct result_source *s = &r->source[i];
		const char *const states[] = { "", "not here: ", "ended early: " };

		if (!s->what[0] && !s->why[0])
			continue;
		snprintf(head, sizeof(head), "%-*s", RESULT_NAME_COLUMNS, s->name);
		text_wrap(f, head, RESULT_NAME_COLUMNS + 1, "%s%s%s%s", s->what,
			  s->why[0] && s->what[0] ? "; " : "", states[s->state], s->why);
	}
}

static void print_cost(const struct result *r, enum result_cost cost, const char *what, FILE *f)
{
	struct result_stats s;
	char p50[HUMAN_LEN], max[HUMAN_LEN];

	result_cost_stats(r, cost, &s);
	if (s.notified)
		fprintf(f, "  %-52s p50 %5s, max %5s\n", what, human_time(s.p50_ns, p50),
			human_time(s.max_ns, max));
}

static void print_costs(const struct result *r, FILE *f)
{
	uint32_t n = 0;

	for (int i = 0; i < RESULT_NR_COSTS; i++)
		n += r->cost[i].n;
	if (!n)
		return;
	fputs("\nWhat the measurement costs by itself\n", f);
	print_cost(r, RESULT_COST_BASELINE, "bare wake-up: eventfd to user code, after like quiet",
		   f);
	print_cost(r, RESULT_COST_STAMP, "stamp of zero, in the kernel", f);
	print_cost(r, RESULT_COST_BOOK, "book-keeping, from a source's stamp to its next wait", f);
}

static void print_uniform(const struct result *r, const struct result_source *s, FILE *f)
{
	const double ms = (double)NS_PER_MS;
	char head[RESULT_NAME_LEN + 4], interval[HUMAN_LEN];
	struct result_uniform u;

	snprintf(head, sizeof(head), "  %s:", s->name);
	if (!result_uniform(r, s, &u)) {
		text_wrap(f, head, 5, "%" PRIu32 " samples are too few, %d are needed", u.n,
			  RESULT_MIN_UNIFORM);
		return;
	}
	text_wrap(f, head, 5,
		  "%s over %s: D %.3f of %" PRIu32
		  " samples, limit %.3f; mean %.1f ms, theory %.1f "
		  "+- %.1f ms",
		  u.distance > u.limit ? "NOT UNIFORM" : "uniform",
		  human_time(s->interval_ns, interval), u.distance, u.n, u.limit, u.mean_ns / ms,
		  (double)s->interval_ns / 2 / ms, u.mean_error_ns / ms);
}

static void print_uniforms(const struct result *r, FILE *f)
{
	bool first = true;

	for (uint32_t i = 0; i < r->nr_sources; i++) {
		if (r->source[i].state == RESULT_ABSENT || !r->source[i].interval_ns)
			continue;
		if (first)
			fputs("\nTheory: what looks once an interval is uniformly late over it\n",
			      f);
		first = false;
		print_uniform(r, &r->source[i], f);
	}
}

/* Prints exceptions that a reader of the table alone would miss. */
static void print_exceptions(const struct result *r, FILE *f)
{
	char absent[RESULT_MAX_SOURCES * RESULT_NAME_LEN] = "";
	struct result_uniform u;
	size_t len = 0;

	for (uint32_t i = 0; i < r->nr_sources; i++) {
		const struct result_source *s = &r->source[i];

		if (s->state == RESULT_BROKE)
			text_wrap(f, "ended early:", 2, "%s, %s", s->name, s->why);
		if (s->state == RESULT_ABSENT)
			len += (size_t)snprintf(absent + len, sizeof(absent) - len, "%s%s",
						len ? ", " : "", s->name);
		else if (s->interval_ns && result_uniform(r, s, &u) && u.distance > u.limit)
			text_wrap(f, "not uniform:", 2,
				  "%s, which looks once an interval, is not evenly late over it",
				  s->name);
	}
	if (len)
		text_wrap(f, "not here:", 2, "%s", absent);
	(void)fputs("--verbose tells what each source is, why one is not here, what was checked\n",
		    f);
}

/*
 * It tells of swap-out alone, so that reading large files wakes nobody; zero is mostly a reclaim.
 */
static void print_fed(const struct result *r, FILE *f)
{
	const struct result_source *fed = result_find(r, SOURCE_DEVICE_FED);
	char swap_out_us[TEXT_LEN], told_us[TEXT_LEN];
	uint64_t swap_out_p50_ns, told_p50_ns;

	if (!fed || !fed->nr_samples)
		return;
	result_after_swap_out(r, fed, &swap_out_p50_ns, &told_p50_ns);
	text_wrap(
		f, "since swap-out:", 2,
		"device-fed tells of swap-out alone, whose p50 came %s us after zero; it told p50 "
		"%s us after that",
		text_us(swap_out_p50_ns, swap_out_us), text_us(told_p50_ns, told_us));
}

void table_print(const struct result *r, bool verbose, FILE *f)
{
	print_run(r, f);
	if (verbose) {
		print_rules(r, f);
		print_others(r, f);
		print_sources(r, f);
		print_costs(r, f);
		print_uniforms(r, f);
		print_fed(r, f);
	} else {
		print_others(r, f);
		print_exceptions(r, f);
	}
	print_rows(r, f);
	conclude(r, f);
}
