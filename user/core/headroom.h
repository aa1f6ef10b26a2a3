/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Headroom: how much a memory cgroup, or the machine, can still take before somebody is killed. The
 * one definition of it, as a pure function.
 */
#ifndef OOMN_HEADROOM_H
#define OOMN_HEADROOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEADROOM_UNLIMITED UINT64_MAX

/* One memory cgroup with all below it. Limits are HEADROOM_UNLIMITED where there is none. */
struct headroom_memory {
	uint64_t limit_bytes; /* v1 memory.limit_in_bytes, v2 memory.max */
	uint64_t usage_bytes; /* may be above the limit: counters lag, and limits are lowered */
	/*
	 * Reclaim gets it without swapping: file cache, also what it has to wait for to be written.
	 */
	uint64_t droppable_bytes;
	/*
	 * In memory and in swap at once: dropped without writing anything, and without more swap.
	 */
	uint64_t swapcached_bytes;
	uint64_t high_bytes;	   /* v2 memory.high */
	uint64_t swap_limit_bytes; /* v2 memory.swap.max */
	uint64_t swap_usage_bytes;
	uint64_t both_limit_bytes; /* v1 memory.memsw.limit_in_bytes: memory and swap together */
	uint64_t both_usage_bytes;
	bool never_swaps; /* v1 memory.swappiness of 0 */
};

/* The machine's, as in /proc/meminfo. */
struct headroom_machine {
	uint64_t total_bytes;
	uint64_t available_bytes;
	uint64_t swap_free_bytes;
	uint64_t reserve_bytes; /* a killer in user space acts when no more than that is left */
	bool never_swaps;	/* vm.swappiness of 0: cgroups do not swap at their limit on v2 */
};

struct headroom {
	uint64_t left_bytes;  /* HEADROOM_UNLIMITED: no limit applies */
	uint64_t limit_bytes; /* the one that will be met first */
};

/*
 * Headroom of the first of @n cgroups, of which each is within the next: the least that any of them
 * leaves. @machine: what swap there is.
 */
struct headroom headroom_of_cgroup(const struct headroom_memory *chain, size_t n,
				   const struct headroom_machine *machine);

/*
 * The machine's: what can be allocated without swapping (MemAvailable), and the swap that is free,
 * above the reserve.
 */
struct headroom headroom_of_machine(const struct headroom_machine *machine);

#endif
