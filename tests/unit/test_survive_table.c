// SPDX-License-Identifier: GPL-2.0-only
/* The tables of who survived, and the script of the plot. */
#include <stdlib.h>

#include "compare/gnuplot.h"
#include "compare/survive/table.h"
#include "survive_made.h"

static const char *const names[] = { "headroom", "psi", "it's `id` $(id)", "away", "deaf", NULL };
static struct survive *s;

static void start(void)
{
	struct survive_episode late = made_episode(1, SURVIVE_KILLED), deaf = { .source = 4 };

	s = made_new(names);
	made_add(s, made_episode(0, SURVIVE_LIVES), 3);
	late.lead_ns = -(int64_t)(1300 * NS_PER_US);
	made_add(s, late, 3);
	made_add(s, made_episode(2, SURVIVE_LIVES), 2);
	deaf.end = SURVIVE_KILLED;
	deaf.needed_bytes = 76 * MADE_MB;
	made_add(s, deaf, 3);
	s->source[3].state = RESULT_ABSENT;
	snprintf(s->source[3].why, RESULT_TEXT_LEN, "no such kernel");
	s->source[1].false_tells[SURVIVE_STREAM] = 123456;
	made_benign(s);
}

static void end(void)
{
	survive_free(s);
}

TestSuite(survive_table, .init = start, .fini = end);

static char *print(bool verbose)
{
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	survive_print(s, verbose, f);
	fclose(f);
	return text;
}

Test(survive_table, every_question)
{
	static const char *const parts[] = {
		"not here: away: no such kernel\n",
		"\ntold for nothing, in\n"
		"                   600s stream      600s cache     600s growth\n"
		"headroom                     0               0               0\n"
		"psi                     123456               0               0\n",
		"\nsurvivors, without swap\n"
		"MB/s:              200     max\n"
		"headroom           3/3     3/3\n"
		"psi                0/3     0/3\n"
		"it's `id` $(id)     2/2     2/2\n"
		"deaf               0/3     0/3\n",
		"\ntold so long before nothing would have been left, p50, with swap\n"
		"MB/s:              200     max\n"
		"headroom         100ms   100ms\n"
		"psi             -1.3ms  -1.3ms\n",
		"deaf             never   never\n",
		"\ncache given up, of what was needed, p50 of survivors, with swap\n"
		"MB/s:              200     max\n"
		"headroom          1.25    1.25\n"
		"psi                  -       -\n",
	};
	char *text = print(false);

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		cr_assert_not_null(strstr(text, parts[i]), "%s\nis not in\n%s", parts[i], text);
	cr_assert_null(strstr(text, "deaf                         0"),
		       "controls are none of these");
	free(text);
}

Test(survive_table, fits_into_80_columns)
{
	char *text = print(true);

	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		cr_assert_leq(strlen(line), 80, "%s", line);
	free(text);
}

Test(survive_table, verbose_says_what_sources_are)
{
	char *brief = print(false), *text = print(true);

	cr_assert_not_null(strstr(text, "psi: what psi is\n"));
	cr_assert_null(strstr(brief, "what psi is"));
	free(brief);
	free(text);
}

Test(survive_table, says_that_it_is_incomplete)
{
	char *text;

	snprintf(s->incomplete, RESULT_TEXT_LEN, "interrupted after 3 of 40 episodes");
	text = print(false);
	cr_assert_eq(strncmp(text, "INCOMPLETE: interrupted after 3 of 40 episodes\n", 47), 0, "%s",
		     text);
	free(text);
}

static char *script(enum plot_format format)
{
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	plot_write(&plot_survive, s, format, f);
	fclose(f);
	return text;
}

Test(survive_table, a_line_a_source)
{
	char *text = script(PLOT_SVG);

	cr_assert_not_null(strstr(text, "format = 'svg'\n"));
	cr_assert_not_null(strstr(text, "panels = 2\n$lines << END\n0 100.00\n1 100.00\n\n\n"));
	cr_assert_not_null(strstr(text, "0 0.00\n1 0.00\n\n\n"));
	cr_assert_not_null(strstr(text, "rates = '200 max '\n"));
	cr_assert_null(strstr(text, "= 'absent'"), "what is not here has no line");
	/* A name from a file somebody sent must not run commands. */
	cr_assert_null(strchr(text, '`'));
	cr_assert_not_null(strstr(text, "= 'it s  id   (id)'\n"));
	free(text);
}

Test(survive_table, nothing_to_draw)
{
	char *text;

	s->nr_episodes = 0;
	text = script(PLOT_PNG);
	cr_assert_not_null(strstr(text, "format = 'png'\n"));
	cr_assert_not_null(strstr(text, "panels = 0\n"));
	free(text);
}
