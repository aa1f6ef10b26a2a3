/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory cgroups there are, as they come and go: by inotify, so that nothing is done while nothing
 * changes. Memory is taken at the start; what lies beyond the bound is counted.
 */
#ifndef OOMN_CGROUP_TREE_H
#define OOMN_CGROUP_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "limit.h"

#define CGROUP_TREE_MAX OOMN_NR_LIMITS

/* One directory; its index stays the same as long as it is there. */
struct cgroup_node {
	uint64_t id;
	int dir_fd;	 /* O_PATH; -1: a free node */
	int watch;	 /* inotify's */
	uint32_t parent; /* index; CGROUP_TREE_NONE: none that is known */
};

#define CGROUP_TREE_NONE UINT32_MAX

/* @node is there; its limits may have changed (also told once when it is found); it is about to go. */
struct cgroup_tree_ops {
	void (*changed)(void *ctx, uint32_t node);
	void (*gone)(void *ctx, uint32_t node);
	void *ctx;
};

struct cgroup_tree;

/*
 * Finds the memory hierarchy and all that is in it; tells of each by changed() before it returns. NULL and
 * errno: ENODEV where none is mounted.
 */
struct cgroup_tree *cgroup_tree_new(const struct cgroup_tree_ops *ops);
void cgroup_tree_free(struct cgroup_tree *t);

int cgroup_tree_version(const struct cgroup_tree *t);
const struct cgroup_node *cgroup_tree_node(const struct cgroup_tree *t, uint32_t node);

/* Readable when something has changed, which cgroup_tree_run() takes in. */
int cgroup_tree_fd(const struct cgroup_tree *t);
void cgroup_tree_run(struct cgroup_tree *t);

/* Directories that found no place. */
uint64_t cgroup_tree_beyond(const struct cgroup_tree *t);

#endif
