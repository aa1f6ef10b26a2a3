// SPDX-License-Identifier: GPL-2.0-only
/* Sums up a run, or two of them, in one sentence with what makes it doubtful. */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "common/clock.h"
#include "common/human.h"
#include "stats.h"
#include "table.h"
#include "compare/figures.h"

/*
 * Fewer are few: the timer's median of five is anything from a tenth to nine tenths of its
 * interval.
 */
#define MANY_EPISODES 20

struct sentence {
	char text[1024]; /* what text_wrap() takes */
	size_t len;
};

__attribute__((format(printf, 2, 3))) static void say(struct sentence *s, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (s->len >= sizeof(s->text))
		return;
	va_start(ap, fmt);
	n = vsnprintf(s->text + s->len, sizeof(s->text) - s->len, fmt, ap);
	va_end(ap);
	s->len += n > 0 ? (size_t)n : 0;
}

static void print(const struct sentence *s, FILE *f)
{
	(void)fputc('\n', f);
	text_wrap(f, "", 0, "%s.", s->text);
}

/* Why @s says nothing; NULL when it does. */
static const char *silent(const struct result_source *s)
{
	if (!s)
		return "was not asked for";
	if (s->state == RESULT_ABSENT)
		return "is not here";
	if (!s->nr_samples)
		return "has no samples";
	return NULL;
}

static void say_times(struct sentence *s, double ratio)
{
	char text[TEXT_LEN];

	if (ratio < 1000)
		say(s, "%s", text_ratio(ratio, text));
	else
		say(s, "%" PRIu64 ",%03" PRIu64, (uint64_t)(ratio + 0.5) / 1000,
		    (uint64_t)(ratio + 0.5) % 1000);
}

/* As the table has it: the nearest, where human_time() cuts off. */
static const char *rounded(uint64_t ns, char buf[HUMAN_LEN])
{
	const uint64_t unit_ns = ns < NS_PER_MS	     ? NS_PER_US :
				 ns < 10 * NS_PER_MS ? NS_PER_MS / 10 :
						       NS_PER_MS;

	return human_time((ns + unit_ns / 2) / unit_ns * unit_ns, buf);
}

/* "1,034 times earlier than the timer, which looks every 1.0s" */
static void say_earlier(struct sentence *s, const struct result_source *timer, double ratio)
{
	char interval[HUMAN_LEN];

	if (ratio >= 1)
		say_times(s, ratio);
	say(s, "%s than the timer", ratio >= 1 ? " times earlier" : "later");
	if (timer->interval_ns)
		say(s, ", which looks every %s", human_time(timer->interval_ns, interval));
}

/* Ends the sentence with what takes away from the figures, the gravest first. */
static void say_doubts(struct sentence *s, const struct result *r, const struct result_source *own,
		       const struct result_source *timer)
{
	const struct result_source *const both[] = { own, timer };
	struct result_stats stats;

	for (int i = 0; i < 2; i++) {
		if (silent(both[i]))
			continue;
		result_stats(r, both[i], &stats);
		if (stats.missed)
			say(s, "; the %s missed %" PRIu32 " of them", both[i]->name, stats.missed);
		if (both[i]->state == RESULT_BROKE)
			say(s, "; the %s ended early", both[i]->name);
	}
	if (r->incomplete[0])
		say(s, "; the run is not complete");
	if (!silent(timer) && fabs(result_rank_distance(own, timer)) <= RESULT_RANK_LIMIT)
		say(s, "; chance alone may have made that difference");
	else if (own->nr_samples < MANY_EPISODES)
		say(s, "; with so few, chance moves %s", silent(timer) ? "it" : "that factor");
}

