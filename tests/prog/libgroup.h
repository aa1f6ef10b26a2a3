/* SPDX-License-Identifier: GPL-2.0-only */
/* Real memory cgroups for tests, all below one that is removed with everything in it at the end. */
#ifndef OOMN_LIBGROUP_H
#define OOMN_LIBGROUP_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "libcheck.h"

struct group {
	char path[PATH_MAX]; /* as in /proc/PID/cgroup */
	int fd;		     /* of its directory */
	uint64_t id;
};

/* check_all() in a child, so that the cgroups are removed whatever becomes of it. */
int group_check_all(const struct check *checks, size_t n);

#define GROUP_CHECK_ALL(checks) group_check_all(checks, sizeof(checks) / sizeof((checks)[0]))

/* Makes cgroup @name in @parent, or with NULL right below what the tests have for themselves. */
struct group group_make(const struct group *parent, const char *name);
/* Removes it: nothing may be in it. */
void group_remove(struct group *g);

/* 0, or negative errno where that cannot be; the path in *g stays as it was. */
int group_rename(const struct group *g, const char *name);

/* Runs @fn in a process of its own inside @g; its failed expectations are ours. */
void group_run(const struct group *g, void (*fn)(void *ctx), void *ctx);

#endif
