// SPDX-License-Identifier: GPL-2.0-only
/* Names of cgroups: from rows to paths, and which path lies within which. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/cgroups.h"

#define ROW OOMN_CGROUP_FIRST

static struct oomn_cgroup *rows;
static char buf[CGROUP_PATH_MAX];

static void start(void)
{
	rows = calloc(OOMN_NR_CGROUPS, sizeof(*rows));
	cr_assert_not_null(rows);
}

static void end(void)
{
	free(rows);
}

/* The names of a cgroup's directories, its own first. */
static void set(int level, const char *name)
{
	memset(rows[ROW].name[level], 0, sizeof(rows[ROW].name[level]));
	memcpy(rows[ROW].name[level], name, strnlen(name, OOMN_CGROUP_NAME_LEN));
}

static void expect(const char *want)
{
	const char *got = cgroup_path(rows, ROW, buf, sizeof(buf));

	cr_assert_eq(got, buf);
	cr_assert_str_eq(got, want);
}

TestSuite(cgroup_path, .init = start, .fini = end);

Test(cgroup_path, root)
{
	expect("/");
}

Test(cgroup_path, names_in_order)
{
	set(0, "own");
	expect("/own");
	set(1, "parent");
	set(2, "top");
	expect("/top/parent/own");
}

Test(cgroup_path, deepest_known_whole)
{
	for (int i = 0; i < OOMN_CGROUP_DEPTH; i++)
		set(OOMN_CGROUP_DEPTH - 1 - i, (char[]){ (char)('a' + i), '\0' });
	expect("/a/b/c/d/e/f/g/h/i/j");
}

Test(cgroup_path, deeper_than_is_known)
{
	for (int i = 0; i < OOMN_CGROUP_DEPTH; i++)
		set(OOMN_CGROUP_DEPTH - 1 - i, (char[]){ (char)('a' + i), '\0' });
	rows[ROW].truncated = 1;
	expect(".../a/b/c/d/e/f/g/h/i/j");
}

Test(cgroup_path, removed)
{
	set(0, "own");
	rows[ROW].removed = 1;
	expect("/own (deleted)");
	rows[ROW].truncated = 1;
	expect(".../own (deleted)");
}

Test(cgroup_path, none_and_other)
{
	static const uint32_t no_path[] = { OOMN_CGROUP_OTHER, OOMN_CGROUP_NONE, OOMN_NR_CGROUPS,
					    UINT32_MAX };

	for (size_t i = 0; i < sizeof(no_path) / sizeof(no_path[0]); i++)
		cr_assert_null(cgroup_path(rows, no_path[i], buf, sizeof(buf)), "row %u",
			       no_path[i]);
}

Test(cgroup_path, last_row)
{
	strcpy(rows[OOMN_NR_CGROUPS - 1].name[0], "last");
	cr_assert_str_eq(cgroup_path(rows, OOMN_NR_CGROUPS - 1, buf, sizeof(buf)), "/last");
}

/* The longest that the BPF side writes fits whole. */
Test(cgroup_path, longest)
{
	char name[OOMN_CGROUP_NAME_LEN];
	size_t len;

	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	for (int i = 0; i < OOMN_CGROUP_DEPTH; i++)
		set(i, name);
	rows[ROW].truncated = 1;
	rows[ROW].removed = 1;
	cr_assert_not_null(cgroup_path(rows, ROW, buf, sizeof(buf)));
	len = strlen(buf);
	cr_assert_eq(len, 3 + OOMN_CGROUP_DEPTH * OOMN_CGROUP_NAME_LEN + strlen(" (deleted)"));
	cr_assert_str_eq(buf + len - 11, "x (deleted)");
}

/* A name without its NUL is not read past its end, and no buffer is written past its own. */
Test(cgroup_path, any_size_of_buffer)
{
	memset(rows[ROW].name, 'y', sizeof(rows[ROW].name));
	rows[ROW].truncated = 1;
	rows[ROW].removed = 1;
	for (size_t size = 1; size <= sizeof(buf); size++) {
		char *small = malloc(size);

		cr_assert_not_null(small);
		cr_assert_eq(cgroup_path(rows, ROW, small, size), small);
		cr_assert_lt(strlen(small), size);
		free(small);
	}
}

