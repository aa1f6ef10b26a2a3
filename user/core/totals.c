// SPDX-License-Identifier: GPL-2.0-only
#include "totals.h"

#include <stddef.h>
#include "record.h"

uint64_t totals_due(const struct oomn_cpu *cpu, uint64_t now_ns, uint64_t least_ns)
{
	uint64_t waiting = totals_read(&cpu->waiting_gates), due = 0;

	for (int i = 0; waiting; i++, waiting >>= 1) {
		uint64_t sent_ns = waiting & 1 ? totals_read(&cpu->gate[i].sent_ns) : now_ns;

		if (waiting & 1 && now_ns >= sent_ns && now_ns - sent_ns >= least_ns)
			due |= 1ULL << i;
	}
	return due;
}

uint64_t totals_waiting(const struct oomn_cpu *cpus, int n)
{
	uint64_t hits = 0;

	for (int i = 0; i < n; i++)
		hits += totals_read(&cpus[i].waiting_hits);
	return hits;
}

uint64_t totals_dropped(const struct oomn_cpu *cpus, int n)
{
	uint64_t hits = 0;

	for (int i = 0; i < n; i++)
		for (int kind = 0; kind < OOMN_NR_KINDS; kind++)
			hits += totals_read(&cpus[i].count[kind].dropped_hits);
	return hits;
}

struct oomn_scan totals_scan(const struct oomn_cpu *cpus, int n)
{
	static const enum oomn_cause machine[] = { OOMN_CAUSE_KSWAPD, OOMN_CAUSE_DIRECT,
						   OOMN_CAUSE_NODE };
	struct oomn_scan sum = { 0 };

	for (int i = 0; i < n; i++) {
		for (size_t j = 0; j < sizeof(machine) / sizeof(machine[0]); j++) {
			const struct oomn_scan *s = &cpus[i].scan[machine[j]];

			sum.scanned_pages += totals_read(&s->scanned_pages);
			sum.freed_pages += totals_read(&s->freed_pages);
		}
	}
	return sum;
}
