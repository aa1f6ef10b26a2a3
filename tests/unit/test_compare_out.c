// SPDX-License-Identifier: GPL-2.0-only
/* Files that are opened long before they are written, and the plot that gnuplot writes into one. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compare/output_file.h"
#include "compare/gnuplot.h"
#include "compare_run.h"

static const char *const names[] = { "tracepoint", "it's `id` $(id) @x \"", NULL };
static char dir[] = "/tmp/oom-notify-test-XXXXXX";
static char path[64];

static void start(void)
{
	cr_assert_not_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/file", dir);
}

static void end(void)
{
	(void)unlink(path);
	cr_assert_eq(rmdir(dir), 0, "something is left beside the file");
}

TestSuite(compare_out, .init = start, .fini = end);

static void put(const char *bytes)
{
	FILE *f = fopen(path, "w");

	fputs(bytes, f);
	fclose(f);
}

static size_t get(char *bytes, size_t size)
{
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f)
		return SIZE_MAX;
	n = fread(bytes, 1, size - 1, f);
	bytes[n] = '\0';
	fclose(f);
	return n;
}

static int holding(const char *bytes)
{
	const int fd = memfd_create("new", 0);

	cr_assert_eq(write(fd, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
	return fd;
}

Test(compare_out, unused_leaves_no_file)
{
	struct output_file out;

	cr_assert_eq(output_file_open(&out, path), 0);
	output_file_close(&out);
	cr_assert_neq(access(path, F_OK), 0);
	output_file_close(&out);
}

Test(compare_out, unused_leaves_a_file_as_it_was)
{
	struct output_file out;
	char bytes[32];

	put("earlier result");
	cr_assert_eq(output_file_open(&out, path), 0);
	output_file_close(&out);
	cr_assert_eq(get(bytes, sizeof(bytes)), 14);
	cr_assert_str_eq(bytes, "earlier result");
}

Test(compare_out, written_replaces_all)
{
	struct output_file out;
	char bytes[32];

	put("earlier result");
	cr_assert_eq(output_file_open(&out, path), 0);
	cr_assert_eq(output_file_write(&out, holding("new")), 0);
	output_file_close(&out);
	cr_assert_eq(get(bytes, sizeof(bytes)), 3);
	cr_assert_str_eq(bytes, "new");
}

/* Whoever has the earlier result open keeps it; its permissions stay, and a link leads there. */
Test(compare_out, written_beside_and_renamed)
{
	struct output_file out;
	struct stat before, after;
	char bytes[32], link[80];
	int fd;

	put("earlier result");
	cr_assert_eq(chmod(path, 0640), 0);
	snprintf(link, sizeof(link), "%s/link", dir);
	cr_assert_eq(symlink("file", link), 0);
	fd = open(path, O_RDONLY);
	cr_assert_eq(output_file_open(&out, link), 0);
	cr_assert_eq(output_file_write(&out, holding("new")), 0);
	output_file_close(&out);
	cr_assert_eq(read(fd, bytes, sizeof(bytes)), 14, "the reader of the old one");
	cr_assert(!fstat(fd, &before) && !stat(path, &after));
	cr_assert_neq(before.st_ino, after.st_ino);
	cr_assert_eq(after.st_mode & 07777, 0640);
	cr_assert_eq(get(bytes, sizeof(bytes)), 3);
	cr_assert_eq(unlink(link), 0);
	close(fd);
}

Test(compare_out, the_same_file)
{
	struct output_file a, b;
	char other[80];

	snprintf(other, sizeof(other), "%s/./file", dir);
	cr_assert(!output_file_open(&a, path) && !output_file_open(&b, other));
	cr_assert(output_file_same(&a, &b));
	output_file_close(&b);
	cr_assert_not(output_file_same(&a, &b), "not open");
	snprintf(other, sizeof(other), "%s/other", dir);
	cr_assert_eq(output_file_open(&b, other), 0);
	cr_assert_not(output_file_same(&a, &b));
	output_file_close(&a);
	output_file_close(&b);
}

/* The room that it would need is not there: a limit of this process stands for a full disk. */
Test(compare_out, no_room_leaves_a_file_as_it_was)
{
	const struct rlimit limit = { .rlim_cur = 16, .rlim_max = RLIM_INFINITY };
	const int big = holding("a result of more than sixteen bytes");
	struct output_file out;
	char bytes[64];

	put("earlier result");
	cr_assert_eq(output_file_open(&out, path), 0);
	signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	cr_assert_eq(output_file_write(&out, big), -EFBIG);
	output_file_close(&out);
	cr_assert_eq(get(bytes, sizeof(bytes)), 14);
	cr_assert_str_eq(bytes, "earlier result");
}

Test(compare_out, a_new_one_stays_when_written)
{
	struct output_file out;
	char bytes[32];

	cr_assert_eq(output_file_open(&out, path), 0);
	cr_assert_eq(output_file_write(&out, holding("")), 0);
	output_file_close(&out);
	cr_assert_eq(get(bytes, sizeof(bytes)), 0);
}