/* One of the two has no median to be held against the other's. */
static void say_alone(struct sentence *s, const struct result *r, const struct result_source *own,
		      const struct result_source *timer)
{
	struct result_stats stats;
	char p50[HUMAN_LEN];

	result_stats(r, own, &stats);
	if (stats.p50_ns < RESULT_NEVER)
		say(s,
		    "The tracepoint told %s after pressure began (p50 of %" PRIu32
		    " episodes), but the timer %s",
		    rounded(stats.p50_ns, p50), stats.episodes,
		    silent(timer) ? silent(timer) : "missed half of them or more");
	else
		say(s, "The tracepoint missed half of the %" PRIu32 " episodes or more",
		    stats.episodes);
	say(s, ", so how much earlier it is cannot be said");
	say_doubts(s, r, own, timer);
}

static void say_against(struct sentence *s, const struct result *r, const struct result_source *own,
			const struct result_source *timer, double ratio)
{
	struct result_stats of_own, of_timer;
	char a[HUMAN_LEN], b[HUMAN_LEN];

	result_stats(r, own, &of_own);
	result_stats(r, timer, &of_timer);
	say(s, "The tracepoint told ");
	say_earlier(s, timer, ratio);
	say(s, ": p50 %s after pressure began against %s, in %" PRIu32 " episode%s",
	    rounded(of_own.p50_ns, a), rounded(of_timer.p50_ns, b), of_own.episodes,
	    of_own.episodes == 1 ? "" : "s");
	say_doubts(s, r, own, timer);
}

void conclude(const struct result *r, FILE *f)
{
	const struct result_source *own = result_find(r, SOURCE_TRACEPOINT);
	const struct result_source *timer = result_find(r, SOURCE_TIMER);
	struct result_stats of_own, of_timer;
	struct sentence s = { .len = 0 };
	double ratio = NAN;

	if (!silent(own) && !silent(timer)) {
		result_stats(r, own, &of_own);
		result_stats(r, timer, &of_timer);
		ratio = result_ratio(of_timer.p50_ns, of_own.p50_ns);
	}
	if (silent(own))
		say(&s, "The tracepoint %s, so this run does not say how early it tells",
		    silent(own));
	else if (isnan(ratio))
		say_alone(&s, r, own, timer);
	else
		say_against(&s, r, own, timer, ratio);
	print(&s, f);
}

static void say_change(struct sentence *s, const struct result *const run[2],
		       const struct result_source *const of[2])
{
	struct result_stats stats[2];
	double ratio;

	for (int i = 0; i < 2; i++)
		result_stats(run[i], of[i], &stats[i]);
	ratio = result_ratio(stats[1].p50_ns, stats[0].p50_ns);
	if (isnan(ratio)) {
		say(s, " misses %s", stats[1].missed > stats[0].missed ? "more" : "less");
		return;
	}
	say(s, " ");
	say_times(s, ratio >= 1 ? ratio : 1 / ratio);
	say(s, " times %s", ratio >= 1 ? "later" : "earlier");
}

void conclude_pair(const struct result *const run[2], FILE *f)
{
	struct sentence s = { .len = 0 }, list = { .len = 0 };
	uint32_t both = 0, enough = 0, differ = 0;

	for (uint32_t i = 0; i < run[0]->nr_sources; i++) {
		const struct result_source *a = &run[0]->source[i],
					   *b = result_find(run[1], a->name);
		double apart;

		if (silent(a) || silent(b))
			continue;
		both++;
		apart = result_rank_distance(a, b);
		enough += isnan(apart) ? 0 : 1;
		if (isnan(apart) || apart <= RESULT_RANK_LIMIT)
			continue;
		say(&list, "%s%s", differ++ ? ", " : "", a->name);
		say_change(&list, run, (const struct result_source *const[]){ a, b });
	}
	if (!both)
		say(&s, "No source was measured in both runs");
	else if (!enough)
		say(&s,
		    "No source has in both runs the %d episodes that it takes to tell a "
		    "difference from chance",
		    RESULT_MIN_RANKS);
	else if (!differ)
		say(&s, "None of the %" PRIu32 " sources in both runs differs by more than chance",
		    enough);
	else
		say(&s, "By more than chance %" PRIu32 " of %" PRIu32 " sources differ in B: %s",
		    differ, enough, list.text);
	print(&s, f);
}
