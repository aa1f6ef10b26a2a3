/* SPDX-License-Identifier: GPL-2.0-only */
/* The process in the box: a child that touches memory, or somebody's command. */
#ifndef OOMN_CHILD_H
#define OOMN_CHILD_H

#include <sys/types.h>

#include "box.h"
#include "cgroup.h"

/* A touching child's report, in memory shared with it, so that it survives being killed. */
struct child_report {
	uint64_t touch_ns; /* right before the latest touch close to the limit */
	uint64_t first_over_ns;
	uint64_t end_ns;
	int err; /* 0 or errno; meaningful when the child has exited */
};

/*
 * Into the box, to be killed with @parent, which forked this process, and by the OOM killer first;
 * with the parent gone there is nobody to clean up, so the process ends. 0 or negative errno.
 */
int child_enter(const struct cgroup *cg, pid_t parent);

/* Never returns. @parent is the process that forked it. */
_Noreturn void child_touch(const struct cgroup *cg, const struct box_opts *opts, pid_t parent,
			   volatile struct child_report *report);

/* Never returns; exits with 126 or 127 when there is nothing to run, as env(1) does. */
_Noreturn void child_exec(const struct cgroup *cg, char *const argv[], pid_t parent);

#endif
