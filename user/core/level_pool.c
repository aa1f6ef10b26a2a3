// SPDX-License-Identifier: GPL-2.0-only
/* A fixed number of owners in one mapping, a hash table to find them, a list to visit them. */
#include "level_pool.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "harden.h"

int level_pool_init(struct level_pool *p, uint32_t nr_slots, uint32_t nr_ready)
{
	memset(p, 0, sizeof(*p));
	TAILQ_INIT(&p->busy);
	p->slot = harden_on_demand(nr_slots * sizeof(p->slot[0]), nr_ready * sizeof(p->slot[0]));
	if (!p->slot)
		return -errno;
	p->nr_slots = nr_slots;
	return 0;
}

void level_pool_free(struct level_pool *p)
{
	if (p->slot)
		munmap(p->slot, p->nr_slots * sizeof(p->slot[0]));
	p->slot = NULL;
}

/*
 * Ids are inode numbers: on a kernel that counts them up, neighbours differ in their lowest bits.
 */
static size_t hash_of(uint64_t id)
{
	return (size_t)((id * 0x9e3779b97f4a7c15ULL) >> (64 - LEVEL_POOL_HASH_BITS));
}

struct level_owner *level_pool_find(const struct level_pool *p, uint64_t id)
{
	struct level_owner *c = LIST_FIRST(&p->hash[hash_of(id)]);

	while (c && c->id != id)
		c = LIST_NEXT(c, bucket);
	return c;
}

/* One that was used before if there is any: its memory is there. */
static struct level_owner *free_slot(struct level_pool *p)
{
	struct level_owner *c = SLIST_FIRST(&p->spare);

	if (c) {
		SLIST_REMOVE_HEAD(&p->spare, spare);
		return c;
	}
	return p->nr_used < p->nr_slots ? &p->slot[p->nr_used++] : NULL;
}

struct level_owner *level_pool_take(struct level_pool *p, uint64_t id)
{
	struct level_owner *c = free_slot(p);

	if (!c)
		return NULL;
	memset(c, 0, sizeof(*c));
	c->id = id;
	TAILQ_INSERT_TAIL(&p->busy, c, busy);
	LIST_INSERT_HEAD(&p->hash[hash_of(id)], c, bucket);
	return c;
}

void level_pool_give_back(struct level_pool *p, struct level_owner *c)
{
	TAILQ_REMOVE(&p->busy, c, busy);
	LIST_REMOVE(c, bucket);
	SLIST_INSERT_HEAD(&p->spare, c, spare);
}