Test(cgroup_is_within, itself_and_below)
{
	cr_assert(cgroup_is_within("/a", "/a"));
	cr_assert(cgroup_is_within("/a/b", "/a"));
	cr_assert(cgroup_is_within("/a/b/c", "/a/b"));
	cr_assert_not(cgroup_is_within("/a", "/a/b"));
	cr_assert_not(cgroup_is_within("/b/a", "/a"));
	cr_assert_not(cgroup_is_within("/", "/a"));
}

Test(cgroup_is_within, names_that_only_begin_so)
{
	cr_assert_not(cgroup_is_within("/ab", "/a"));
	cr_assert_not(cgroup_is_within("/a.slice", "/a"));
	cr_assert_not(cgroup_is_within("/a b", "/a"));
	cr_assert_not(cgroup_is_within("/a (deleted) too", "/a"));
}

Test(cgroup_is_within, all_in_root)
{
	cr_assert(cgroup_is_within("/", "/"));
	cr_assert(cgroup_is_within("/a/b", "/"));
	cr_assert(cgroup_is_within("/a (deleted)", "/"));
	cr_assert(cgroup_is_within(".../a", "/"));
}

Test(cgroup_is_within, removed_ones)
{
	cr_assert(cgroup_is_within("/a (deleted)", "/a"));
	cr_assert(cgroup_is_within("/a/b (deleted)", "/a"));
	cr_assert(cgroup_is_within("/a/b (deleted)", "/a/b"));
	cr_assert_not(cgroup_is_within("/ab (deleted)", "/a"));
}

/* Where memory cgroups are mounted, if they are; what it then says can be held against them. */
static bool is_mounted(void)
{
	return cgroup_resolve("/", buf, sizeof(buf)) == 0;
}

Test(cgroup_resolve, root)
{
	if (!is_mounted())
		cr_skip_test("no memory cgroups are mounted");
	cr_assert_str_eq(buf, "/");
	cr_assert_eq(cgroup_resolve("///", buf, sizeof(buf)), 0);
	cr_assert_str_eq(buf, "/");
}

Test(cgroup_resolve, what_is_not_there)
{
	cr_assert_eq(cgroup_resolve("/no such cgroup", buf, sizeof(buf)), -ENOENT);
	cr_assert_eq(cgroup_resolve("no/such", buf, sizeof(buf)), -ENOENT);
	if (is_mounted()) /* a file of the root's is no cgroup */
		cr_assert_eq(cgroup_resolve("/cgroup.procs", buf, sizeof(buf)), -ENOENT);
}

Test(cgroup_resolve, too_long)
{
	char arg[4096];

	if (!is_mounted())
		cr_skip_test("no memory cgroups are mounted");
	memset(arg, 'a', sizeof(arg));
	arg[sizeof(arg) - 1] = '\0';
	cr_assert_eq(cgroup_resolve(arg, buf, sizeof(buf)), -ENAMETOOLONG);
	cr_assert_eq(cgroup_resolve("/", buf, 1), -ENAMETOOLONG);
}

/*
 * What is accepted is a path that events can have: no way out of the hierarchy, no "." in it. Else
 * `watch --cgroup` would watch nothing, for ever, instead of saying so.
 */
Test(cgroup_resolve, only_paths_that_events_have)
{
	static const char *const odd[] = { "/..", "/../..", "/../../../proc", "/.", "/./." };

	if (!is_mounted())
		cr_skip_test("no memory cgroups are mounted");
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		int err = cgroup_resolve(odd[i], buf, sizeof(buf));

		cr_assert(err == -ENOENT || (!err && !strcmp(buf, "/")), "'%s' became '%s'", odd[i],
			  buf);
	}
}
