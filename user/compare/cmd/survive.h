/* SPDX-License-Identifier: GPL-2.0-only */
/* `oom-notify compare --survive`: its command line asks for a run, or for a saved one. */
#ifndef OOMN_CMD_SURVIVE_H
#define OOMN_CMD_SURVIVE_H

#include "compare/survive/run.h"

struct survive_config {
	struct survive_opts run;
	const char *json_path, *plot_path; /* NULL: not asked for */
	const char *replay_path;
	bool seeded, verbose;
	const char *measuring; /* an option that was given and is about measuring */
};

/* Whether the command line of `compare` asks for it. */
bool survive_is_asked(int argc, char **argv);

int cmd_survive(int argc, char **argv);

/* Runs it, with progress on stderr. An enum exit_code, or 128 and a signal's number. */
int survive_live(const struct survive_config *c);

#endif
