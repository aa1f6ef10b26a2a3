/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The program that is to survive: in the cgroup, with a cache that it uses and can free at once, as
 * much as its source says, or in steps.
 */
#ifndef OOMN_SURVIVE_VICTIM_H
#define OOMN_SURVIVE_VICTIM_H

#include <stdatomic.h>

#include "box/cgroup.h"
#include "compare/sources/watcher.h"

/* In memory that both sides see. */
struct victim_report {
	_Atomic uint64_t kept_bytes;  /* of the cache */
	_Atomic uint64_t notified_ns; /* first; 0: not yet */
	_Atomic uint64_t tells;
	_Atomic int err; /* errno of what kept it from giving up memory */
};

struct victim {
	const struct cgroup *cgroup;
	uint64_t cache_bytes; /* whole pages */
	struct victim_report *report;
	char *cache;
};

/* The work of a source's process: @v outlives it. */
struct watcher_work victim_work(struct victim *v);

#endif
