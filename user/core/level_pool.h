/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The level machines of cgroups: found by the cgroup's id, taken when its limit makes itself felt,
 * given back when it rests. How many there can be at once is settled when the pool is made.
 */
#ifndef OOMN_LEVEL_POOL_H
#define OOMN_LEVEL_POOL_H

#include <sys/queue.h>

#include "level.h"

struct cgroup_level {
	uint64_t id;
	uint32_t row; /* in the table of cgroups, as last told */
	struct level_machine machine;
	TAILQ_ENTRY(cgroup_level) busy;	 /* those in use, the oldest first */
	LIST_ENTRY(cgroup_level) bucket; /* those of one hash value */
	SLIST_ENTRY(cgroup_level) spare; /* those given back, the latest first */
};

TAILQ_HEAD(level_busy, cgroup_level);
LIST_HEAD(level_bucket, cgroup_level);
SLIST_HEAD(level_spare, cgroup_level);

#define LEVEL_POOL_HASH_BITS 12

struct level_pool {
	struct cgroup_level *slot;
	uint32_t nr_slots;
	uint32_t nr_used; /* slots that were ever taken: those behind were never touched */
	struct level_busy busy;
	struct level_spare spare;
	struct level_bucket hash[1U << LEVEL_POOL_HASH_BITS];
};

/*
 * @nr_slots machines, all at rest; the memory of the first @nr_ready of them is there at once, that
 * of the others from when they are first taken. 0 or negative errno.
 */
int level_pool_init(struct level_pool *p, uint32_t nr_slots, uint32_t nr_ready);
void level_pool_free(struct level_pool *p);

/* The machine of cgroup @id, or NULL. */
struct cgroup_level *level_pool_find(const struct level_pool *p, uint64_t id);

/* Takes one that starts empty, for an @id that has none yet; NULL when all are taken. */
struct cgroup_level *level_pool_take(struct level_pool *p, uint64_t id);

void level_pool_give_back(struct level_pool *p, struct cgroup_level *c);

#endif
