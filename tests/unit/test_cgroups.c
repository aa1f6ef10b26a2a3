// SPDX-License-Identifier: GPL-2.0-only
/* Names of cgroups: from rows to paths, and which path lies within which. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "core/cgroups.h"
#include "rows.h"
#include "tables.h"

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

/* ROW is "own" in "parent" in "top". */
static void put_three(void)
{
	put_dir(rows, ROW + 2, ROOT_ROW, "top");
	put_dir(rows, ROW + 1, ROW + 2, "parent");
	put_dir(rows, ROW, ROW + 1, "own");
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
	put_dir(rows, ROW, ROOT_ROW, "own");
	cr_assert_str_eq(cgroup_path(rows, ROOT_ROW, buf, sizeof(buf)), "/");
}

Test(cgroup_path, names_in_order)
{
	put_dir(rows, ROW, ROOT_ROW, "own");
	expect("/own");
	put_three();
	expect("/top/parent/own");
}

/* As long as a name may be, and as many as fit. */
Test(cgroup_path, whole_names)
{
	char name[OOMN_CGROUP_NAME_LEN] = { 0 };

	memset(name, 'n', sizeof(name) - 1);
	put_dir(rows, ROW, ROOT_ROW, name);
	cr_assert_str_eq(cgroup_path(rows, ROW, buf, sizeof(buf)) + 1, name);
	name[254] = '1';
	put_dir(rows, ROW, ROOT_ROW, name);
	cr_assert_str_eq(cgroup_path(rows, ROW, buf, sizeof(buf)) + 1, name);
}

Test(cgroup_path, any_depth)
{
	char want[CGROUP_PATH_MAX] = "";
	uint32_t n = 1000;

	put_dir(rows, ROW + n, ROOT_ROW, "d");
	for (uint32_t i = n; i-- > 0;)
		put_dir(rows, ROW + i, ROW + i + 1, "d");
	for (uint32_t i = 0; i <= n; i++)
		memcpy(want + 2 * i, "/d", 3);
	expect(want);
}

Test(cgroup_path, beginning_not_known)
{
	put_three();
	rows[ROW + 2].parent = OOMN_CGROUP_OTHER;
	expect(".../top/parent/own");
	rows[ROW + 1].parent = OOMN_CGROUP_OTHER;
	expect(".../parent/own");
	rows[ROW].parent = OOMN_CGROUP_OTHER;
	expect(".../own");
}

/* The parent's row is another cgroup's by now. */
Test(cgroup_path, parents_row_changed_hands)
{
	put_three();
	put_dir(rows, ROW + 1, ROOT_ROW, "stranger");
	rows[ROW + 1].id++;
	expect(".../own");
}

Test(cgroup_path, removed)
{
	put_three();
	rows[ROW].removed_id = rows[ROW].id;
	expect("/top/parent/own (deleted)");
	rows[ROW].parent = OOMN_CGROUP_OTHER;
	expect(".../own (deleted)");
	/* A late word of the cgroup that had the row before. */
	rows[ROW].removed_id = rows[ROW].id - 1;
	expect(".../own");
}

Test(cgroup_path, none_and_other)
{
	static const uint32_t no_path[] = { OOMN_CGROUP_OTHER, OOMN_CGROUP_NONE,
					    OOMN_CGROUP_GONE,  ROW,
					    OOMN_NR_CGROUPS,   UINT32_MAX };

	for (size_t i = 0; i < sizeof(no_path) / sizeof(no_path[0]); i++)
		cr_assert_null(cgroup_path(rows, no_path[i], buf, sizeof(buf)), "row %u",
			       no_path[i]);
}

Test(cgroup_path, last_row)
{
	put_dir(rows, ROW, OOMN_CGROUP_NONE, "");
	put_dir(rows, OOMN_NR_CGROUPS - 1, ROW, "last");
	rows[ROW].parent = OOMN_CGROUP_NONE;
	cr_assert_str_eq(cgroup_path(rows, OOMN_NR_CGROUPS - 1, buf, sizeof(buf)), "/last");
}

/* The end is told, where paths differ, and that the beginning is missing. */
Test(cgroup_path, longer_than_any_other)
{
	size_t len;

	put_longest(rows, ROW, 'x');
	cr_assert_not_null(cgroup_path(rows, ROW, buf, sizeof(buf)));
	len = strlen(buf);
	cr_assert(!strncmp(buf, ".../x", 5));
	cr_assert_str_eq(buf + len - 11, "x (deleted)");
	cr_assert_geq(len, 7 * OOMN_CGROUP_NAME_LEN);
	rows[ROW].removed_id = 0;
	cr_assert_not_null(cgroup_path(rows, ROW, buf, sizeof(buf)));
	cr_assert(!strncmp(buf, ".../x", 5));
	cr_assert_eq(strlen(buf), 3 + 8 * OOMN_CGROUP_NAME_LEN);
}

