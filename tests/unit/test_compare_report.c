// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of a comparison as the command line meets them: one line and an exit code for what is
 * wrong.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/args.h"
#include "compare/cmd/report.h"
#include "common/log.h"
#include "compare_run.h"

static const char *const names[] = { "timer", "tracepoint", NULL };
static char dir[] = "/tmp/oom-notify-test-XXXXXX";
static char json[64], plot[64];

static void start(void)
{
	cr_assert_not_null(mkdtemp(dir));
	snprintf(json, sizeof(json), "%s/run.json", dir);
	snprintf(plot, sizeof(plot), "%s/run.svg", dir);
	/* Files, not pipes: they can be read while more is to come. */
	dup2(memfd_create("stdout", 0), STDOUT_FILENO);
	dup2(memfd_create("stderr", 0), STDERR_FILENO);
}

static void end(void)
{
	(void)unlink(json);
	(void)unlink(plot);
	(void)rmdir(dir);
}

TestSuite(compare_report, .init = start, .fini = end);

/* All that was printed to @fd since the last call. */
static const char *printed(int fd)
{
	static char text[16384];
	ssize_t n;

	(void)fflush(stdout);
	n = pread(fd, text, sizeof(text) - 1, 0);
	cr_assert_geq(n, 0);
	text[n] = '\0';
	cr_assert_eq(ftruncate(fd, 0), 0);
	(void)lseek(fd, 0, SEEK_SET);
	return text;
}

/* -1: there is no such file. */
static long size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? -1 : (long)st.st_size;
}

static struct result *make_run(void)
{
	struct result *r = run_new(names, 2);

	for (int k = 0; k < 2; k++) {
		run_episode(r);
		run_told(r, 0, 400 * NS_PER_MS);
		run_told(r, 1, 138 * NS_PER_US);
	}
	return r;
}

static void save(void)
{
	struct compare_outputs o;
	struct result *r = make_run();

	cr_assert_eq(compare_open(&o, json, NULL), ARGS_GO_ON);
	cr_assert_eq(compare_finish(&o, &compare_latencies, r, false), EXIT_OK);
	result_free(r);
}

Test(compare_report, replay_prints_the_same_table)
{
	char *first;

	save();
	first = strdup(printed(STDOUT_FILENO));
	cr_assert_not_null(strstr(first, "\ntracepoint        2    0     0     138 "));
	cr_assert_eq(latency_replay(json, NULL, false), EXIT_OK);
	cr_assert_str_eq(printed(STDOUT_FILENO), first);
	cr_assert_str_eq(printed(STDERR_FILENO), "");
	free(first);
}

Test(compare_report, replay_draws)
{
	save();
	if (!plot_possible())
		cr_skip("needs " PLOT_PACKAGE);
	cr_assert_eq(latency_replay(json, plot, false), EXIT_OK);
	cr_assert_gt(size_of(plot), 1000);
}

Test(compare_report, pair)
{
	save();
	cr_assert_eq(latency_pair(json, json, false), EXIT_OK);
	cr_assert_not_null(strstr(printed(STDOUT_FILENO),
				  "\ntracepoint        2    2   0+0   0+0     138     138  1.00 "));
}

/* Nothing was done but one line on stderr. */
static void expect_refused(int ret, const char *line)
{
	cr_assert_eq(ret, EXIT_USAGE);
	cr_assert_str_eq(printed(STDERR_FILENO), line);
}

Test(compare_report, cut_off_file)
{
	char want[160];

	save();
	(void)printed(STDOUT_FILENO);
	cr_assert_eq(truncate(json, 60), 0);
	snprintf(want, sizeof(want), "oom-notify: %s: cut off in line 1\n", json);
	expect_refused(latency_replay(json, NULL, false), want);
	cr_assert_str_eq(printed(STDOUT_FILENO), "");
	expect_refused(latency_pair(json, "/dev/null", false), want);
}

Test(compare_report, second_file_is_looked_at)
{
	save();
	expect_refused(latency_pair(json, "/nonexistent", false),
		       "oom-notify: /nonexistent: No such file or directory\n");
}

Test(compare_report, unwritable_is_found_before_the_run)
{
	struct compare_outputs o;

	expect_refused(compare_open(&o, "/nonexistent/a", NULL),
		       "oom-notify: --json: cannot write /nonexistent/a: No such file or "
		       "directory\n");
}

/* What was made for one output goes when the other cannot be. */
Test(compare_report, unwritable_plot_leaves_no_json)
{
	struct compare_outputs o;

	if (!plot_possible())
		cr_skip("needs " PLOT_PACKAGE);
	expect_refused(compare_open(&o, json, "/nonexistent/a.svg"),
		       "oom-notify: --plot: cannot write /nonexistent/a.svg: No such file or "
		       "directory\n");
	cr_assert_eq(size_of(json), -1);
}

Test(compare_report, plot_of_another_kind)
{
	struct compare_outputs o;

	expect_refused(compare_open(&o, NULL, "a.gif"),
		       "oom-notify: --plot: 'a.gif' must end with .svg or .png\n");
}

Test(compare_report, one_file_for_both)
{
	struct compare_outputs o;

	char want[160];

	snprintf(want, sizeof(want), "oom-notify: --json and --plot cannot both write %s\n", plot);
	expect_refused(compare_open(&o, plot, plot), want);
	cr_assert_eq(size_of(plot), -1);
}

Test(compare_report, cancelled_leaves_nothing)
{
	struct compare_outputs o;

	cr_assert_eq(compare_open(&o, json, NULL), ARGS_GO_ON);
	compare_cancel(&o);
	cr_assert_eq(size_of(json), -1);
}

/* The package is told, table and JSON still come, and the exit code says that something did not. */
Test(compare_report, without_gnuplot)
{
	struct compare_outputs o;
	struct result *r = make_run();

	setenv("PATH", dir, 1);
	cr_assert_eq(compare_open(&o, json, plot), ARGS_GO_ON);
	cr_assert_eq(size_of(plot), -1);
	cr_assert_eq(compare_finish(&o, &compare_latencies, r, false), EXIT_FAIL);
	cr_assert_not_null(strstr(printed(STDOUT_FILENO), "\ntracepoint  "));
	cr_assert_str_eq(printed(STDERR_FILENO),
			 "oom-notify: warning: --plot: gnuplot cannot be run (Debian: apt-get "
			 "install gnuplot-nox): only the table comes\n");
	cr_assert_gt(size_of(json), 500);
	result_free(r);
}

Test(compare_report, full_disk)
{
	struct compare_outputs o;
	struct result *r = make_run();

	cr_assert_eq(compare_open(&o, "/dev/full", NULL), ARGS_GO_ON);
	cr_assert_eq(compare_finish(&o, &compare_latencies, r, false), EXIT_FAIL);
	cr_assert_not_null(strstr(printed(STDOUT_FILENO), "\ntracepoint  "));
	cr_assert_str_eq(printed(STDERR_FILENO),
			 "oom-notify: cannot write /dev/full: No space left on device\n");
	result_free(r);
}
