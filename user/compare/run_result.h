/* SPDX-License-Identifier: GPL-2.0-only */
/* The results of every kind of run have this in common. */
#ifndef OOMN_COMPARE_RUN_RESULT_H
#define OOMN_COMPARE_RUN_RESULT_H

#include "core/machine.h"
#include "compare/sources/source.h"

#define RESULT_NAME_LEN 24
#define RESULT_TEXT_LEN SOURCE_TEXT_LEN

/* More columns than that the tables have not got. */
#define RESULT_NAME_COLUMNS 14

#define RESULT_MAX_SOURCES 64
/* The largest number that every reader of JSON takes exactly: many know only doubles. */
#define RESULT_MAX_SEED ((1ULL << 53) - 1)

/* A percentile falls among the episodes that were missed: the source has not spoken by then. */
#define RESULT_NEVER (UINT64_MAX - 1)
/* There are too few samples for it, or none. */
#define RESULT_UNKNOWN UINT64_MAX

struct result_machine {
	struct machine is;	    /* load: before the run */
	char swap[RESULT_TEXT_LEN]; /* the box's: "zram of 64 MB", and what else is on */
	double load_after[3];
};

/* The state of a source. */
enum result_state {
	RESULT_RAN,
	RESULT_ABSENT, /* this machine does not allow it; why[] says what is missing */
	RESULT_BROKE,  /* it ended before the run did; samples until then are there, why[] */
	RESULT_NR_STATES,
};

extern const char *const result_states[RESULT_NR_STATES];

#endif
