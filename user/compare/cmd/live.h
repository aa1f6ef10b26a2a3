/* SPDX-License-Identifier: GPL-2.0-only */
/* Beginning and end of every run that measures, whatever it measures. */
#ifndef OOMN_COMPARE_LIVE_H
#define OOMN_COMPARE_LIVE_H

#include "common/failure.h"
#include "report.h"

struct live {
	struct compare_outputs out;
	int stop_fd; /* readable when a signal asks to end */
};

/*
 * Blocks signals, opens what --json and --plot name (NULL: not asked for) and removes what a killed
 * run left behind. ARGS_GO_ON, or an enum exit_code after a line that says what is wrong.
 */
int live_begin(struct live *l, const char *json_path, const char *plot_path);

/* The end of a run: negative errno and why; what could not be removed, if anything. */
struct live_outcome {
	int err;
	struct failure why, left;
};

/*
 * Says what ended the run early, writes and prints @run (NULL: nothing came out) and closes all.
 * The exit code: 128+N after signal N.
 */
int live_end(struct live *l, const struct compare_kind *kind, const void *run, bool verbose,
	     const struct live_outcome *outcome);

#endif
