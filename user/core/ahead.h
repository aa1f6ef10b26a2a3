/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tells the levels of hits that wait in gates: coalescing may delay records, never levels. Now and
 * then the gates are looked into, and what was added since goes to the levels ahead of the record
 * that will tell it, which is then worth so much less to them.
 */
#ifndef OOMN_AHEAD_H
#define OOMN_AHEAD_H

#include <stdbool.h>
#include <stdint.h>
#include "record.h"
#include "tables.h"

struct ahead;

/* @rec has kind, cause, cgroup, time, and the amounts that levels go by; nothing else. */
typedef void (*ahead_fn)(void *ctx, const union oomn_record *rec);

/* For so many CPUs; NULL with errno. Nothing is allocated later. */
struct ahead *ahead_new(int nr_cpus);
void ahead_free(struct ahead *a);

/*
 * Calls @fn for each gate of @cpus in which something was added since the last look. All that was
 * in the ring must have been taken out just before, and been through ahead_settle().
 */
void ahead_look(struct ahead *a, const struct oomn_cpu *cpus, uint64_t now_ns, ahead_fn fn,
		void *ctx);

/* Takes out of @rec, which has come from the ring, what was told ahead of it. */
void ahead_settle(struct ahead *a, union oomn_record *rec);

#endif
