/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The latency of `watch`, beside the bare wake-up. The one thing that matters most, whether the
 * reader sleeps on the core where the event happens or must be woken on another, is left to chance
 * in life; here it is arranged, the same for both, and told apart.
 */
#ifndef BENCH_LATENCY_H
#define BENCH_LATENCY_H

#include "bench.h"
#include "compare/baseline.h"
#include "compare/statistics.h"
#include "verbs.h"

enum place { OTHER_CORE, SAME_CORE, NR_PLACES };

struct latency {
	struct watch watch;
	struct baseline baseline;
	int reader_cpu;	  /* where watch's reader is, and with it the bare wake-up's receiver */
	enum place place; /* now */
	struct samples notified[NR_PLACES]; /* ns */
	struct samples bare[NR_PLACES];
	unsigned int discarded; /* not on the core they were to be on, or the reader had moved */
};

/* Starts watch and a receiver of the bare wake-up on the core that watch's reader is on. */
int latency_start(struct env *env, struct latency *l);

void latency_stop(struct latency *l);

/* Bare wake-ups, to the samples of the place that was arranged last. */
int latency_bare(struct env *env, struct latency *l, const struct baseline_opts *o);

/* The core for events of this place; *cpu -1: there is but one core. We ourselves go there too. */
int latency_place(struct env *env, struct latency *l, enum place place, int *cpu);

/* The quiet before an event. */
struct quiet {
	uint64_t box_ns;     /* in the box */
	uint64_t machine_ns; /* everywhere */
};

/* The next event of the box that left with its hit, on the core it was to be on. */
bool latency_next(struct env *env, struct latency *l, uint64_t cgroup_id, struct event *e,
		  struct quiet *quiet);

extern const char *const place_names[NR_PLACES];

void latency_json(struct json *j, const struct latency *l);

/* Two rows for each place: p50, and what @permille is of all samples. */
void latency_rows(struct report *r, const struct latency *l, unsigned int permille);

#endif
