/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The process that grows in the cgroup, at a set rate, until part of the victim's cache must have
 * gone.
 */
#ifndef OOMN_SURVIVE_LOAD_H
#define OOMN_SURVIVE_LOAD_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

#include "box/cgroup.h"

struct load_plan {
	const struct cgroup *cgroup;
	uint32_t rate_mb_s;	 /* SURVIVE_UNTHROTTLED: as fast as it can */
	uint64_t all_bytes;	 /* to grow to */
	uint64_t room_bytes;	 /* so much can be had without anybody giving up anything */
	uint64_t foretell_bytes; /* rings when no more than this of it is left */
	uint64_t foretold_bytes; /* ... and says so much */
	int bell_fd, done_fd;
};

/* In memory that both sides see. */
struct load_report {
	_Atomic uint64_t met_ns;  /* the room was used up; 0: not yet */
	_Atomic uint64_t done_ns; /* all is there; 0: not yet */
	_Atomic uint64_t stall_ns;
	_Atomic int err; /* errno of what kept it from growing */
};

/* The process: grows, rings done_fd, and waits to be killed. @parent forked it. */
_Noreturn void load_run(const struct load_plan *plan, struct load_report *report, pid_t parent);

/* The time that it takes at least, 0 for the unthrottled one. */
uint64_t load_ns(const struct load_plan *plan);

#endif
