// SPDX-License-Identifier: GPL-2.0-only
/* More directories than there is a place for, and more events than inotify keeps. */
#include "core/cgroup_tree.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cgroup_dirs.h"

#define PLACES	    8U
#define DIRECTORIES 12U

TestSuite(cgroup_tree_bound, .init = start, .fini = end);

static const char *name_of(unsigned int i)
{
	static char name[16];

	(void)snprintf(name, sizeof(name), "%u", i);
	return name;
}

/* The bound is what the limit on open files leaves: all but 128 of them. */
static void limit_places(void)
{
	struct rlimit files;

	cr_assert_eq(getrlimit(RLIMIT_NOFILE, &files), 0);
	files.rlim_cur = 128 + PLACES;
	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &files), 0);
}

static unsigned int nr_open(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned int n = 0;

	cr_assert_not_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

/* All of them are counted, whether they are found at the start or later. */
static void expect_beyond(bool made_later)
{
	limit_places();
	if (made_later)
		watch();
	for (unsigned int i = 0; i < DIRECTORIES; i++)
		make(name_of(i));
	if (made_later)
		run();
	else
		watch();
	cr_assert_eq(nr_there, PLACES);
	cr_assert_eq(cgroup_tree_beyond(tree), DIRECTORIES + 1 - PLACES);
}

Test(cgroup_tree_bound, beyond_at_the_start)
{
	expect_beyond(false);
}

Test(cgroup_tree_bound, beyond_later)
{
	expect_beyond(true);
}

/* The first directory that has a place. */
static const char *one_with_place(void)
{
	for (unsigned int i = 0; i < DIRECTORIES; i++)
		if (!faccessat(root_fd, name_of(i), F_OK, 0) &&
		    node_at(name_of(i)) != CGROUP_TREE_NONE)
			return name_of(i);
	cr_assert_fail("none has a place");
	return "";
}

/*
 * One that had found none takes it; those that have theirs are not counted, in whatever order the
 * directories are read.
 */
Test(cgroup_tree_bound, place_that_came_free)
{
	expect_beyond(true);
	for (unsigned int left = DIRECTORIES; left-- > 0;) {
		take_away(one_with_place());
		run();
		cr_assert_eq(nr_there, left < PLACES ? left + 1 : PLACES, "%u left", left);
		cr_assert_eq(cgroup_tree_beyond(tree), left < PLACES ? 0 : left + 1 - PLACES,
			     "%u left", left);
	}
}

Test(cgroup_tree_bound, nothing_stays_open)
{
	const unsigned int before = nr_open();

	expect_beyond(true);
	take_away(one_with_place());
	run();
	cgroup_tree_free(tree);
	tree = NULL;
	cr_assert_eq(nr_open(), before);
}

/* So many that the kernel forgets all that comes behind them, until they are read. */
static void fill_queue(void)
{
	FILE *f = fopen("/proc/sys/fs/inotify/max_queued_events", "re");
	unsigned long events = 0;

	cr_assert_not_null(f);
	cr_assert_eq(fscanf(f, "%lu", &events), 1);
	fclose(f);
	if (events > 1 << 20)
		cr_skip_test("the queue of inotify is too long to be filled");
	for (unsigned long i = 0; i <= events / 2; i++) {
		touch("file");
		cr_assert_eq(unlinkat(root_fd, "file", 0), 0);
	}
}

/* Then all is looked at, and what is known is told as changed: its limit may have been. */
Test(cgroup_tree_bound, events_forgotten)
{
	uint32_t a, b, gone;

	make("a");
	make("a/b");
	make("gone");
	make("gone/with");
	watch();
	a = node_at("a");
	b = node_at("a/b");
	gone = node_at("gone");
	seen[a].changed = 1;
	seen[b].changed = 1;
	fill_queue();
	take_away("gone/with");
	take_away("gone");
	make("a/new");
	make("a/new/within");
	run();
	cr_assert_eq(nr_there, 5);
	cr_assert_eq(seen[gone].gone, 1);
	cr_assert_eq(node_at("a"), a);
	cr_assert_eq(node_at("a/b"), b);
	cr_assert_eq(seen[a].changed, 2);
	cr_assert_eq(seen[b].changed, 2);
	expect_in("a/new", "a");
	expect_in("a/new/within", "a/new");
	/* From here on events tell again. */
	make("a/b/c");
	run();
	expect_in("a/b/c", "a/b");
}
