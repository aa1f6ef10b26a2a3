/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of tasks inside reclaim: how many, and what to do about those that never came out. */
#ifndef OOMN_RECLAIMERS_H
#define OOMN_RECLAIMERS_H

#include <stdint.h>
#include "tables.h"

/* An entry older than this is looked into. */
#define RECLAIMER_STALE_NS 10000000000ULL

/* Tasks in the hash table, and in slots. */
uint64_t reclaimers_count(int map_fd);
uint64_t reclaimers_count_slots(const struct oomn_reclaimer *slots);

/*
 * Removes entries of tasks that are gone or no longer in reclaim, so that a missed reclaim_end does
 * not keep its task in reclaim for ever, and the notes of them in @cpus[@nr_cpus]. Returns how
 * many. @prog_fd is the BPF program still_reclaims.
 */
uint64_t reclaimers_sweep(int map_fd, int prog_fd, struct oomn_cpu *cpus, int nr_cpus,
			  uint64_t now_ns);

/* The same for @slots, OOMN_NR_SLOTS that the BPF side has mapped. */
uint64_t reclaimers_sweep_slots(struct oomn_reclaimer *slots, int prog_fd, struct oomn_cpu *cpus,
				int nr_cpus, uint64_t now_ns);

#endif
