// SPDX-License-Identifier: GPL-2.0-only
/* Holds a run against what the tracepoint's notification is to reach. */
#include "targets.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "common/clock.h"
#include "common/short.h"
#include "stats.h"
#include "compare/figures.h"

enum direction { AT_LEAST, AT_MOST, BELOW };

static const struct rule {
	const char *text;
	enum direction direction;
	double limit;
} rules[NR_TARGETS] = {
	[TARGET_TIMER] = { "tracepoint p50, times earlier than the timer's", AT_LEAST,
			   TARGET_TIMES_EARLIER },
	[TARGET_PSI] = { "tracepoint p50, times earlier than PSI's", AT_LEAST,
			 TARGET_TIMES_EARLIER },
	[TARGET_BASELINE] = { "tracepoint p50, times the bare wake-up's", AT_MOST,
			      TARGET_TIMES_FLOOR },
	[TARGET_NOT_MISSED] = { "tracepoint, episodes missed", AT_MOST, 0 },
	[TARGET_NOT_FALSE] = { "tracepoint, false wake-ups", AT_MOST, 0 },
	[TARGET_FED] = { "device-fed p50, times the tracepoint's", AT_MOST, TARGET_TIMES_FED },
	[TARGET_IDLE] = { "tracepoint idle, % of a core", BELOW, TARGET_IDLE_SHARE },
};

__attribute__((format(printf, 2, 3))) static void not_measured(struct target *t, const char *fmt,
							       ...)
{
	va_list ap;

	t->state = TARGET_NOT_MEASURED;
	va_start(ap, fmt);
	vsnprintf(t->why, sizeof(t->why), fmt, ap);
	va_end(ap);
}

static void judge(struct target *t, const struct rule *rule, double measured)
{
	bool reached;

	t->measured = measured;
	if (rule->direction == AT_LEAST)
		reached = measured >= rule->limit;
	else if (rule->direction == AT_MOST)
		reached = measured <= rule->limit;
	else
		reached = measured < rule->limit;
	t->state = reached ? TARGET_REACHED : TARGET_SHORT;
}

/* NULL, with the reason in @t, where @name has told nothing. */
static const struct result_source *told(const struct result *r, const char *name, struct target *t)
{
	const struct result_source *s = result_find(r, name);

	if (!s)
		not_measured(t, "%s was not asked for", name);
	else if (s->state == RESULT_ABSENT)
		not_measured(t, "%s is not here", name);
	else if (s->state == RESULT_BROKE)
		not_measured(t, "%s ended early", name);
	else if (!s->nr_samples)
		not_measured(t, "%s has no samples", name);
	else
		return s;
	return NULL;
}

/* The p50 of @a is so many times that of @b, either of them a source. */
static void judge_ratio(const struct result *r, enum target_id id, const char *a, const char *b,
			struct target *t)
{
	const struct result_source *sa = told(r, a, t), *sb = sa ? told(r, b, t) : NULL;
	struct result_stats of_a, of_b;
	double ratio;

	if (!sb)
		return;
	result_stats(r, sa, &of_a);
	result_stats(r, sb, &of_b);
	ratio = result_ratio(of_a.p50_ns, of_b.p50_ns);
	if (isnan(ratio))
		not_measured(t, "%s missed every second episode",
			     of_a.p50_ns >= RESULT_NEVER ? a : b);
	else
		judge(t, &rules[id], ratio);
}

static void judge_baseline(const struct result *r, const struct result_source *s, struct target *t)
{
	struct result_stats own, baseline;
	double ratio;

	result_stats(r, s, &own);
	result_cost_stats(r, RESULT_COST_BASELINE, &baseline);
	ratio = result_ratio(own.p50_ns, baseline.p50_ns);
	if (!baseline.told)
		not_measured(t, "the bare wake-up was not measured");
	else if (isnan(ratio))
		not_measured(t, "%s missed every second episode", s->name);
	else
		judge(t, &rules[TARGET_BASELINE], ratio);
}

static void judge_idle(const struct result_source *s, struct target *t)
{
	const double share = result_cpu_share(&s->idle);

	if (isnan(share))
		not_measured(t, "its idle processor time was not measured");
	else
		judge(t, &rules[TARGET_IDLE], share);
}

static void judge_tracepoint(const struct result *r, struct target out[NR_TARGETS])
{
	static const enum target_id own[] = { TARGET_BASELINE, TARGET_NOT_MISSED, TARGET_NOT_FALSE,
					      TARGET_IDLE };
	const struct result_source *s = NULL;
	struct result_stats stats;

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		s = told(r, SOURCE_TRACEPOINT, &out[own[i]]);
	if (!s)
		return;
	result_stats(r, s, &stats);
	judge(&out[TARGET_NOT_MISSED], &rules[TARGET_NOT_MISSED], stats.missed);
	judge(&out[TARGET_NOT_FALSE], &rules[TARGET_NOT_FALSE], (double)stats.false_wakes);
	judge_baseline(r, s, &out[TARGET_BASELINE]);
	judge_idle(s, &out[TARGET_IDLE]);
}

