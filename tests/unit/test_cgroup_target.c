// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which cgroups are the one that was asked for: by id, by what is above them, by taking its place.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "core/cgroup_target.h"
#include "rows.h"
#include "tables.h"

#define ROW OOMN_CGROUP_FIRST
#define TOP (ROW + 50)
#define SVC (ROW + 51)
#define SUB (ROW + 52)

static struct oomn_cgroup *rows;
static struct cgroup_target target;

/* /top/svc/sub, and asked for is /top/svc. */
static void start(void)
{
	rows = calloc(OOMN_NR_CGROUPS, sizeof(*rows));
	cr_assert_not_null(rows);
	put_dir(rows, TOP, ROOT_ROW, "top");
	put_dir(rows, SVC, TOP, "svc");
	put_dir(rows, SUB, SVC, "sub");
	target.nr_levels = 3;
	target.level[0].id = ROW_ID(SVC);
	target.level[0].name = "svc";
	target.level[1].id = ROW_ID(TOP);
	target.level[1].name = "top";
	target.level[2].id = ROOT_ID;
	target.level[2].name = "memory";
}

static void end(void)
{
	free(rows);
}

TestSuite(cgroup_target, .init = start, .fini = end);

static bool has(uint32_t row)
{
	return cgroup_target_has(&target, rows, row, rows[row].id);
}

Test(cgroup_target, itself_and_below)
{
	cr_assert(has(SVC));
	cr_assert(has(SUB));
	cr_assert_not(has(TOP));
	cr_assert_not(has(ROOT_ROW));
	put_dir(rows, ROW + 53, TOP, "svc2");
	cr_assert_not(has(ROW + 53));
	cr_assert_not(cgroup_target_has(&target, rows, OOMN_CGROUP_NONE, 0));
	cr_assert_not(cgroup_target_has(&target, rows, OOMN_NR_CGROUPS, 9));
	target.nr_levels = 0;
	cr_assert(cgroup_target_has(&target, rows, OOMN_CGROUP_NONE, 0), "nothing was asked for");
}

/* Its id is enough where the table had no row for it. */
Test(cgroup_target, without_a_row)
{
	cr_assert(cgroup_target_has(&target, rows, OOMN_CGROUP_OTHER, ROW_ID(SVC)));
	cr_assert_not(cgroup_target_has(&target, rows, OOMN_CGROUP_OTHER, ROW_ID(SUB)));
}

/* A service that is restarted has another directory of the same name, and so may what is above. */
Test(cgroup_target, made_anew)
{
	rows[SVC].removed_id = rows[SVC].id;
	put_dir(rows, ROW + 60, TOP, "svc");
	put_dir(rows, ROW + 61, ROW + 60, "sub");
	cr_assert(has(ROW + 60));
	cr_assert(has(ROW + 61));
	put_dir(rows, ROW + 62, ROOT_ROW, "top");
	put_dir(rows, ROW + 63, ROW + 62, "svc");
	cr_assert(has(ROW + 63));
	cr_assert_not(has(ROW + 62));
	/* The same name elsewhere, or another one here. */
	put_dir(rows, ROW + 64, ROOT_ROW, "svc");
	cr_assert_not(has(ROW + 64));
	put_dir(rows, ROW + 65, ROW + 62, "other");
	cr_assert_not(has(ROW + 65));
	put_dir(rows, ROW + 66, ROOT_ROW, "tops");
	put_dir(rows, ROW + 67, ROW + 66, "svc");
	cr_assert_not(has(ROW + 67));
}

/* One that was gone before is not what was asked for, though it had the same name. */
Test(cgroup_target, the_one_before)
{
	put_dir(rows, ROW + 3, TOP, "svc");
	cr_assert_lt(rows[ROW + 3].id, target.level[0].id);
	rows[ROW + 3].removed_id = rows[ROW + 3].id;
	cr_assert_not(has(ROW + 3));
}

/* The row of the directory above is another's by now: its id is known all the same. */
Test(cgroup_target, made_anew_below_a_lost_row)
{
	put_dir(rows, ROW + 60, TOP, "svc");
	rows[TOP].id = 99999;
	cr_assert(has(ROW + 60));
}

/* Of what is mounted as a part of the hierarchy only the ids are known. */
Test(cgroup_target, nothing_known_above)
{
	target.nr_levels = 1;
	cr_assert(has(SVC));
	cr_assert(has(SUB));
	put_dir(rows, ROW + 60, TOP, "svc");
	cr_assert_not(has(ROW + 60));
}

Test(cgroup_target, circle)
{
	rows[TOP].parent = SUB;
	rows[TOP].parent_id = rows[SUB].id;
	target.level[0].id = 77777;
	cr_assert_not(has(SUB));
}
