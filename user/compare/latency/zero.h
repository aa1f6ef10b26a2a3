/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Zero: the kernel's stamp of the box's first swap-out or reclaim, from a BPF program of its own.
 */
#ifndef OOMN_COMPARE_REFERENCE_H
#define OOMN_COMPARE_REFERENCE_H

#include "box/why.h"
#include "result.h"

struct reference;

/* NULL, with the reason. Attached before any source, its programs also run before theirs. */
struct reference *reference_open(uint64_t cgroup_id, struct box_why *why);
/* NULL is fine. */
void reference_free(struct reference *ref);

/* What a stamp costs in the kernel, @n times, one is left out that fails. */
void reference_measure(struct reference *ref, uint32_t n, struct result *r);

/* From here on the next hit is the first. */
void reference_arm(struct reference *ref);

/* When that was, and what; 0: there was none. */
uint64_t reference_zero(const struct reference *ref, enum result_zero *kind);

/* When its first swap-out was; 0: there was none. */
uint64_t reference_swap_out(const struct reference *ref);

/*
 * How often anybody outside of the box swapped out or reclaimed until then, and what the first was.
 */
uint64_t reference_others(const struct reference *ref, char comm[RESULT_COMM_LEN]);

#endif
