/* SPDX-License-Identifier: GPL-2.0-only */
/* Directories that a tree of cgroups is made of, and what was told of them. */
#ifndef OOMN_TEST_CGROUP_DIRS_H
#define OOMN_TEST_CGROUP_DIRS_H

#include <criterion/criterion.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cgroup_mount.h"
#include "core/cgroup_tree.h"

static char root[] = "/tmp/oom-notify-tree-XXXXXX";
static int root_fd;
static int find_err;
static struct cgroup_tree *tree;

/* The calls for each node since it was found. */
static struct seen {
	unsigned int changed;
	unsigned int gone;
} seen[CGROUP_TREE_MAX];
static uint32_t nr_there;
/* Nodes in the order in which they were told. */
static uint32_t told[CGROUP_TREE_MAX];
static uint32_t nr_told;

/* It stands before the one that looks for the real hierarchy. */
int cgroup_mount_own(struct cgroup_mount *best)
{
	best->version = 2;
	(void)snprintf(best->dir, sizeof(best->dir), "%s", root);
	return find_err;
}

static inline void on_changed(void *ctx, uint32_t node)
{
	cr_assert_eq(ctx, &tree);
	cr_assert_geq(cgroup_tree_node(tree, node)->dir_fd, 0);
	if (!seen[node].changed) {
		nr_there++;
		told[nr_told++] = node;
	}
	seen[node].changed++;
}

/* It can be asked for until this returns. */
static inline void on_gone(void *ctx, uint32_t node)
{
	struct stat st;

	cr_assert_eq(ctx, &tree);
	cr_assert_eq(fstat(cgroup_tree_node(tree, node)->dir_fd, &st), 0);
	cr_assert_eq(cgroup_tree_node(tree, node)->id, st.st_ino);
	cr_assert(seen[node].changed, "gone, but never there");
	seen[node] = (struct seen){ .gone = seen[node].gone + 1 };
	nr_there--;
}

static const struct cgroup_tree_ops ops = { .changed = on_changed, .gone = on_gone, .ctx = &tree };

static inline void touch(const char *path)
{
	int fd = openat(root_fd, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	cr_assert_geq(fd, 0);
	close(fd);
}

static inline void put(const char *dir, const char *file, const char *text)
{
	char path[PATH_MAX];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, file);
	fd = openat(root_fd, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

/* A directory as the kernel's: with a file in it for as long as it is there. */
static inline void make(const char *path)
{
	char procs[PATH_MAX];

	cr_assert_eq(mkdirat(root_fd, path, 0700), 0);
	(void)snprintf(procs, sizeof(procs), "%s/cgroup.procs", path);
	touch(procs);
}

static inline void take_away(const char *path)
{
	char procs[PATH_MAX];

	(void)snprintf(procs, sizeof(procs), "%s/cgroup.procs", path);
	cr_assert_eq(unlinkat(root_fd, procs, 0), 0);
	cr_assert_eq(unlinkat(root_fd, path, AT_REMOVEDIR), 0);
}

static inline void start(void)
{
	cr_assert_not_null(mkdtemp(root));
	root_fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	cr_assert_geq(root_fd, 0);
	touch("cgroup.procs");
}

static inline int remove_it(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static inline void end(void)
{
	cgroup_tree_free(tree);
	close(root_fd);
	cr_assert_eq(nftw(root, remove_it, 16, FTW_DEPTH | FTW_PHYS), 0);
}

/* All that there is to be heard. */
static inline void run(void)
{
	struct pollfd p = { .fd = cgroup_tree_fd(tree), .events = POLLIN };

	do
		cgroup_tree_run(tree);
	while (poll(&p, 1, 0) == 1);
}

static inline void watch(void)
{
	tree = cgroup_tree_new(&ops);
	cr_assert_not_null(tree);
	run();
}

/* The node of the directory that is now at @path; CGROUP_TREE_NONE: it has none. */
static inline uint32_t node_at(const char *path)
{
	uint32_t found = CGROUP_TREE_NONE;
	struct stat st, own;

	cr_assert_eq(fstatat(root_fd, path, &st, 0), 0);
	for (uint32_t i = 0; i < CGROUP_TREE_MAX; i++) {
		const struct cgroup_node *n = cgroup_tree_node(tree, i);

		if (n->dir_fd < 0 || fstat(n->dir_fd, &own) || own.st_ino != st.st_ino)
			continue;
		cr_assert_eq(found, CGROUP_TREE_NONE, "%s has two nodes", path);
		cr_assert_eq(n->id, st.st_ino);
		found = i;
	}
	cr_assert(found == CGROUP_TREE_NONE || seen[found].changed, "%s was not told", path);
	return found;
}

static inline void expect_in(const char *path, const char *parent)
{
	cr_assert_neq(node_at(path), CGROUP_TREE_NONE, "%s has no node", path);
	cr_assert_eq(cgroup_tree_node(tree, node_at(path))->parent, node_at(parent));
}

#endif