void targets_judge(const struct result *r, struct target out[NR_TARGETS])
{
	const struct result_source *timer = result_find(r, SOURCE_TIMER);
	char interval[SHORT_LEN];

	for (int i = 0; i < NR_TARGETS; i++)
		out[i] = (struct target){ .text = rules[i].text, .measured = NAN };
	judge_ratio(r, TARGET_TIMER, SOURCE_TIMER, SOURCE_TRACEPOINT, &out[TARGET_TIMER]);
	if (timer && timer->state == RESULT_RAN && timer->interval_ns != NS_PER_S)
		not_measured(&out[TARGET_TIMER], "the timer's interval was %s, not 1 s",
			     short_time(timer->interval_ns, interval));
	judge_ratio(r, TARGET_PSI, SOURCE_PSI, SOURCE_TRACEPOINT, &out[TARGET_PSI]);
	judge_ratio(r, TARGET_FED, SOURCE_DEVICE_FED, SOURCE_TRACEPOINT, &out[TARGET_FED]);
	judge_tracepoint(r, out);
}

static void print_one(const struct target *t, const struct rule *rule, FILE *f)
{
	static const char *const signs[] = { "at least", "at most", "below" };
	/* A share of a core is told in percent. */
	const double scale = rule == &rules[TARGET_IDLE] ? 100 : 1;
	char measured[TEXT_LEN];

	if (scale > 1)
		snprintf(measured, sizeof(measured), "%.4f", t->measured * scale);
	else if (rule->limit == 0)
		snprintf(measured, sizeof(measured), "%.0f", t->measured);
	else
		(void)text_ratio(t->measured, measured);
	if (t->state == TARGET_NOT_MEASURED)
		text_wrap(f, "  -       ", 12, "%s: %s", t->text, t->why);
	else
		text_wrap(f, t->state == TARGET_REACHED ? "  reached " : "  SHORT   ", 12,
			  "%s: %s, %s %g", t->text, measured, signs[rule->direction],
			  rule->limit * scale);
}

/* What company, others' pressure and a busy machine did. */
static void print_circumstances(const struct result *r, const struct result_stats *tracepoint,
				FILE *f)
{
	const struct result_machine *m = &r->machine;

	if (tracepoint->others_wakes)
		text_wrap(f, "  why?    ", 12,
			  "%" PRIu64 " of tracepoint's %" PRIu64
			  " false wake-ups told of others' swap-out or reclaim",
			  tracepoint->others_wakes, tracepoint->false_wakes);
	if (m->is.load[0] > MACHINE_LOAD_MAX || m->load_after[0] > MACHINE_LOAD_MAX)
		text_wrap(f, "  why?    ", 12,
			  "the machine was not idle: load %.2f before, %.2f after the run",
			  m->is.load[0], m->load_after[0]);
	if (m->is.cores != 2)
		text_wrap(f, "  why?    ", 12, "the targets are for two cores, these are %u",
			  m->is.cores);
	if (!r->params.one_at_a_time && r->nr_sources > 1)
		text_wrap(f, "  why?    ", 12,
			  "%u sources share the cores: --one-at-a-time runs each alone",
			  r->nr_sources);
	if (r->params.episodes < 20)
		text_wrap(f, "  why?    ", 12, "few episodes: a median of so few moves by chance");
}

/* The figures that every ratio is made of, and where to look in the file. */
static void print_figures(const struct result *r, const struct result_source *s,
			  const struct result_stats *tracepoint, FILE *f)
{
	char p50[TEXT_LEN], p90[TEXT_LEN], baseline50[TEXT_LEN], baseline90[TEXT_LEN];
	struct result_stats baseline;

	result_cost_stats(r, RESULT_COST_BASELINE, &baseline);
	text_wrap(f, "  why?    ", 12,
		  "tracepoint p50 %s us and p90 %s us, where the bare wake-up had %s and %s",
		  text_us(tracepoint->p50_ns, p50), text_us(tracepoint->p90_ns, p90),
		  text_us(baseline.p50_ns, baseline50), text_us(baseline.p90_ns, baseline90));
	for (uint32_t i = 0; i < s->nr_samples; i++)
		if (!s->sample[i].told)
			text_wrap(f, "  why?    ", 12, "tracepoint missed episode %" PRIu32,
				  s->sample[i].episode);
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
		f, "  why?    ", 12,
		"device-fed tells of swap-out alone, whose p50 came %s us after zero; it told p50 "
		"%s us after that",
		text_us(swap_out_p50_ns, swap_out_us), text_us(told_p50_ns, told_us));
}

/* What the run itself knows of that may have kept it from its targets. */
static void print_reasons(const struct result *r, FILE *f)
{
	const struct result_source *tracepoint = result_find(r, SOURCE_TRACEPOINT);
	struct result_stats stats = { 0 };

	if (tracepoint) {
		result_stats(r, tracepoint, &stats);
		print_figures(r, tracepoint, &stats, f);
	}
	print_fed(r, f);
	print_circumstances(r, &stats, f);
}

void targets_print(const struct result *r, FILE *f)
{
	struct target t[NR_TARGETS];
	unsigned int reached = 0, measured = 0;

	targets_judge(r, t);
	for (int i = 0; i < NR_TARGETS; i++) {
		reached += t[i].state == TARGET_REACHED;
		measured += t[i].state != TARGET_NOT_MEASURED;
	}
	fprintf(f, "\nTargets on an idle two-core machine: %u of %u reached, %u not measured\n",
		reached, measured, NR_TARGETS - measured);
	for (int i = 0; i < NR_TARGETS; i++)
		print_one(&t[i], &rules[i], f);
	if (reached < measured)
		print_reasons(r, f);
}
