/* SPDX-License-Identifier: GPL-2.0-only */
/* Measured costs of BPF programs in a storm: of each subject, load and tracepoint. */
#ifndef BENCH_COSTS_H
#define BENCH_COSTS_H

#include "compare/statistics.h"
#include "loads.h"
#include "progs.h"
#include "report.h"

/* COUNTED is DEFAULT with gates that open once and then stay closed. */
enum subject { DEFAULT, COUNTED, RAW, EMPTY, BPFTRACE, WAKE, NR_SUBJECTS };

extern const char *const subject_names[NR_SUBJECTS];

enum point { HIT, BEGIN, END, ISOLATE, SHRINK, NR_POINTS };

extern const char *const point_names[NR_POINTS];

/* The costs of one subject under one load, one value a round. */
struct costs {
	struct samples ns[NR_POINTS];	   /* a run */
	struct samples percent[NR_POINTS]; /* of a storm's time */
	struct samples all_percent;	   /* all programs of the subject together */
	struct samples flushes_per_s;	   /* of a storm */
	struct progs last;		   /* programs of the last round */
	uint64_t runs, dropped;		   /* of HIT, in all rounds */
	char why[160];			   /* not measured any more: why */
	bool failed;
};

extern struct costs costs[NR_LOADS][NR_SUBJECTS];

/* Adds what the programs did in a storm; false: too few hits to tell. */
bool costs_add(struct costs *c, const struct progs *delta, const struct storm *storm);

void costs_report(struct report *r);

#endif
