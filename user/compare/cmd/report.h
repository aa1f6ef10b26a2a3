/* SPDX-License-Identifier: GPL-2.0-only */
/* The outputs of oom-notify compare, for a run of this machine or from a file. */
#ifndef OOMN_COMPARE_REPORT_H
#define OOMN_COMPARE_REPORT_H

#include "compare/output_file.h"
#include "compare/gnuplot.h"
#include "compare/latency/result.h"

struct compare_outputs {
	struct output_file json, plot;
	enum plot_format format;
	bool plot_lacks; /* a plot was asked for and there is nothing to draw it */
};

/*
 * Opens what --json and --plot name (NULL: not asked for), before anything is measured. ARGS_GO_ON,
 * or an enum exit_code after a line that says what is wrong. A gnuplot that is missing is only
 * warned of: the table comes without it.
 */
int compare_open(struct compare_outputs *o, const char *json_path, const char *plot_path);

/* The ways out of a kind of run. */
struct compare_kind {
	const char *participle;			/* "measured", for what came out of it */
	int (*write)(const void *run, FILE *f); /* as JSON: 0 or negative errno */
	const struct plot_kind *plot;
	void (*print)(const void *run, bool verbose, FILE *f);
};

/* Takes a struct result. */
extern const struct compare_kind compare_latencies;

/* Writes JSON and plot and closes them, then the table to standard output. An enum exit_code. */
int compare_finish(struct compare_outputs *o, const struct compare_kind *kind, const void *run,
		   bool verbose);

/* Nothing is to be written: outputs of ours are removed, others are as they were. */
void compare_cancel(struct compare_outputs *o);

/* --replay: @plot_path may be NULL. Both return an enum exit_code. */
int latency_replay(const char *path, const char *plot_path, bool verbose);
int latency_pair(const char *path_a, const char *path_b, bool verbose);

#endif
