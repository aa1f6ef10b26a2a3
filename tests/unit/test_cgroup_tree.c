// SPDX-License-Identifier: GPL-2.0-only
/* Directories that come and go: each is told once, whatever inotify said of it. */
#include "core/cgroup_tree.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "cgroup_dirs.h"

TestSuite(cgroup_tree, .init = start, .fini = end);

Test(cgroup_tree, no_hierarchy)
{
	find_err = -ENOENT;
	cr_assert_null(cgroup_tree_new(&ops));
	cr_assert_eq(errno, ENODEV);
}

Test(cgroup_tree, hierarchy_that_cannot_be_opened)
{
	root[0] = '!';
	tree = cgroup_tree_new(&ops);
	root[0] = '/';
	cr_assert_null(tree);
	cr_assert_eq(errno, ENOENT);
}

/* Those above come first, and nothing before the first run. */
Test(cgroup_tree, there_at_the_start)
{
	make("a");
	make("a/b");
	make("a/b/c");
	make("d");
	touch("file");
	cr_assert_eq(symlinkat("/proc/self/ns", root_fd, "link"), 0);
	tree = cgroup_tree_new(&ops);
	cr_assert_not_null(tree);
	cr_assert_eq(nr_told, 0);
	cr_assert_eq(cgroup_tree_version(tree), 2);
	run();
	cr_assert_eq(nr_there, 5);
	cr_assert_eq(cgroup_tree_beyond(tree), 0);
	cr_assert_eq(cgroup_tree_node(tree, node_at("."))->parent, CGROUP_TREE_NONE);
	expect_in("a", ".");
	expect_in("a/b", "a");
	expect_in("a/b/c", "a/b");
	expect_in("d", ".");
	cr_assert_eq(told[0], node_at("."));
	for (uint32_t i = 0; i < nr_told; i++) {
		const uint32_t parent = cgroup_tree_node(tree, told[i])->parent;
		uint32_t k = 0;

		while (k < i && told[k] != parent)
			k++;
		cr_assert(!i || k < i, "told before what it is in");
		cr_assert_eq(seen[told[i]].changed, 1, "told twice");
	}
}

/* More names than are read at once. */
Test(cgroup_tree, many_in_one)
{
	char name[256];

	for (int i = 0; i < 300; i++) {
		(void)snprintf(name, sizeof(name), "%0250d", i);
		make(name);
	}
	watch();
	cr_assert_eq(nr_there, 301);
	cr_assert_eq(cgroup_tree_beyond(tree), 0);
}

/* Whether an event tells of it, or a look into what an event told of, or both. */
Test(cgroup_tree, made_later)
{
	watch();
	cr_assert_eq(nr_there, 1);
	make("a");
	make("a/b");
	make("a/b/c");
	run();
	cr_assert_eq(nr_there, 4);
	expect_in("a", ".");
	expect_in("a/b", "a");
	expect_in("a/b/c", "a/b");
	make("a/b/c/d");
	touch("a/file");
	run();
	cr_assert_eq(nr_there, 5);
	expect_in("a/b/c/d", "a/b/c");
	for (uint32_t i = 1; i < nr_told; i++)
		cr_assert_eq(seen[told[i]].changed, 1, "told twice");
}

Test(cgroup_tree, made_and_removed_between_two_runs)
{
	watch();
	make("a");
	make("a/b");
	take_away("a/b");
	take_away("a");
	run();
	cr_assert_eq(nr_told, 1);
	cr_assert_eq(cgroup_tree_beyond(tree), 0);
}

/* Those that stay keep their index, and that of the removed is free again. */
Test(cgroup_tree, removed)
{
	uint32_t a, b, c;

	make("a");
	make("b");
	make("c");
	watch();
	a = node_at("a");
	b = node_at("b");
	c = node_at("c");
	take_away("b");
	run();
	cr_assert_eq(nr_there, 3);
	cr_assert_eq(seen[b].gone, 1);
	cr_assert_lt(cgroup_tree_node(tree, b)->dir_fd, 0);
	make("d");
	run();
	cr_assert_eq(node_at("d"), b);
	cr_assert_eq(node_at("a"), a);
	cr_assert_eq(node_at("c"), c);
	cr_assert_eq(seen[b].gone, 1);
}

/* From the innermost on, as the kernel wants it, and heard of all at once. */
Test(cgroup_tree, removed_with_all_in_it)
{
	make("a");
	make("a/b");
	make("a/b/c");
	make("d");
	watch();
	take_away("a/b/c");
	take_away("a/b");
	take_away("a");
	run();
	cr_assert_eq(nr_there, 2);
	expect_in("d", ".");
}

/* One that takes a name over is another one. */
Test(cgroup_tree, name_taken_over)
{
	uint32_t before;

	make("a");
	watch();
	before = node_at("a");
	take_away("a");
	make("a");
	make("a/b");
	run();
	cr_assert_eq(seen[before].gone, 1);
	cr_assert_eq(nr_there, 3);
	expect_in("a", ".");
	expect_in("a/b", "a");
}

/* It stays what it is, with all in it. */
Test(cgroup_tree, renamed)
{
	uint32_t a, b;

	make("a");
	make("a/b");
	watch();
	a = node_at("a");
	b = node_at("a/b");
	cr_assert_eq(renameat(root_fd, "a", root_fd, "z"), 0);
	run();
	cr_assert_eq(nr_there, 3);
	cr_assert_eq(node_at("z"), a);
	cr_assert_eq(node_at("z/b"), b);
	make("z/c");
	run();
	expect_in("z/c", "z");
	take_away("z/b");
	run();
	cr_assert_eq(seen[b].gone, 1);
	cr_assert_eq(nr_there, 3);
}

/* What moves a limit, and what is written to otherwise. */
Test(cgroup_tree, limit_changed)
{
	static const char *const limits[] = { "memory.max", "memory.limit_in_bytes",
					      "memory.high" };
	uint32_t a, b;

	make("a");
	make("a/b");
	watch();
	a = node_at("a");
	b = node_at("a/b");
	for (unsigned int i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		put("a", limits[i], "1");
		run();
		cr_assert_eq(seen[a].changed, 2 + i, "%s", limits[i]);
	}
	put("a", "cgroup.procs", "1");
	put("a", "memory.maximum", "1");
	run();
	cr_assert_eq(seen[a].changed, 4);
	cr_assert_eq(seen[b].changed, 1);
	/* The controller comes to what is in it. */
	put("a", "cgroup.subtree_control", "+memory");
	run();
	cr_assert_eq(seen[a].changed, 4);
	cr_assert_eq(seen[b].changed, 2);
}
