/* SPDX-License-Identifier: GPL-2.0-only */
/* What the early notification is to reach, held against a run. */
#ifndef OOMN_COMPARE_TARGETS_H
#define OOMN_COMPARE_TARGETS_H

#include <stdio.h>

#include "result.h"

/* Medians on two idle cores; a bare wake-up after like quiet is the floor of everything. */
#define TARGET_TIMES_EARLIER 3000.0
#define TARGET_TIMES_FLOOR   1.5
#define TARGET_TIMES_FED     5.0
#define TARGET_IDLE_SHARE    0.0001

enum target_id {
	TARGET_TIMER,
	TARGET_PSI,
	TARGET_BASELINE,
	TARGET_NOT_MISSED,
	TARGET_NOT_FALSE,
	TARGET_FED,
	TARGET_IDLE,
	NR_TARGETS,
};

enum target_state { TARGET_REACHED, TARGET_SHORT, TARGET_NOT_MEASURED };

struct target {
	const char *text; /* what is measured */
	enum target_state state;
	double measured;	   /* a ratio, a number, a share of a core */
	char why[RESULT_TEXT_LEN]; /* when not measured */
};

void targets_judge(const struct result *r, struct target out[NR_TARGETS]);

/* A line for each, and for those that fall short what may be the reason. */
void targets_print(const struct result *r, FILE *f);

#endif
