/* SPDX-License-Identifier: GPL-2.0-only */
/* Sums over what the BPF side counts on each CPU, while it goes on counting. */
#ifndef OOMN_TOTALS_H
#define OOMN_TOTALS_H

#include <stdbool.h>
#include <stdint.h>
#include "tables.h"

/* The BPF side writes these while we read: every word whole, each from one moment or the next. */
static inline uint64_t totals_read(const __u64 *p)
{
	return *(const volatile __u64 *)p;
}

/* The gates of this CPU whose hits have waited for @least_ns, as the flush sees it: a bit each. */
uint64_t totals_due(const struct oomn_cpu *cpu, uint64_t now_ns, uint64_t least_ns);
uint64_t totals_waiting(const struct oomn_cpu *cpus, int n);
/* Hits of all kinds that did not fit into the ring. */
uint64_t totals_dropped(const struct oomn_cpu *cpus, int n);
/* Pages that reclaim of the machine, and of no single cgroup, scanned and freed. */
struct oomn_scan totals_scan(const struct oomn_cpu *cpus, int n);

#endif