Test(compare_out, unwritable)
{
	struct output_file out;

	cr_assert_eq(output_file_open(&out, "/nonexistent/file"), -ENOENT);
	cr_assert_eq(output_file_open(&out, dir), -EISDIR);
	output_file_close(&out);
	cr_assert_eq(output_file_open(&out, "/dev/null"), 0);
	cr_assert_eq(output_file_write(&out, holding("new")), 0);
	output_file_close(&out);
	cr_assert_eq(access("/dev/null", F_OK), 0);
}

Test(compare_out, plot_formats)
{
	cr_assert_eq(plot_format_of("a.svg"), PLOT_SVG);
	cr_assert_eq(plot_format_of("/x.y/a.b.png"), PLOT_PNG);
	cr_assert_eq(plot_format_of("a"), -EINVAL);
	cr_assert_eq(plot_format_of("a.svgz"), -EINVAL);
	cr_assert_eq(plot_format_of("svg"), -EINVAL);
}

static struct result *make_run(bool missed)
{
	struct result *r = run_new(names, 4);

	for (int k = 0; k < 4; k++) {
		run_episode(r);
		run_told(r, 0, 138 * NS_PER_US);
		if (missed)
			run_silent(r, 1);
		else
			run_told(r, 1, 0);
		result_add_cost(r, RESULT_COST_BASELINE, 100 * NS_PER_US);
	}
	return r;
}

static char *script(const struct result *r)
{
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	plot_write(&plot_latency, r, PLOT_SVG, f);
	fclose(f);
	return text;
}

Test(compare_out, script_tells_samples_and_counts)
{
	struct result *r = make_run(true);
	char *text = script(r);

	cr_assert_not_null(strstr(text, "user code: n = 4 episodes'"));
	cr_assert_not_null(strstr(text, "\"n=4, 4 missed\""));
	cr_assert_not_null(strstr(text, "set logscale x"));
	cr_assert_not_null(strstr(text, "\n0.000138 1.760\n"));
	cr_assert_not_null(strstr(text, "\nmissed = 1\n"));
	cr_assert_not_null(strstr(text, " never never never\n"));
	free(text);
	result_free(r);
}

Test(compare_out, axis_goes_around_all_samples)
{
	struct result *r = make_run(true);
	char *text = script(r);

	cr_assert_not_null(strstr(text, "\nlow = -4\nhigh = -3\n"));
	free(text);
	result_free(r);
	/* One has latencies of 0. */
	r = make_run(false);
	text = script(r);
	cr_assert_not_null(strstr(text, "\nlow = -9\nhigh = -3\n"));
	free(text);
	result_free(r);
}

/* A name from a file somebody sent must not run commands. */
Test(compare_out, script_quotes)
{
	struct result *r = make_run(false);
	char *text = script(r);

	cr_assert_not_null(strstr(text, "\"it s  id   (id)  x  \""), "%s", text);
	cr_assert_null(strchr(text, '`'));
	free(text);
	result_free(r);
}

/* @run, drawn; what gnuplot made of it begins with @magic. */
static void draws(struct result *run, enum plot_format format, const char *magic)
{
	const int kept = dup(STDERR_FILENO), said = memfd_create("said", 0);
	struct output_file out;
	char bytes[4096];
	size_t n;

	if (!plot_possible())
		cr_skip("needs " PLOT_PACKAGE);
	cr_assert_eq(output_file_open(&out, path), 0);
	/* As in a container, whatever there is here. */
	setenv("LC_ALL", "C", 1);
	dup2(said, STDERR_FILENO);
	cr_assert_eq(plot_draw(&plot_latency, run, format, &out), 0);
	dup2(kept, STDERR_FILENO);
	output_file_close(&out);
	n = (size_t)pread(said, bytes, sizeof(bytes) - 1, 0);
	bytes[n] = '\0';
	cr_assert_null(strstr(bytes, "warning:"), "%s", bytes);
	n = get(bytes, sizeof(bytes));
	cr_assert(n > 1000 && n < SIZE_MAX);
	cr_assert_eq(memcmp(bytes, magic, strlen(magic)), 0);
	result_free(run);
}

Test(compare_out, draws_svg)
{
	draws(make_run(true), PLOT_SVG, "<?xml");
}

Test(compare_out, draws_png)
{
	draws(make_run(false), PLOT_PNG, "\x89PNG");
}

Test(compare_out, draws_an_empty_run)
{
	draws(run_new(names, 0), PLOT_SVG, "<?xml");
}

Test(compare_out, no_gnuplot)
{
	struct result *r = make_run(false);
	struct output_file out;

	setenv("PATH", dir, 1);
	cr_assert_not(plot_possible());
	cr_assert_eq(output_file_open(&out, path), 0);
	cr_assert_eq(plot_draw(&plot_latency, r, PLOT_SVG, &out), -ENOENT);
	output_file_close(&out);
	result_free(r);
}
