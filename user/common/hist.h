/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Log-linear histogram of nanoseconds, fixed size: 32 linear steps in each power of two, so a
 * quantile is at most 1/32 (3.1 %) above the true sample. Never allocates.
 */
#ifndef OOMN_HIST_H
#define OOMN_HIST_H

#include <stdint.h>

#define HIST_SUB_BITS 5
#define HIST_BUCKETS  ((64 - HIST_SUB_BITS + 1) << HIST_SUB_BITS)

struct hist {
	uint64_t count;
	uint64_t max;
	uint32_t bucket[HIST_BUCKETS];
};

void hist_add(struct hist *h, uint64_t ns);

/*
 * The smallest bucket's upper edge that at least @permille of the samples do not exceed (nearest
 * rank), never above the largest sample; 0 when empty.
 */
uint64_t hist_quantile(const struct hist *h, unsigned int permille);

#endif
