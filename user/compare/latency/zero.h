/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Zero: the kernel's stamp of the box's first swap-out or reclaim, from a BPF program of its own.
 */
#ifndef OOMN_LATENCY_ZERO_H
#define OOMN_LATENCY_ZERO_H

#include "common/failure.h"
#include "result.h"

struct zero;

/* NULL, with the reason. Attached before any source, its programs also run before theirs. */
struct zero *zero_open(uint64_t cgroup_id, struct failure *why);
/* NULL is fine. */
void zero_free(struct zero *zero);

/* Measures the cost of a stamp in the kernel, @n times; one that fails is left out. */
void zero_measure(struct zero *zero, uint32_t n, struct result *r);

/* From here on the next hit is the first. */
void zero_arm(struct zero *zero);

/* When that was, and what; 0: there was none. */
uint64_t zero_stamp(const struct zero *zero, enum result_zero *kind);

/* When its first swap-out was; 0: there was none. */
uint64_t zero_swap_out(const struct zero *zero);

/*
 * The number of times that anybody outside of the box swapped out or reclaimed until then, and the
 * first of them.
 */
uint64_t zero_others(const struct zero *zero, char comm[RESULT_COMM_LEN]);

#endif
