// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tree of memory cgroups: what is there, what comes, changes and goes, and what finds no place.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include "core/cgroup_tree.h"
#include "libcheck.h"
#include "libgroup.h"

#define MAX_SEEN    65536
#define SPARE_FILES 128 /* that the tree leaves to others */

static struct {
	uint64_t id;
	bool is_gone;
} seen[MAX_SEEN];

static size_t nr_seen;
static struct cgroup_tree *tree;

static void note(uint32_t node, bool is_gone)
{
	if (nr_seen == MAX_SEEN)
		return;
	seen[nr_seen].id = cgroup_tree_node(tree, node)->id;
	seen[nr_seen++].is_gone = is_gone;
}

static void on_changed(void *ctx, uint32_t node)
{
	(void)ctx;
	note(node, false);
}

static void on_gone(void *ctx, uint32_t node)
{
	(void)ctx;
	note(node, true);
}

static void open_tree(void)
{
	static const struct cgroup_tree_ops ops = { .changed = on_changed, .gone = on_gone };

	nr_seen = 0;
	tree = cgroup_tree_new(&ops);
	if (!tree)
		check_skip_all("no memory hierarchy");
}

/* Forgets what was told before, and takes what is told now. */
static void take(void)
{
	nr_seen = 0;
	cgroup_tree_run(tree);
}

static int changed(const struct group *g)
{
	int n = 0;

	for (size_t i = 0; i < nr_seen; i++)
		n += seen[i].id == g->id && !seen[i].is_gone;
	return n;
}

static int gone(uint64_t id)
{
	int n = 0;

	for (size_t i = 0; i < nr_seen; i++)
		n += seen[i].id == id && seen[i].is_gone;
	return n;
}

static size_t first(uint64_t id)
{
	size_t i = 0;

	while (i < nr_seen && seen[i].id != id)
		i++;
	return i;
}

/* Some are told of twice when all are looked for. */
static size_t cgroups_seen(void)
{
	size_t n = 0;

	for (size_t i = 0; i < nr_seen; i++)
		n += first(seen[i].id) == i;
	return n;
}

static bool is_v2(const struct group *g)
{
	return faccessat(g->fd, "memory.limit_in_bytes", F_OK, 0) != 0;
}

static void put(const struct group *g, const char *v1, const char *v2, const char *text)
{
	int fd = openat(g->fd, is_v2(g) ? v2 : v1, O_WRONLY | O_CLOEXEC);

	EXPECT(fd >= 0 && write(fd, text, strlen(text)) > 0);
	close(fd);
}

static void set_limit(const struct group *g, const char *text)
{
	put(g, "memory.limit_in_bytes", "memory.max", text);
}

static void what_is_there(void)
{
	struct group a = group_make(NULL, "a"), b = group_make(&a, "b");

	open_tree();
	EXPECT_EQ(nr_seen, 0);
	take();
	EXPECT(changed(&a) >= 1);
	EXPECT(changed(&b) >= 1);
	EXPECT(first(a.id) < first(b.id));
	take();
	EXPECT_EQ(nr_seen, 0);
	cgroup_tree_free(tree);
	group_remove(&b);
	group_remove(&a);
}

static void what_comes(void)
{
	struct group a, b;

	open_tree();
	take();
	a = group_make(NULL, "a");
	b = group_make(&a, "b"); /* before its parent is looked into */
	take();
	EXPECT(changed(&a) >= 1); /* on version 2 it hands memory down as well */
	EXPECT_EQ(changed(&b), 1);
	cgroup_tree_free(tree);
	group_remove(&b);
	group_remove(&a);
}

static void what_changes(void)
{
	struct group a = group_make(NULL, "a"), b = group_make(NULL, "b");

	open_tree();
	take();
	set_limit(&a, "64M");
	take();
	EXPECT(changed(&a) >= 1);
	EXPECT_EQ(changed(&b), 0);
	put(&a, "memory.soft_limit_in_bytes", "memory.low", "16M"); /* is no limit */
	take();
	EXPECT_EQ(changed(&a), 0);
	cgroup_tree_free(tree);
	group_remove(&b);
	group_remove(&a);
}

