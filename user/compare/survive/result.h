/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A run: the machine, the parameters, and every episode of every source. An episode is one program
 * with a cache, one source that tells it, one load that grows in the same cgroup until half of the
 * cache must have gone.
 */
#ifndef OOMN_SURVIVE_RESULT_H
#define OOMN_SURVIVE_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compare/run_result.h"

#define SURVIVE_MAX_RATES    8
#define SURVIVE_MAX_SOURCES  16
#define SURVIVE_MAX_EPISODES 1000
/* No memory is that fast yet. */
#define SURVIVE_MAX_RATE_MB_S 1000000

/* A victim that is not notified how much must go gives up its cache in so many steps. */
#define SURVIVE_STEPS 4

#define SURVIVE_STREAM_LIMITS 2

/* MB/s are of 1024 * 1024 bytes here, as MB are. */
#define SURVIVE_UNTHROTTLED 0

enum survive_swap { SURVIVE_NO_SWAP, SURVIVE_SWAP, SURVIVE_NR_SWAPS };

extern const char *const survive_swaps[SURVIVE_NR_SWAPS];

#define SURVIVE_MAX_ALL \
	(SURVIVE_MAX_EPISODES * SURVIVE_MAX_SOURCES * SURVIVE_MAX_RATES * SURVIVE_NR_SWAPS)

/* Loads that are none of anybody's business. */
enum survive_benign {
	SURVIVE_STREAM, /* reads a file of SURVIVE_STREAM_LIMITS limits, over and over */
	SURVIVE_CACHE,	/* reads a file of nine tenths of it, over and over */
	SURVIVE_GROWTH, /* grows to eight tenths of it, at each rate in turn, and shrinks again */
	SURVIVE_NR_BENIGN,
};

extern const char *const survive_benigns[SURVIVE_NR_BENIGN];

struct survive_params {
	uint64_t episodes; /* asked for, of each source at each rate */
	uint64_t seed;
	uint64_t limit_bytes, cache_bytes;
	uint64_t swap_bytes;		       /* that the cgroup may use, with swap */
	uint32_t rate_mb_s[SURVIVE_MAX_RATES]; /* or SURVIVE_UNTHROTTLED */
	uint32_t nr_rates;
	bool swap[SURVIVE_NR_SWAPS]; /* asked for */
	uint64_t benign_ns;	     /* asked for, of each kind */
	bool realtime;		     /* sources were allowed to be SCHED_FIFO */
};

enum survive_end {
	SURVIVE_LIVES,
	SURVIVE_KILLED, /* the OOM killer has ended it, or the load, which is no better */
	SURVIVE_STUCK,	/* neither: the load did not get there within the time allowed */
	SURVIVE_NR_ENDS,
};

extern const char *const survive_ends[SURVIVE_NR_ENDS];

struct survive_episode {
	uint32_t source, rate; /* indices */
	enum survive_swap swap;
	enum survive_end end;
	uint64_t tells;
	/*
	 * From being notified first until nothing would have been left; negative: it was notified
	 * after that.
	 */
	int64_t lead_ns;
	uint64_t given_bytes; /* of the cache, of which half was needed */
	uint64_t needed_bytes;
	uint64_t stall_ns; /* of the load, in touches that took long */
};

struct survive_source {
	char name[RESULT_NAME_LEN];
	char what[RESULT_TEXT_LEN];
	enum result_state state;
	char why[RESULT_TEXT_LEN];
	uint64_t false_tells[SURVIVE_NR_BENIGN];
};

struct survive {
	struct result_machine machine;
	struct survive_params params;
	uint64_t started_ns;		       /* CLOCK_REALTIME */
	char incomplete[RESULT_TEXT_LEN];      /* why; "" for a complete run */
	uint64_t benign_ns[SURVIVE_NR_BENIGN]; /* that each kind took; 0: not run */
	uint32_t nr_sources;
	struct survive_source source[SURVIVE_MAX_SOURCES];
	uint32_t nr_episodes, room_episodes;
	struct survive_episode *episode;
};

/* NULL and errno. */
struct survive *survive_new(uint32_t nr_sources, uint32_t nr_episodes);
void survive_free(struct survive *s);

/* -ENOSPC when there is no room. */
int survive_add(struct survive *s, const struct survive_episode *e);

/* Told to see what is possible: at nothing, and at all. */
bool survive_is_control(const char *name);

/* NULL where there is none of that name. */
const struct survive_source *survive_find(const struct survive *s, const char *name);

/* The load grows until so much of the cache must have gone. */
static inline uint64_t survive_needed(const struct survive_params *p)
{
	return p->cache_bytes / 2;
}

#endif
