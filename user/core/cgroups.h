/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of cgroups, from the rows that the BPF side fills. */
#ifndef OOMN_CGROUPS_H
#define OOMN_CGROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "event.h"

/* A whole path, " (deleted)" and a NUL. */
#define CGROUP_PATH_MAX (OOMN_CGROUP_DEPTH * OOMN_CGROUP_NAME_LEN + 16)

/*
 * Writes the path of @row of the table @rows into @buf, as /proc/PID/cgroup has it: relative to the
 * root of the hierarchy, " (deleted)" behind it when the cgroup is gone, "..." before it when it is
 * too deep to be known whole. Returns @buf, or NULL where there is none to tell (no cgroup, or one
 * that found no row in the table).
 */
const char *cgroup_path(const struct oomn_cgroup *rows, uint32_t row, char *buf, size_t size);

/* Is @path @ancestor itself or below it? Both as cgroup_path() writes them. */
bool cgroup_is_within(const char *path, const char *ancestor);

/*
 * Turns what a user names, a path as in /proc/PID/cgroup or a directory of the mounted hierarchy,
 * into the former. -ENOENT: no such memory cgroup. -ENAMETOOLONG.
 */
int cgroup_resolve(const char *arg, char *buf, size_t size);

#endif
