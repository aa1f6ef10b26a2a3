/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cgroups that the BPF side looks at: slots of a table that both sides see (bpf/limit.h). Where
 * the kernel has BPF timers (since 5.15) it looks by itself; elsewhere limits_look() has to be
 * called when limits_due_ns() says so.
 */
#ifndef OOMN_LIMITS_H
#define OOMN_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "limit.h"

struct limits;

/* The loader gives limits_new() descriptors, negative where the kernel has none. */
struct limits_bpf {
	int table_fd;
	int bell_fd;
	int add_fd;
	int start_fd;
	int look_fd;
	int busy_fd; /* to be attached; negative: the clock never rests */
	volatile struct oomn_limits_shared *shared;
};

/* NULL and errno. Copies @bpf. */
struct limits *limits_new(const struct limits_bpf *bpf);
void limits_free(struct limits *l);

/* The table, OOMN_NR_LIMITS slots. */
struct oomn_limit *limits_table(const struct limits *l);

/*
 * Has the cgroup whose directory is open as @dir_fd looked at, in the free slot @slot; it takes a
 * row in the table of cgroups, too. Rings for nothing but a change until the slot says more. 0, or
 * negative errno: -ENOENT for what is no directory of the memory hierarchy.
 */
int limits_add(struct limits *l, uint32_t slot, int dir_fd);
void limits_remove(struct limits *l, uint32_t slot);

/* Readable when something has rung. */
int limits_fd(const struct limits *l);

/* Calls fn() for each slot that has rung since the last call. */
void limits_take(struct limits *l, void (*fn)(void *ctx, uint32_t slot, uint32_t why), void *ctx);

/* After slots were changed: they are looked at now, and then when they are due. Likewise. */
int limits_changed(struct limits *l);

/* When limits_look() is to be called; 0: never, the kernel does it. */
uint64_t limits_due_ns(const struct limits *l);
/* The clock has to be started again, by limits_changed(). */
bool limits_stopped(const struct limits *l);
/* 0 or negative errno: nothing was looked at. */
int limits_look(struct limits *l);

/* By the BPF side, so far. */
uint64_t limits_looks(const struct limits *l);

#endif
