// SPDX-License-Identifier: GPL-2.0-only
/* Two runs side by side, with a test of whether their difference is more than chance. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "common/clock.h"
#include "stats.h"
#include "table.h"
#include "compare/figures.h"

static void print_run(const struct result *r, const char *label, const char *name, FILE *f)
{
	const struct result_machine *m = &r->machine;
	char date[TEXT_LEN];

	text_wrap(f, label, 2, "%s: %s, %s, %u cores, %" PRIu32 " episodes, seed %" PRIu64 "%s%s",
		  name, text_date(r->started_ns, date), m->is.kernel, m->is.cores,
		  result_episodes(r), r->params.seed, r->incomplete[0] ? ", INCOMPLETE: " : "",
		  r->incomplete);
}

/* Lists the parameters in which two runs differ: only the reader knows which are to be compared. */
static void print_differences(const struct result *a, const struct result *b, FILE *f)
{
	const struct result_params *pa = &a->params, *pb = &b->params;
	const struct {
		const char *name;
		bool differs;
	} rows[] = {
		{ "kernel", strcmp(a->machine.is.kernel, b->machine.is.kernel) != 0 },
		{ "processor", strcmp(a->machine.is.processor, b->machine.is.processor) != 0 },
		{ "cores", a->machine.is.cores != b->machine.is.cores },
		{ "memory", a->machine.is.memory_kb != b->machine.is.memory_kb },
		{ "swap", strcmp(a->machine.swap, b->machine.swap) != 0 },
		{ "seed", pa->seed != pb->seed },
		{ "timer's interval", pa->interval_ns != pb->interval_ns },
		{ "ramp", pa->ramp != pb->ramp },
		{ "one at a time or together", pa->one_at_a_time != pb->one_at_a_time },
		{ "quiet",
		  pa->quiet_min_ns != pb->quiet_min_ns || pa->quiet_max_ns != pb->quiet_max_ns },
		{ "limit of silence", pa->silence_ns != pb->silence_ns },
		{ "box", pa->box_limit_bytes != pb->box_limit_bytes ||
				 pa->box_use_bytes != pb->box_use_bytes },
		{ "sharing of cores", strcmp(pa->sharing, pb->sharing) != 0 },
	};
	char list[RESULT_TEXT_LEN] = "";
	size_t len = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].differs)
			len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s",
						len ? ", " : "", rows[i].name);
	text_wrap(f, "differ in:", 2, "%s", len ? list : "nothing but when they were made");
}

/* Two of one name may be different things: a PSI window, the device or user space. */
static void print_whats(const struct result *a, const struct result *b, bool verbose, FILE *f)
{
	char names[RESULT_MAX_SOURCES * RESULT_NAME_LEN] = "";
	size_t len = 0;

	for (uint32_t i = 0; i < a->nr_sources; i++) {
		const struct result_source *sa = &a->source[i], *sb = result_find(b, sa->name);

		if (!sb || sa->state == RESULT_ABSENT || sb->state == RESULT_ABSENT ||
		    !strcmp(sa->what, sb->what))
			continue;
		if (!verbose) {
			len += (size_t)snprintf(names + len, sizeof(names) - len, "%s%s",
						len ? ", " : "", sa->name);
			continue;
		}
		fprintf(f, "%s is not the same in both:\n", sa->name);
		text_wrap(f, "  A:", 6, "%s", sa->what);
		text_wrap(f, "  B:", 6, "%s", sb->what);
	}
	if (len)
		text_wrap(f, "not the same in both:", 2, "%s (--verbose tells how)", names);
}

/* Either may be NULL. */
static void print_source(const struct result *const run[2], const struct result_source *const s[2],
			 FILE *f)
{
	struct result_stats stats[2];
	char t[6][TEXT_LEN], ratio[TEXT_LEN], faults[2][TEXT_LEN];
	double apart = NAN;

	for (int i = 0; i < 2; i++) {
		stats[i] = (struct result_stats){ .p50_ns = RESULT_UNKNOWN,
						  .p90_ns = RESULT_UNKNOWN,
						  .max_ns = RESULT_UNKNOWN };
		snprintf(faults[i], TEXT_LEN, "-");
		if (!s[i] || s[i]->state == RESULT_ABSENT)
			continue;
		result_stats(run[i], s[i], &stats[i]);
		snprintf(faults[i], TEXT_LEN, "%" PRIu32 "+%" PRIu64, stats[i].missed,
			 stats[i].false_wakes);
	}
	if (s[0] && s[1])
		apart = result_rank_distance(s[0], s[1]);
	fprintf(f, "%-*s %4" PRIu32 " %4" PRIu32 " %5s %5s %7s %7s %5s%s %7s %7s\n",
		RESULT_NAME_COLUMNS, s[0] ? s[0]->name : s[1]->name, stats[0].episodes,
		stats[1].episodes, faults[0], faults[1], text_us(stats[0].p50_ns, t[0]),
		text_us(stats[1].p50_ns, t[1]),
		text_ratio(result_ratio(stats[1].p50_ns, stats[0].p50_ns), ratio),
		apart > RESULT_RANK_LIMIT ? "*" : " ", text_us(stats[0].max_ns, t[4]),
		text_us(stats[1].max_ns, t[5]));
}

static void print_baselines(const struct result *const run[2], FILE *f)
{
	struct result_stats s[2];
	char t[4][TEXT_LEN], ratio[TEXT_LEN];

	for (int i = 0; i < 2; i++)
		result_cost_stats(run[i], RESULT_COST_BASELINE, &s[i]);
	if (!s[0].notified && !s[1].notified)
		return;
	fprintf(f, "%-*s %4" PRIu32 " %4" PRIu32 " %5s %5s %7s %7s %5s  %7s %7s\n",
		RESULT_NAME_COLUMNS, "(bare wake-up)", s[0].episodes, s[1].episodes, "-", "-",
		text_us(s[0].p50_ns, t[0]), text_us(s[1].p50_ns, t[1]),
		text_ratio(result_ratio(s[1].p50_ns, s[0].p50_ns), ratio),
		text_us(s[0].max_ns, t[2]), text_us(s[1].max_ns, t[3]));
}

void table_print_pair(const struct result *const run[2], const char *const names[2], bool verbose,
		      FILE *f)
{
	print_run(run[0], "A:", names[0], f);
	print_run(run[1], "B:", names[1], f);
	print_differences(run[0], run[1], f);
	print_whats(run[0], run[1], verbose, f);
	fprintf(f, "\n%-*s %9s %11s %15s %6s %15s\n", RESULT_NAME_COLUMNS, "", "EPISODES",
		"MISS+FALSE", "P50, us", "", "MAX, us");
	fprintf(f, "%-*s %4s %4s %5s %5s %7s %7s %5s  %7s %7s\n", RESULT_NAME_COLUMNS, "SOURCE",
		"A", "B", "A", "B", "A", "B", "B/A", "A", "B");
	for (uint32_t i = 0; i < run[0]->nr_sources; i++) {
		const struct result_source *a = &run[0]->source[i];

		print_source(run,
			     (const struct result_source *[]){ a, result_find(run[1], a->name) },
			     f);
	}
	for (uint32_t i = 0; i < run[1]->nr_sources; i++) {
		const struct result_source *b = &run[1]->source[i];

		if (!result_find(run[0], b->name))
			print_source(run, (const struct result_source *[]){ NULL, b }, f);
	}
	print_baselines(run, f);
	(void)fputs("*: chance brings such a difference of ranks less than once in 100 times\n", f);
	conclude_pair(run, f);
}
