/* SPDX-License-Identifier: GPL-2.0-only */
/* Chance, all of it made of a run's seed: the same seed, the same run. */
#ifndef OOMN_COMPARE_RANDOM_H
#define OOMN_COMPARE_RANDOM_H

#include <stdint.h>

struct chance {
	uint64_t state;
};

/* The beginning of the sequence of @seed for one purpose in one episode. */
static inline struct chance chance_of(uint64_t seed, uint32_t purpose, uint32_t episode)
{
	return (struct chance){ seed ^ (uint64_t)purpose << 56 ^ (uint64_t)episode << 24 };
}

/* SplitMix64: enough for waiting times. */
static inline uint64_t chance_next(struct chance *c)
{
	uint64_t z = c->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

/* Below @n, which is not 0; what the remainder favours is far below what can be measured. */
static inline uint64_t chance_below(struct chance *c, uint64_t n)
{
	return chance_next(c) % n;
}

#endif
