/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The result of a comparison: the machine, the parameters, every episode and every source's sample
 * of it. All memory is taken before the run, nothing is allocated while episodes are under way.
 */
#ifndef OOMN_RESULT_H
#define OOMN_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compare/run_result.h"

#define RESULT_COMM_LEN 17

#define RESULT_MAX_EPISODES 9999

/* The words of --ramp, in the order of result_ramps[]. */
enum result_ramp { RESULT_FAST, RESULT_SLOW, RESULT_NR_RAMPS };

extern const char *const result_ramps[RESULT_NR_RAMPS];

struct result_params {
	uint64_t episodes; /* asked for, of each source */
	uint64_t seed;
	uint64_t interval_ns; /* of the timer */
	enum result_ramp ramp;
	bool one_at_a_time;
	uint64_t quiet_min_ns, quiet_max_ns; /* between a deadline and the next episode's start */
	uint64_t silence_ns;		     /* from an episode's end to its deadline */
	uint64_t box_limit_bytes, box_use_bytes;
	char sharing[RESULT_TEXT_LEN]; /* how sources and pressure share the cores */
};

/* The event that began it. */
enum result_zero { RESULT_SWAP_OUT, RESULT_RECLAIM, RESULT_NR_ZEROS };

extern const char *const result_zeros[RESULT_NR_ZEROS];

/* All times are CLOCK_MONOTONIC. */
struct result_episode {
	uint64_t zero_ns;     /* the kernel's stamp of its first swap-out or reclaim */
	uint64_t swap_out_ns; /* of its first swap-out; 0: it had none */
	uint64_t end_ns;
	uint64_t deadline_ns; /* a source that has not spoken by then has missed it */
	uint64_t quiet_ns;    /* before it, without pressure */
	enum result_zero zero;
	/*
	 * Swap-out and reclaim by others in the quiet before: who watches the machine rightly woke.
	 */
	uint64_t others_hits;
	char others_comm[RESULT_COMM_LEN]; /* a task of them */
};

/* One source in one episode. */
struct result_sample {
	uint32_t episode; /* index */
	bool notified;
	uint64_t latency_ns;  /* from zero to user code; 0 unless notified */
	uint64_t wakes;	      /* from zero to the deadline, the first one included */
	uint64_t false_wakes; /* since the episode before, outside of any */
};

/* Processor time of a source's own process. */
struct result_cpu {
	uint64_t used_ns, over_ns; /* over 0: not measured */
};

struct result_source {
	char name[RESULT_NAME_LEN];
	char what[RESULT_TEXT_LEN]; /* in words, with what differs by machine: a PSI window */
	enum result_state state;
	char why[RESULT_TEXT_LEN];
	/*
	 * It looks once in so long, so its latency should be uniform over it; 0: notified by the
	 * kernel
	 */
	uint64_t interval_ns;
	struct result_cpu idle, busy;
	uint32_t nr_samples;
	struct result_sample *sample;
};

/* Costs of the measurement itself, and the baseline that no source can be earlier than. */
enum result_cost {
	RESULT_COST_BASELINE, /* an eventfd's write to user code, after the episodes' quiet */
	RESULT_COST_STAMP,    /* that of zero, in the kernel */
	RESULT_COST_BOOK,     /* from a source's stamp until it waits again */
	RESULT_NR_COSTS,
};

extern const char *const result_costs[RESULT_NR_COSTS];

struct result_series {
	uint32_t n, room;
	uint64_t *ns;
};

struct result {
	struct result_machine machine;
	struct result_params params;
	uint64_t started_ns;		  /* CLOCK_REALTIME */
	char incomplete[RESULT_TEXT_LEN]; /* why; "" for a complete run */
	uint32_t nr_episodes, room_episodes;
	struct result_episode *episode;
	uint32_t nr_sources;
	struct result_source *source;
	struct result_series cost[RESULT_NR_COSTS];
	uint64_t *sorted; /* room for one series, for what looks at its order */
};

/*
 * For so many sources and so many episodes in all (one at a time: of all sources together), with
 * room for as many samples of each source and each cost. Every page is touched. The sources have no
 * names yet. NULL and errno.
 */
struct result *result_new(uint32_t nr_sources, uint32_t nr_episodes);
void result_free(struct result *r);

/* An episode is over. -ENOSPC when there is no room. */
int result_add_episode(struct result *r, const struct result_episode *e);

/*
 * Judges @source in the last added episode by the stamps of its wake-ups since the deadline before,
 * in any order. What comes before zero or after the deadline is false; of the rest the first is its
 * latency, and without one it has missed the episode. @unkept more wake-ups came after those that
 * are listed, without a stamp. -ENOSPC when there is no room, -EINVAL without an episode.
 */
int result_judge(struct result *r, uint32_t source, const uint64_t wakes_ns[], size_t nr_wakes,
		 uint64_t unkept);

/* So many more wake-ups than @s was judged by came before its last sample's zero. */
void result_add_false(struct result_source *s, uint64_t wakes);

/* One too many is left out. */
void result_add_cost(struct result *r, enum result_cost cost, uint64_t ns);

/* The largest number of samples of any source: one at a time each has its own. */
uint32_t result_episodes(const struct result *r);

/* NULL where there is none of that name. */
const struct result_source *result_find(const struct result *r, const char *name);

#endif
