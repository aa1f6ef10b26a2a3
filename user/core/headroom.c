// SPDX-License-Identifier: GPL-2.0-only
/* The terms of headroom, each with where it comes from. */
#include "headroom.h"

static uint64_t add(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* Counters lag behind limits, and limits are lowered below usage: nothing is left then. */
static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/*
 * Anonymous memory goes to swap as far as the machine has any free, and as far as neither this
 * cgroup nor one above it is at its memory.swap.max (mm/memcontrol.c,
 * mem_cgroup_get_nr_swap_pages()). With a swappiness of 0 a limit's reclaim does not swap at all
 * (mm/vmscan.c, get_scan_count()).
 */
static uint64_t swap_left(const struct headroom_memory *chain, size_t n,
			  const struct headroom_machine *machine)
{
	uint64_t left = machine->swap_free_bytes;

	if (n && chain[0].never_swaps)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (chain[i].swap_limit_bytes != HEADROOM_UNLIMITED)
			left = least(left,
				     less(chain[i].swap_limit_bytes, chain[i].swap_usage_bytes));
	return left;
}

/*
 * The charge that would exceed the limit first makes reclaim drop and swap all it can
 * (try_charge()).
 */
static uint64_t left_of(const struct headroom_memory *m, uint64_t swap_bytes)
{
	if (m->limit_bytes == HEADROOM_UNLIMITED)
		return HEADROOM_UNLIMITED;
	return add(less(add(m->limit_bytes, add(m->droppable_bytes, m->swapcached_bytes)),
			m->usage_bytes),
		   swap_bytes);
}

/*
 * Version 1 may limit memory and swap together: what is swapped out still counts, what is dropped
 * not.
 */
static uint64_t both_left_of(const struct headroom_memory *m)
{
	if (m->both_limit_bytes == HEADROOM_UNLIMITED)
		return HEADROOM_UNLIMITED;
	return less(add(m->both_limit_bytes, m->droppable_bytes), m->both_usage_bytes);
}

struct headroom headroom_of_cgroup(const struct headroom_memory *chain, size_t n,
				   const struct headroom_machine *machine)
{
	struct headroom h = { .left_bytes = HEADROOM_UNLIMITED, .limit_bytes = HEADROOM_UNLIMITED };

	for (size_t i = 0; i < n; i++) {
		const uint64_t swap_bytes = swap_left(&chain[i], n - i, machine);
		const uint64_t left = left_of(&chain[i], swap_bytes);
		const uint64_t both = both_left_of(&chain[i]);

		if (left < h.left_bytes)
			h = (struct headroom){ left, chain[i].limit_bytes };
		if (both < h.left_bytes)
			h = (struct headroom){ both, chain[i].both_limit_bytes };
	}
	return h;
}

/*
 * MemAvailable is the kernel's own word for what can be taken without swapping (mm/show_mem.c,
 * si_mem_available()): free pages, and page cache and slabs as far as they can be dropped, less
 * what is kept for the kernel itself.
 */
struct headroom headroom_of_machine(const struct headroom_machine *machine)
{
	return (struct headroom){
		.left_bytes = less(add(machine->available_bytes, machine->swap_free_bytes),
				   machine->reserve_bytes),
		.limit_bytes = machine->total_bytes,
	};
}
