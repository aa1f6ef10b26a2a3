/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that several sources watch. */
#ifndef OOMN_COMPARE_BOX_FILES_H
#define OOMN_COMPARE_BOX_FILES_H

#include <limits.h>

#include "common/failure.h"

/* The version of cgroups that the box @cgroup is on, its directory in @dir; negative errno. */
int box_files_dir(const char *cgroup, char dir[PATH_MAX], struct failure *why);

/* Opens @file of the box's directory. The descriptor or negative errno. */
int box_files_open(const char *cgroup, const char *file, int flags, struct failure *why);

/* A tracefs for this process alone, where none is mounted: 0 or negative errno. */
int tracefs_mount(struct failure *why);
#define TRACEFS_DIR "/sys/kernel/tracing"

#endif