/* A name without its NUL is not read past its end, and no buffer is written past its own. */
Test(cgroup_path, any_size_of_buffer)
{
	put_longest(rows, ROW, 'y');
	memset(rows[ROW].name, 'y', sizeof(rows[ROW].name));
	for (size_t size = 1; size <= sizeof(buf); size++) {
		char *small = malloc(size);

		cr_assert_not_null(small);
		cr_assert_eq(cgroup_path(rows, ROW, small, size), small);
		cr_assert_lt(strlen(small), size);
		free(small);
	}
}

/* What cannot be must not keep us for ever. */
Test(cgroup_path, circle)
{
	put_three();
	rows[ROW + 2].parent = ROW;
	rows[ROW + 2].parent_id = rows[ROW].id;
	cr_assert_not_null(cgroup_path(rows, ROW, buf, sizeof(buf)));
	cr_assert(!strncmp(buf, "...", 3));
	cr_assert_not(cgroup_row_is_within(rows, ROW, 7));
}

TestSuite(cgroup_row_is_within, .init = start, .fini = end);

Test(cgroup_row_is_within, itself_and_below)
{
	put_three();
	for (uint32_t i = 0; i < 3; i++)
		for (uint32_t up = 0; up < 3; up++)
			cr_assert_eq(cgroup_row_is_within(rows, ROW + i, ROW_ID(ROW + up)), up >= i,
				     "%u within %u", i, up);
	cr_assert_not(cgroup_row_is_within(rows, ROW, ROW_ID(ROW + 3)));
	cr_assert_not(cgroup_row_is_within(rows, ROW, 0));
}

/* A cgroup that is gone is within what it was in, and no longer known by its name alone. */
Test(cgroup_row_is_within, same_name_again)
{
	put_dir(rows, ROW, ROOT_ROW, "service");
	rows[ROW].removed_id = rows[ROW].id;
	put_dir(rows, ROW + 1, ROOT_ROW, "service");
	cr_assert(cgroup_row_is_within(rows, ROW, ROW_ID(ROW)));
	cr_assert_not(cgroup_row_is_within(rows, ROW, ROW_ID(ROW + 1)));
	cr_assert_not(cgroup_row_is_within(rows, ROW + 1, ROW_ID(ROW)));
}

Test(cgroup_row_is_within, all_in_root)
{
	put_three();
	cr_assert(cgroup_row_is_within(rows, ROW, ROOT_ID));
	cr_assert(cgroup_row_is_within(rows, ROOT_ROW, ROOT_ID));
	cr_assert(cgroup_row_is_within(rows, OOMN_CGROUP_OTHER, ROOT_ID));
	cr_assert(cgroup_row_is_within(rows, OOMN_CGROUP_GONE, ROOT_ID));
	rows[ROW + 1].parent = OOMN_CGROUP_OTHER;
	cr_assert(cgroup_row_is_within(rows, ROW, ROOT_ID), "above is not known, but is within");
	cr_assert_not(cgroup_row_is_within(rows, ROW, ROW_ID(ROW + 2)));
	cr_assert_not(cgroup_row_is_within(rows, OOMN_CGROUP_NONE, ROOT_ID));
	cr_assert_not(cgroup_row_is_within(rows, OOMN_NR_CGROUPS, ROOT_ID));
}

Test(cgroup_row_is_within, rows_without_a_cgroup)
{
	cr_assert_not(cgroup_row_is_within(rows, ROW, 5));
	cr_assert_not(cgroup_row_is_within(rows, OOMN_CGROUP_OTHER, 5));
}

Test(cgroup_row_of_id, changed_hands, .init = start, .fini = end)
{
	put_three();
	cr_assert_eq(cgroup_row_of_id(rows, ROW, ROW_ID(ROW)), ROW);
	cr_assert_eq(cgroup_row_of_id(rows, ROW, ROW_ID(ROW) + 1), OOMN_CGROUP_OTHER);
	cr_assert_eq(cgroup_row_of_id(rows, OOMN_CGROUP_NONE, 0), OOMN_CGROUP_NONE);
	cr_assert_eq(cgroup_row_of_id(rows, OOMN_CGROUP_OTHER, 77), OOMN_CGROUP_OTHER);
}
