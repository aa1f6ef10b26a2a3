// SPDX-License-Identifier: GPL-2.0-only
/* Log-linear histogram: a bucket is found by shifts alone, so that adding costs a few ns. */
#include "hist.h"

#define SUB (1U << HIST_SUB_BITS)

/* Below SUB every value has its own bucket; above, its top HIST_SUB_BITS + 1 bits choose it. */
static unsigned int bucket_of(uint64_t ns)
{
	unsigned int shift;

	if (ns < SUB)
		return (unsigned int)ns;
	shift = 63U - (unsigned int)__builtin_clzll(ns) - HIST_SUB_BITS;
	return ((shift + 1) << HIST_SUB_BITS) + ((unsigned int)(ns >> shift) & (SUB - 1));
}

/* The largest value that falls into bucket @i. */
static uint64_t upper_edge(unsigned int i)
{
	unsigned int shift;

	if (i < SUB)
		return i;
	shift = (i >> HIST_SUB_BITS) - 1;
	return ((uint64_t)(SUB + (i & (SUB - 1))) << shift) + ((1ULL << shift) - 1);
}

void hist_add(struct hist *h, uint64_t ns)
{
	uint32_t *b = &h->bucket[bucket_of(ns)];

	h->count++;
	if (ns > h->max)
		h->max = ns;
	/* A full bucket stays full: wrapping would move every quantile. */
	if (*b != UINT32_MAX)
		(*b)++;
}

uint64_t hist_quantile(const struct hist *h, unsigned int permille)
{
	uint64_t rank, seen = 0;

	if (!h->count)
		return 0;
	rank = h->count / 1000 * permille + (h->count % 1000 * permille + 999) / 1000;
	if (!rank)
		rank = 1;
	for (unsigned int i = 0; i < HIST_BUCKETS; i++) {
		seen += h->bucket[i];
		if (seen >= rank) {
			uint64_t edge = upper_edge(i);

			return edge < h->max ? edge : h->max;
		}
	}
	return h->max;
}
