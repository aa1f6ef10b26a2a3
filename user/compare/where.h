/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that several sources watch. */
#ifndef OOMN_COMPARE_WHERE_H
#define OOMN_COMPARE_WHERE_H

#include <limits.h>

#include "box/why.h"

/* The version of cgroups that the box @cgroup is on, its directory in @dir; negative errno. */
int where_box(const char *cgroup, char dir[PATH_MAX], struct box_why *why);

/* Opens @file of the box's directory. The descriptor or negative errno. */
int where_open(const char *cgroup, const char *file, int flags, struct box_why *why);

/* A tracefs for this process alone, where none is mounted: 0 or negative errno. */
int where_tracefs(struct box_why *why);
#define WHERE_TRACEFS "/sys/kernel/tracing"

#endif
