/* SPDX-License-Identifier: GPL-2.0-only */
/* From what a user calls a cgroup to the id by which it is told. */
#ifndef OOMN_CGROUP_RESOLVE_H
#define OOMN_CGROUP_RESOLVE_H

#include "cgroup_target.h"

/*
 * @arg is a directory of the memory hierarchy, wherever it is mounted, or else a path as this
 * process reads it in a /proc/PID/cgroup; in a cgroup namespace "/" is thus the namespace's root.
 * Ids are those of the directories, which no namespace changes. 0 and *@t, else one of -ENOENT
 * no such cgroup -ENXIO           it is not below what is mounted here -EXDEV             it is of
 * a hierarchy that has no memory controller -EOPNOTSUPP          memory is not controlled in it,
 * but further up -ENODEV          no memory hierarchy is mounted -ENAMETOOLONG
 */
int cgroup_resolve(const char *arg, struct cgroup_target *t);

/* The remedy, for messages. */
const char *cgroup_resolve_why(int err);

/* The same with another view than this process's, for tests. */
struct cgroup_view {
	const char *mountinfo;
	const char *self; /* /proc/self/cgroup */
	bool sees_root;	  /* is in the first cgroup namespace */
	/*
	 * The id of a directory of the memory hierarchy; an error as above, -ENOENT if it is none.
	 */
	int (*probe)(const char *dir, uint64_t *id);
};

int cgroup_resolve_in(const struct cgroup_view *view, const char *arg, struct cgroup_target *t);

#endif
