// SPDX-License-Identifier: GPL-2.0-only
/* Holds a run against what notifying by headroom is to reach. */
#include "targets.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "common/short.h"
#include "compare/figures.h"
#include "stats.h"
#include "figures.h"

__attribute__((format(printf, 3, 4))) static void say(struct survive_target *t,
						      enum survive_target_state state,
						      const char *fmt, ...)
{
	va_list ap;

	t->state = state;
	va_start(ap, fmt);
	vsnprintf(t->text, sizeof(t->text), fmt, ap);
	va_end(ap);
}

static void judge_live(const struct survive *s, uint32_t own, enum survive_swap swap,
		       struct survive_target *t)
{
	uint32_t survivors = 0, episodes = 0;
	char at[64] = "";

	for (uint32_t rate = 0; rate < s->params.nr_rates; rate++) {
		struct survive_cell c;
		char name[SURVIVE_RATE_LEN];

		survive_cell(s, own, rate, swap, &c);
		survivors += c.survivors;
		episodes += c.episodes;
		if (c.survivors < c.episodes && strlen(at) + 24 < sizeof(at))
			snprintf(at + strlen(at), sizeof(at) - strlen(at), "%s%s", *at ? ", " : "",
				 survive_rate(s->params.rate_mb_s[rate], name));
	}
	if (!episodes)
		say(t, SURVIVE_NOT_MEASURED, "survivors %s swap: not measured",
		    survive_swaps[swap]);
	else
		say(t, survivors == episodes ? SURVIVE_REACHED : SURVIVE_SHORT,
		    "survivors %s swap, of all: %" PRIu32 " of %" PRIu32 "%s%s",
		    survive_swaps[swap], survivors, episodes, *at ? ", dead at " : "", at);
}

/* By share, as they may have different numbers of episodes after an interrupted run. */
static bool survives_more(const struct survive_cell *a, const struct survive_cell *b)
{
	return (uint64_t)a->survivors * b->episodes > (uint64_t)b->survivors * a->episodes;
}

static void judge_behind(const struct survive *s, uint32_t own, struct survive_target *t)
{
	uint32_t behind = 0, cells = 0;
	char who[96] = "";

	for (uint32_t k = 0; k < s->params.nr_rates * SURVIVE_NR_SWAPS; k++) {
		const uint32_t rate = k / SURVIVE_NR_SWAPS;
		const enum survive_swap swap = (enum survive_swap)(k % SURVIVE_NR_SWAPS);
		struct survive_cell ours, c;

		survive_cell(s, own, rate, swap, &ours);
		for (uint32_t i = 0; i < s->nr_sources && ours.episodes; i++) {
			char name[SURVIVE_RATE_LEN];

			survive_cell(s, i, rate, swap, &c);
			if (i == own || survive_is_control(s->source[i].name) || !c.episodes)
				continue;
			cells++;
			if (!survives_more(&c, &ours))
				continue;
			if (!behind++)
				snprintf(who, sizeof(who), ", first %s at %s %s swap",
					 s->source[i].name,
					 survive_rate(s->params.rate_mb_s[rate], name),
					 survive_swaps[swap]);
		}
	}
	if (!cells)
		say(t, SURVIVE_NOT_MEASURED, "no other source was measured");
	else
		say(t, behind ? SURVIVE_SHORT : SURVIVE_REACHED,
		    "behind another source: %" PRIu32 " of %" PRIu32 " times, none allowed%s",
		    behind, cells, who);
}

static void judge_given(const struct survive *s, uint32_t own, struct survive_target *t)
{
	double worst = NAN, most = NAN;
	char a[TEXT_LEN], b[TEXT_LEN];

	for (uint32_t k = 0; k < s->params.nr_rates * SURVIVE_NR_SWAPS; k++) {
		struct survive_cell c;

		survive_cell(s, own, k / SURVIVE_NR_SWAPS,
			     (enum survive_swap)(k % SURVIVE_NR_SWAPS), &c);
		if (isnan(c.given_p50))
			continue;
		worst = worst > c.given_p50 ? worst : c.given_p50;
		most = most > c.given_max ? most : c.given_max;
	}
	if (isnan(worst))
		say(t, SURVIVE_NOT_MEASURED, "cache given up: nobody survived");
	else
		say(t, worst <= SURVIVE_TARGET_GIVEN ? SURVIVE_REACHED : SURVIVE_SHORT,
		    "cache given up, p50 at the worst rate: %s of what was needed, %s allowed; "
		    "most ever: %s",
		    text_ratio(worst, a), "1.5", text_ratio(most, b));
}

static void judge_false(const struct survive *s, uint32_t own, struct survive_target *t)
{
	const struct survive_source *source = &s->source[own];
	uint64_t tells = 0;
	char shortest[SHORT_LEN];
	uint64_t least_ns = UINT64_MAX;

	for (int i = 0; i < SURVIVE_NR_BENIGN; i++) {
		tells += source->false_tells[i];
		if (s->benign_ns[i] < least_ns)
			least_ns = s->benign_ns[i];
	}
	if (!least_ns)
		say(t, SURVIVE_NOT_MEASURED, "told for nothing: benign loads were not run");
	else
		say(t, tells ? SURVIVE_SHORT : SURVIVE_REACHED,
		    "told for nothing: %" PRIu64 " times in %s of each benign load, none allowed",
		    tells, short_time(least_ns, shortest));
}

void survive_judge(const struct survive *s, struct survive_target out[SURVIVE_NR_TARGETS])
{
	uint32_t own = 0;

	while (own < s->nr_sources && strcmp(s->source[own].name, SOURCE_HEADROOM) != 0)
		own++;
	if (own == s->nr_sources || s->source[own].state == RESULT_ABSENT) {
		for (int i = 0; i < SURVIVE_NR_TARGETS; i++)
			say(&out[i], SURVIVE_NOT_MEASURED, SOURCE_HEADROOM " is not in this run");
		return;
	}
	judge_live(s, own, SURVIVE_NO_SWAP, &out[SURVIVE_ALL_LIVE]);
	judge_live(s, own, SURVIVE_SWAP, &out[SURVIVE_ALL_LIVE_SWAP]);
	judge_behind(s, own, &out[SURVIVE_NOT_BEHIND]);
	judge_given(s, own, &out[SURVIVE_GIVEN]);
	judge_false(s, own, &out[SURVIVE_NOT_FALSE]);
}

void survive_print_targets(const struct survive *s, FILE *f)
{
	static const char *const words[] = { "reached", "SHORT", "-" };
	struct survive_target t[SURVIVE_NR_TARGETS];

	survive_judge(s, t);
	fputs("\ntargets, of " SOURCE_HEADROOM ":\n", f);
	for (int i = 0; i < SURVIVE_NR_TARGETS; i++) {
		char head[16];

		snprintf(head, sizeof(head), "  %-8s", words[t[i].state]);
		text_wrap(f, head, 12, "%s", t[i].text);
	}
}
