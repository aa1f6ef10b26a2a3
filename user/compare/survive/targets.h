/* SPDX-License-Identifier: GPL-2.0-only */
/* The targets of notifying by headroom, held against a run. */
#ifndef OOMN_SURVIVE_TARGETS_H
#define OOMN_SURVIVE_TARGETS_H

#include <stdio.h>

#include "result.h"

#define SURVIVE_TARGET_GIVEN 1.5

enum survive_target_id {
	SURVIVE_ALL_LIVE, /* without swap, then with */
	SURVIVE_ALL_LIVE_SWAP,
	SURVIVE_NOT_BEHIND,
	SURVIVE_GIVEN,
	SURVIVE_NOT_FALSE,
	SURVIVE_NR_TARGETS,
};

enum survive_target_state { SURVIVE_REACHED, SURVIVE_SHORT, SURVIVE_NOT_MEASURED };

struct survive_target {
	enum survive_target_state state;
	char text[RESULT_TEXT_LEN]; /* what was measured, or why it was not */
};

void survive_judge(const struct survive *s, struct survive_target out[SURVIVE_NR_TARGETS]);

/* A line for each. */
void survive_print_targets(const struct survive *s, FILE *f);

#endif
