/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory cgroups there are, as they come and go: by inotify, so that nothing is done while
 * nothing changes. All memory is taken at the start; directories beyond the bound are counted.
 */
#ifndef OOMN_CGROUP_TREE_H
#define OOMN_CGROUP_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "limit.h"

#define CGROUP_TREE_MAX	 OOMN_NR_LIMITS
#define CGROUP_TREE_NONE UINT32_MAX

/* One directory. It keeps its index for as long as it is there. */
struct cgroup_node {
	uint64_t id;
	int dir_fd;	 /* O_PATH; -1: a free node */
	int watch;	 /* inotify's */
	uint32_t parent; /* index; CGROUP_TREE_NONE: of the topmost */
	uint32_t next;	 /* of those with the same hash of @watch */
};

struct cgroup_tree_ops {
	/* @node was found, or one of its limits may have been changed. */
	void (*changed)(void *ctx, uint32_t node);
	/* @node was removed; it can still be asked for until this returns. */
	void (*gone)(void *ctx, uint32_t node);
	void *ctx;
};

struct cgroup_tree;

/*
 * Finds the memory hierarchy. Nothing is told before the first cgroup_tree_run(), which tells of
 * all that is there, those above first. NULL and errno: ENODEV where no such hierarchy is mounted.
 */
struct cgroup_tree *cgroup_tree_new(const struct cgroup_tree_ops *ops);
void cgroup_tree_free(struct cgroup_tree *t);

/* The hierarchy's: 1 or 2. */
int cgroup_tree_version(const struct cgroup_tree *t);
const struct cgroup_node *cgroup_tree_node(const struct cgroup_tree *t, uint32_t node);

/* Readable when something has changed, which cgroup_tree_run() takes in. */
int cgroup_tree_fd(const struct cgroup_tree *t);
void cgroup_tree_run(struct cgroup_tree *t);

/* Directories that found no place when they were last looked for. */
uint64_t cgroup_tree_beyond(const struct cgroup_tree *t);

#endif
