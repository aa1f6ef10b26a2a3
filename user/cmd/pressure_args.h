/* SPDX-License-Identifier: GPL-2.0-only */
/* Values of the command line of oom-notify pressure. */
#ifndef OOMN_PRESSURE_ARGS_H
#define OOMN_PRESSURE_ARGS_H

#include <stdbool.h>
#include <stdint.h>

#include "box/box.h"

struct pressure_config {
	struct box_opts box;
	uint64_t episodes;
	uint64_t gap_ns;
	const char *episode_option; /* one that was given and is about episodes */
	char **command;		    /* NULL: episodes */
	bool json;
};

/* Words of the options, in the order of the enums in box.h. */
extern const char *const pressure_swaps[];
extern const char *const pressure_causes[];

/* As args_parse(). Sizes that box_create() would refuse are refused here. */
int pressure_parse(int argc, char **argv, struct pressure_config *c);

#endif
