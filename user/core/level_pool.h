/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cgroups that have a level: found by the cgroup's id, taken when its limit makes itself felt,
 * given back when it rests. How many there can be at once is settled when the pool is made.
 */
#ifndef OOMN_LEVEL_POOL_H
#define OOMN_LEVEL_POOL_H

#include <sys/queue.h>

#include "level.h"

/* The cgroup, or the machine, whose level it is. */
struct level_owner {
	uint64_t id;
	uint32_t row;	      /* in the table of cgroups, as last told */
	enum level taken_out; /* of levels_next_change(), the last time */
	struct level_state state;
	uint64_t changed_ns;		/* when the level changed last */
	bool is_changed;		/* which waits to be taken out */
	TAILQ_ENTRY(level_owner) busy;	/* those in use, the oldest first */
	LIST_ENTRY(level_owner) bucket; /* those of one hash value */
	union {
		TAILQ_ENTRY(level_owner) change; /* those changed, the oldest change first */
		SLIST_ENTRY(level_owner) spare;	 /* those given back, the latest first */
	};
};

TAILQ_HEAD(level_busy, level_owner);
TAILQ_HEAD(level_changes, level_owner);
LIST_HEAD(level_bucket, level_owner);
SLIST_HEAD(level_spare, level_owner);

#define LEVEL_POOL_HASH_BITS 12

struct level_pool {
	struct level_owner *slot;
	uint32_t nr_slots;
	uint32_t nr_used; /* slots that were ever taken: those behind were never touched */
	struct level_busy busy;
	struct level_spare spare;
	struct level_bucket hash[1U << LEVEL_POOL_HASH_BITS];
};

/*
 * @nr_slots owners, all at rest; the memory of the first @nr_ready of them is there at once, that
 * of the others from when they are first taken. 0 or negative errno.
 */
int level_pool_init(struct level_pool *p, uint32_t nr_slots, uint32_t nr_ready);
void level_pool_free(struct level_pool *p);

/* Cgroup @id, or NULL. */
struct level_owner *level_pool_find(const struct level_pool *p, uint64_t id);

/* Takes one that starts empty, for an @id that has none yet; NULL when all are taken. */
struct level_owner *level_pool_take(struct level_pool *p, uint64_t id);

void level_pool_give_back(struct level_pool *p, struct level_owner *c);

#endif
