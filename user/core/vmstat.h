/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's own counters, to hold ours against. */
#ifndef OOMN_VMSTAT_H
#define OOMN_VMSTAT_H

#include <stdint.h>
#include <stdio.h>

/* -1: this kernel has no such counter. */
struct vmstat {
	int64_t pswpout;
	int64_t swpout_zero; /* since 6.12 */
	int64_t zswpout;     /* only with zswap built in */
	int64_t allocstall;  /* all zones together */
	int64_t oom_kill;
};

/* Parses text in the form of /proc/vmstat. -EBADMSG when not one of the counters is in it. */
int vmstat_parse(FILE *f, struct vmstat *v);

/* Reads /proc/vmstat. */
int vmstat_read(struct vmstat *v);

/*
 * Pages that left memory for swap, however the kernel got rid of them; of a delta, those of its
 * time.
 */
int64_t vmstat_swapped_out(const struct vmstat *v);

/* Counts from @from to @to; -1 stays -1. */
struct vmstat vmstat_delta(const struct vmstat *from, const struct vmstat *to);

#endif
