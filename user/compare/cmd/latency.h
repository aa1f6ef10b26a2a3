/* SPDX-License-Identifier: GPL-2.0-only */
/* `oom-notify compare`: what its command line asks for. */
#ifndef OOMN_CMD_LATENCY_H
#define OOMN_CMD_LATENCY_H

#include "compare/latency/run.h"

struct latency_config {
	struct run_opts run;
	const char *json_path, *plot_path; /* NULL: not asked for */
	const char *replay_path;
	char **pair; /* two saved runs */
	bool seeded, verbose;
	const char *measuring; /* an option that was given and is about measuring */
};

int cmd_latency(int argc, char **argv);

/* Measures, with progress on stderr. An enum exit_code, or 128 and a signal's number. */
int latency_live(const struct latency_config *c);

#endif
