/* SPDX-License-Identifier: GPL-2.0-only */
/* State that the parts of a run share. */
#ifndef OOMN_COMPARE_RUN_PRIV_H
#define OOMN_COMPARE_RUN_PRIV_H

#include "box/box.h"
#include "compare/baseline.h"
#include "zero.h"
#include "run.h"
#include "compare/sources/watcher.h"

/* After so many episodes every source starts anew, in another order. */
#define ROUND_EPISODES 5

/* Sequences of chance. */
enum { CHANCE_ORDER, CHANCE_QUIET, CHANCE_PLACE };

struct run {
	const struct run_opts *opts;
	const struct run_hooks *hooks;
	struct result *r;
	struct box *box;
	struct box_info info;
	struct zero *zero;
	struct baseline baseline;
	struct watcher watcher[RESULT_MAX_SOURCES]; /* by index of the source */
	uint64_t early[RESULT_MAX_SOURCES];	    /* wake-ups in the quiet, which are false */
	uint64_t wakes_ns[WATCHER_ROOM];	    /* scratch */
	uint64_t cpu_ns[RESULT_MAX_SOURCES];	    /* at @cpu_at_ns */
	uint64_t cpu_at_ns[RESULT_MAX_SOURCES];
	int cpus[CPU_SETSIZE];
	uint32_t nr_cpus;
	uint64_t last_end_ns; /* of the last pressure */
	uint64_t begun_ns;    /* of the first episode */
	uint32_t done, all;
	bool not_realtime, not_locked; /* of any source so far */
};

/*
 * Starts the sources whose indices are listed, in this order, rehearses, makes the episodes from
 * @first on, and ends the sources. 0 or negative errno with the reason.
 */
int round_run(struct run *run, const uint32_t *order, uint32_t n, uint32_t first, uint32_t episodes,
	      struct failure *why);

/*
 * One episode of the round: bare wake-up, quiet, pressure, silence; @counts: it is no rehearsal.
 */
int episode_run(struct run *run, uint32_t episode, bool counts, struct failure *why);

/* 0, or -ECANCELED when told to stop. */
int run_sleep(const struct run *run, uint64_t ns);

void run_tell(const struct run *run, const char *doing, const char *of);

#endif
