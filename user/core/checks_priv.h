/* SPDX-License-Identifier: GPL-2.0-only */
/* Helpers that the checks_*.c files share. */
#ifndef OOMN_CHECKS_PRIV_H
#define OOMN_CHECKS_PRIV_H

#include "checks.h"

/* Fills one row; false when there is nothing to say on this machine. */
typedef bool (*check_fn)(const struct check_env *env, struct check *c);

struct check_row {
	const char *name;
	bool required;
	check_fn probe;
};

/* In checks_bpf.c: may we load BPF programs, and may the process protect itself? */
extern const struct check_row bpf_checks[];
extern const size_t nr_bpf_checks;
/* In checks_memory.c: what does the machine let us see and do about memory? */
extern const struct check_row memory_checks[];
extern const size_t nr_memory_checks;
/* In checks_limits.c: what the process itself must have, and what stands around it. */
extern const struct check_row limit_checks[];
extern const size_t nr_limit_checks;
/* In checks_device.c: is there a device for programs that poll? */
extern const struct check_row device_checks[];
extern const size_t nr_device_checks;

__attribute__((format(printf, 2, 3))) void check_ok(struct check *c, const char *detail, ...);
__attribute__((format(printf, 5, 6))) void check_bad(struct check *c, enum check_state state,
						     const char *cost, const char *remedy,
						     const char *detail, ...);

/*
 * Whether something is at this path below the root: without /proc or /sys nothing can be said of
 * much.
 */
bool check_there(const struct check_env *env, const char *path);

/*
 * The way for this process to get a capability; @contained is for the root of a container or unit.
 */
const char *cap_remedy(const struct check_env *env, int cap, const char *contained,
		       const char *otherwise);

/* Held, and in a namespace where it counts for the kernel as a whole. */
bool cap_counts(const struct check_env *env, int cap);

#endif
