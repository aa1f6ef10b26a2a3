/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of cgroups, from the rows that the BPF side fills. */
#ifndef OOMN_CGROUPS_H
#define OOMN_CGROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "tables.h"

/* A path of 2 KiB, thrice as long as those that container managers make, " (deleted)" and a NUL. */
#define CGROUP_PATH_MAX (2048 + 16)

/*
 * Writes the path of @row of the table @rows into @buf, as /proc/PID/cgroup has it: relative to the
 * root of the hierarchy, " (deleted)" behind it when the cgroup is gone. Where its beginning is not
 * known or does not fit, "..." stands for it. Returns @buf, or NULL where there is none to tell (no
 * cgroup, or one that has no row in the table).
 */
const char *cgroup_path(const struct oomn_cgroup *rows, uint32_t row, char *buf, size_t size);

/*
 * Is the cgroup of @row the one with the id @ancestor_id, or below it? By the ids of the
 * directories above it, so a path that was used before, or is used again, is no match. All is
 * within the root, but OOMN_CGROUP_NONE. Of a cgroup without a row nothing else is known: compare
 * its own id first.
 */
bool cgroup_row_is_within(const struct oomn_cgroup *rows, uint32_t row, uint64_t ancestor_id);

/*
 * @row, if it still is the row of the cgroup with this id, or what it stood for is told by it
 * alone.
 */
uint32_t cgroup_row_of_id(const struct oomn_cgroup *rows, uint32_t row, uint64_t id);

/* OOMN_CGROUP_NONE for the root's, OOMN_CGROUP_OTHER for one that is not known. */
uint32_t cgroup_parent_row(const struct oomn_cgroup *rows, uint32_t row);

#endif