static void what_goes(void)
{
	struct group a = group_make(NULL, "a"), b = group_make(&a, "b");
	const uint64_t a_id = a.id, b_id = b.id;

	open_tree();
	take();
	group_remove(&b);
	take();
	EXPECT_EQ(gone(b_id), 1);
	EXPECT_EQ(gone(a_id), 0);
	group_remove(&a);
	take();
	EXPECT_EQ(gone(a_id), 1);
	EXPECT_EQ(gone(b_id), 0);
	cgroup_tree_free(tree);
}

static void what_is_renamed(void)
{
	struct group a = group_make(NULL, "a"), b;

	open_tree();
	take();
	if (group_rename(&a, "other")) {
		check_skip("cgroups cannot be renamed here: version 2");
		cgroup_tree_free(tree);
		group_remove(&a);
		return;
	}
	take();
	EXPECT_EQ(gone(a.id), 0);
	b = group_make(NULL, "a"); /* another one of that name */
	take();
	EXPECT_EQ(changed(&b), 1);
	EXPECT_EQ(group_rename(&b, "third"), 0);
	EXPECT_EQ(group_rename(&a, "a"), 0);
	set_limit(&a, "64M");
	take();
	EXPECT(changed(&a) >= 1);
	cgroup_tree_free(tree);
	group_remove(&a);
	EXPECT_EQ(group_rename(&b, "a"), 0);
	group_remove(&b);
}

/* With room for two more than there are: the rest is counted, and comes in as others go. */
static void what_finds_no_place(void)
{
	struct rlimit old, few;
	struct group g[4];
	uint64_t id;
	int in = 0;

	open_tree();
	take();
	cgroup_tree_free(tree);
	EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &old), 0);
	few = old;
	few.rlim_cur = SPARE_FILES + cgroups_seen() + 2;
	EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
	open_tree();
	take();
	EXPECT_EQ(cgroup_tree_beyond(tree), 0);
	for (int i = 0; i < 4; i++)
		g[i] = group_make(NULL, (const char *const[]){ "a", "b", "c", "d" }[i]);
	take();
	for (int i = 0; i < 4; i++)
		in += changed(&g[i]) > 0;
	EXPECT_EQ(in, 2);
	EXPECT_EQ(cgroup_tree_beyond(tree), 2);
	id = g[0].id;
	group_remove(&g[0]);
	take();
	EXPECT_EQ(gone(id), 1);
	EXPECT_EQ(cgroup_tree_beyond(tree), 1);
	in = 0;
	for (int i = 1; i < 4; i++)
		in += changed(&g[i]) > 0;
	EXPECT_EQ(in, 2);
	cgroup_tree_free(tree);
	EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &old), 0);
	for (int i = 1; i < 4; i++)
		group_remove(&g[i]);
}

static unsigned long queue_length(void)
{
	FILE *f = fopen("/proc/sys/fs/inotify/max_queued_events", "re");
	unsigned long n = 0;

	EXPECT(f && fscanf(f, "%lu", &n) == 1);
	if (f)
		fclose(f);
	return n;
}

/* More events than the queue holds, of which no two that follow each other are alike. */
static void what_was_missed(void)
{
	struct group a = group_make(NULL, "a"), b = group_make(NULL, "b"), c, d;
	uint64_t d_id;

	open_tree();
	d = group_make(NULL, "d");
	d_id = d.id;
	take();
	for (unsigned long i = 0; i < queue_length() / 2 + 16; i++) {
		set_limit(&a, "64M");
		set_limit(&b, "64M");
	}
	c = group_make(NULL, "c");
	group_remove(&d);
	take();
	EXPECT(changed(&a) >= 1);
	EXPECT(changed(&c) >= 1);
	EXPECT_EQ(gone(d_id), 1);
	cgroup_tree_free(tree);
	group_remove(&c);
	group_remove(&b);
	group_remove(&a);
}

int main(void)
{
	static const struct check checks[] = {
		{ "what is there", what_is_there },
		{ "what comes", what_comes },
		{ "what changes", what_changes },
		{ "what goes", what_goes },
		{ "what is renamed", what_is_renamed },
		{ "what finds no place", what_finds_no_place },
		{ "what was missed", what_was_missed },
	};

	return GROUP_CHECK_ALL(checks);
}
