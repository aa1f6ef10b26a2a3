/* SPDX-License-Identifier: GPL-2.0-only */
/* Makes the episodes of a comparison and has its sources watched meanwhile. */
#ifndef OOMN_COMPARE_RUN_H
#define OOMN_COMPARE_RUN_H

#include "common/failure.h"
#include "result.h"
#include "compare/sources/source.h"

struct run_opts {
	uint32_t episodes; /* of each source */
	uint64_t seed;
	uint64_t interval_ns;
	enum result_ramp ramp;
	bool one_at_a_time;
	const struct source *source[RESULT_MAX_SOURCES];
	uint32_t nr_sources;
};

/* Where a run is, for whoever tells it. */
struct run_progress {
	uint32_t done, all; /* episodes */
	uint64_t left_ns;   /* about; 0: nobody knows yet */
	const char *doing;  /* NULL: an episode has been judged */
	const char *of;	    /* what it does that with; NULL: nothing in particular */
	const struct result *result;
};

struct run_hooks {
	int stop_fd; /* readable: end early */
	void (*tell)(void *ctx, const struct run_progress *p);
	void *ctx;
};

/*
 * NULL and the reason in @why. With -ECANCELED or another error in *err and a result there is what
 * was measured until then, marked as incomplete. Nothing of the run is left behind in any case, or
 * *left says what is.
 */
struct result *run_compare(const struct run_opts *opts, const struct run_hooks *hooks, int *err,
			   struct failure *why, struct failure *left);

#endif
