// SPDX-License-Identifier: GPL-2.0-only
/* Table, JSON and plot of a run; runs read back from files. */
#include "report.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/args.h"
#include "common/cleanup.h"
#include "common/log.h"
#include "common/stdout.h"
#include "compare/latency/file.h"
#include "compare/latency/table.h"

static int open_one(struct output_file *out, const char *option, const char *path)
{
	const int err = output_file_open(out, path);

	if (err)
		return usage_err("%s: cannot write %s: %s", option, path, strerror(-err));
	return ARGS_GO_ON;
}

static int open_plot(struct compare_outputs *o, const char *path)
{
	const int format = plot_format_of(path);

	if (format < 0)
		return usage_err("--plot: '%s' must end with .svg or .png", path);
	o->format = (enum plot_format)format;
	if (plot_possible())
		return open_one(&o->plot, "--plot", path);
	log_warn("--plot: gnuplot cannot be run (Debian: apt-get install %s): only the table comes",
		 PLOT_PACKAGE);
	o->plot_lacks = true;
	return ARGS_GO_ON;
}

int compare_open(struct compare_outputs *o, const char *json_path, const char *plot_path)
{
	int ret = ARGS_GO_ON;

	*o = (struct compare_outputs){ .json = OUTPUT_FILE_NONE, .plot = OUTPUT_FILE_NONE };
	if (json_path)
		ret = open_one(&o->json, "--json", json_path);
	if (ret == ARGS_GO_ON && plot_path)
		ret = open_plot(o, plot_path);
	if (output_file_same(&o->json, &o->plot))
		ret = usage_err("--json and --plot cannot both write %s", json_path);
	if (ret != ARGS_GO_ON)
		compare_cancel(o);
	return ret;
}

void compare_cancel(struct compare_outputs *o)
{
	output_file_close(&o->json);
	output_file_close(&o->plot);
}

static int write_json(struct output_file *out, const struct compare_kind *kind, const void *run)
{
	_cleanup_fclose_ FILE *f = output_file_scratch();
	int err;

	if (!f)
		return -errno;
	err = kind->write(run, f);
	return err ? err : output_file_write(out, fileno(f));
}

static int finish_files(struct compare_outputs *o, const struct compare_kind *kind, const void *run)
{
	int ret = o->plot_lacks ? EXIT_FAIL : EXIT_OK, err;

	err = o->json.path ? write_json(&o->json, kind, run) : 0;
	if (err) {
		log_err("cannot write %s: %s", o->json.path, strerror(-err));
		ret = EXIT_FAIL;
	}
	err = o->plot.path ? plot_draw(kind->plot, run, o->format, &o->plot) : 0;
	if (err) {
		log_err("gnuplot could not draw %s: %s", o->plot.path, strerror(-err));
		ret = EXIT_FAIL;
	}
	compare_cancel(o);
	return ret;
}

int compare_finish(struct compare_outputs *o, const struct compare_kind *kind, const void *run,
		   bool verbose)
{
	/* Files first: they are lost if the reader of the table has gone. */
	const int ret = finish_files(o, kind, run);

	kind->print(run, verbose, stdout);
	return stdout_flush() ? EXIT_FAIL : ret;
}

static int write_latencies(const void *run, FILE *f)
{
	return result_write(run, f);
}

static void print_latencies(const void *run, bool verbose, FILE *f)
{
	table_print(run, verbose, f);
}

const struct compare_kind compare_latencies = {
	.participle = "measured",
	.write = write_latencies,
	.plot = &plot_latency,
	.print = print_latencies,
};

static struct result *read_one(const char *path)
{
	char why[RESULT_TEXT_LEN];
	struct result *r = result_read(path, why);

	if (!r)
		log_err("%s: %s", path, why);
	return r;
}

int latency_replay(const char *path, const char *plot_path, bool verbose)
{
	struct result *r = read_one(path);
	struct compare_outputs o;
	int ret;

	if (!r)
		return EXIT_USAGE;
	ret = compare_open(&o, NULL, plot_path);
	if (ret == ARGS_GO_ON)
		ret = compare_finish(&o, &compare_latencies, r, verbose);
	result_free(r);
	return ret;
}

int latency_pair(const char *path_a, const char *path_b, bool verbose)
{
	const char *const names[] = { path_a, path_b };
	struct result *run[2] = { NULL, NULL };
	int ret = EXIT_USAGE;

	run[0] = read_one(path_a);
	if (run[0])
		run[1] = read_one(path_b);
	if (run[1]) {
		table_print_pair((const struct result *const *)run, names, verbose, stdout);
		ret = stdout_flush() ? EXIT_FAIL : EXIT_OK;
	}
	result_free(run[0]);
	result_free(run[1]);
	return ret;
}
