/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which BPF program serves which tracepoint on this kernel, how it is attached, and how often the
 * kernel did not run it.
 */
#ifndef OOMN_PROGRAMS_H
#define OOMN_PROGRAMS_H

#include <stdbool.h>

struct bpf_object;
struct features;
struct programs;
struct stats;

/*
 * Between open and load: switches on the programs that this kernel needs. Where raw tracepoint
 * programs can be preempted those are the classic ones; if they cannot be had, one line is logged
 * and the raw ones stand in. NULL with errno on failure.
 */
struct programs *programs_choose(struct bpf_object *obj, const struct features *f);

/* After load. A tracepoint that cannot be attached to costs its own kind, never the rest. */
int programs_attach(struct programs *p);

/* Detaches and frees; NULL is fine. */
void programs_free(struct programs *p);

/* From here on, or no longer, runs that the kernel refuses are counted. */
void programs_arm(struct programs *p, bool on);

/* Adds what the kernel refused to run to @s: see stats_missed(). */
void programs_stats(const struct programs *p, struct stats *s);

#endif
