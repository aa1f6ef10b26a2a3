// SPDX-License-Identifier: GPL-2.0-only
/* Rows of removed cgroups: when they come free, when not, and where their totals go. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "core/rows.h"
#include "record.h"
#include "rows.h"
#include "tables.h"

#define CPUS	2
#define PLENTY	OOMN_NR_CGROUPS /* taken: the table is full enough */
#define ROW	OOMN_CGROUP_FIRST
#define LARGEST 10 /* rows that stay for the summary */

static struct oomn_cgroup *table;
static struct oomn_cpu *cpus;
static struct rows rows;
static uint32_t nr_freed;

/* What the BPF program does to rows on their way. */
static int tend(void *ctx, uint32_t first_row)
{
	cr_assert_eq(ctx, table);
	for (uint32_t row = first_row; row < first_row + 64 && row < OOMN_NR_CGROUPS; row++) {
		if (row < OOMN_CGROUP_FIRST)
			continue;
		if (table[row].state == OOMN_ROW_RETIRED) {
			table[row].state = OOMN_ROW_UNLINKED;
		} else if (table[row].state == OOMN_ROW_EMPTY) {
			table[row].state = OOMN_ROW_FREE;
			nr_freed++;
		}
	}
	return 0;
}

static void start(void)
{
	table = calloc(OOMN_NR_CGROUPS, sizeof(*table));
	cpus = aligned_alloc(64, CPUS * sizeof(*cpus));
	cr_assert(table && cpus);
	memset(cpus, 0, CPUS * sizeof(*cpus));
	cr_assert_eq(rows_init(&rows, table, cpus, CPUS, tend, table), 0);
	cr_assert_eq(nr_freed, OOMN_NR_CGROUPS - OOMN_CGROUP_FIRST, "all can be taken");
	nr_freed = 0;
}

static void end(void)
{
	rows_free(&rows);
	free(table);
	free(cpus);
}

TestSuite(rows, .init = start, .fini = end);

/* A removed cgroup that swapped out @pages. */
static void put_removed(uint32_t row, uint32_t parent, uint64_t pages)
{
	put_dir(table, row, parent, "gone");
	table[row].removed_id = table[row].id;
	table[row].total[OOMN_SWAP_OUT] = (struct oomn_total){ 1, pages };
	table[row].total[OOMN_RECLAIM_END] = (struct oomn_total){ 2, 3 };
	table[row].stall_ns = 7;
}

/* Those that stay, so that the rows of a test are none of them. */
static void put_largest(void)
{
	for (uint32_t i = 0; i < LARGEST; i++)
		put_removed(2000 + i, ROOT_ROW, 1000000);
}

static uint32_t recycle(void)
{
	return rows_begin(&rows, PLENTY, 0) ? rows_end(&rows, 0) : 0;
}

static bool is_free(uint32_t row)
{
	return table[row].state == OOMN_ROW_FREE && !table[row].id;
}

Test(rows, nothing_while_there_is_room)
{
	put_largest();
	put_removed(ROW, ROOT_ROW, 5);
	cr_assert_not(rows_begin(&rows, ROWS_ENOUGH - 1, 0));
	cr_assert_eq(table[ROW].state, OOMN_ROW_USED);
}

Test(rows, removed_ones_come_free)
{
	put_largest();
	put_removed(ROW, ROOT_ROW, 5);
	put_removed(ROW + 1, ROOT_ROW, 6);
	put_dir(table, ROW + 2, ROOT_ROW, "alive");
	cr_assert_eq(recycle(), 2);
	cr_assert(is_free(ROW) && is_free(ROW + 1));
	cr_assert_eq(nr_freed, 2);
	cr_assert_eq(table[ROW].name[0], '\0');
	cr_assert_eq(table[ROW].removed_id, 0);
	cr_assert_eq(table[ROW + 2].state, OOMN_ROW_USED);
	cr_assert_eq(table[ROOT_ROW].state, OOMN_ROW_USED);
}

Test(rows, totals_go_to_one_row)
{
	const struct oomn_cgroup *gone = &table[OOMN_CGROUP_GONE];

	put_largest();
	put_removed(ROW, ROOT_ROW, 5);
	put_removed(ROW + 1, ROOT_ROW, 6);
	cr_assert_eq(recycle(), 2);
	cr_assert_eq(gone->total[OOMN_SWAP_OUT].hits, 2);
	cr_assert_eq(gone->total[OOMN_SWAP_OUT].pages, 11);
	cr_assert_eq(gone->total[OOMN_RECLAIM_END].hits, 4);
	cr_assert_eq(gone->total[OOMN_RECLAIM_END].pages, 6);
	cr_assert_eq(gone->stall_ns, 14);
	cr_assert_eq(table[ROW].total[OOMN_SWAP_OUT].pages, 0);
	cr_assert_eq(table[ROW].stall_ns, 0);
}

Test(rows, the_largest_stay_for_the_summary)
{
	put_largest();
	put_removed(ROW, ROOT_ROW, 2000000);
	cr_assert_eq(recycle(), 1, "one of the equal ones had to go");
	cr_assert_eq(table[ROW].state, OOMN_ROW_USED);
}

/* Who is inside a report may be about to refer to a row that it found before. */
Test(rows, not_before_every_report_has_ended)
{
	put_largest();
	put_removed(ROW, ROOT_ROW, 5);
	cpus[1].busy = 1;
	cr_assert_eq(recycle(), 0);
	cr_assert_eq(table[ROW].state, OOMN_ROW_UNLINKED);
	/* One after the other is enough. */
	cpus[0].busy = 1;
	cpus[1].busy = 0;
	cr_assert_eq(recycle(), 1);
	cr_assert(is_free(ROW));
}

Test(rows, gate_that_waits)
{
	struct oomn_gate *gate = &cpus[1].gate[5];

	put_largest();
	put_removed(ROW, ROOT_ROW, 5);
	gate->key = 77;
	gate->rec.hdr.hits = 1;
	gate->rec.hdr.cgroup_row = ROW;
	gate->rec.hdr.cgroup_id = ROW_ID(ROW);
	cr_assert_eq(recycle(), 0);
	cr_assert_eq(gate->key, 77, "it is left alone");
	cr_assert_eq(table[ROW].id, ROW_ID(ROW));
	/* It was sent: the gate has nothing more, and lets go. */
	gate->rec.hdr.hits = 0;
	rows.not_before = 0;
	cr_assert_eq(recycle(), 0);
	cr_assert_eq(gate->key, 0);
	rows.not_before = 0;
	cr_assert_eq(recycle(), 1);
	cr_assert(is_free(ROW));
}

Test(rows, gate_of_another)
{
	struct oomn_gate *gate = &cpus[0].gate[0];

	put_largest();
	put_removed(ROW, ROOT_ROW, 5);
	put_dir(table, ROW + 1, ROOT_ROW, "alive");
	gate->key = 78;
	gate->rec.hdr.cgroup_row = ROW + 1;
	cr_assert_eq(recycle(), 1);
	cr_assert_eq(gate->key, 78);
}

Test(rows, held_by_who_keeps_records)
{
	put_largest();
	put_removed(ROW, ROOT_ROW, 5);
	put_removed(ROW + 1, ROOT_ROW, 5);
	cr_assert(rows_begin(&rows, PLENTY, 0));
	rows_hold(&rows, ROW, ROW_ID(ROW));
	rows_hold(&rows, ROW + 1, ROW_ID(ROW + 1) - 1); /* of whose the row was before */
	rows_hold(&rows, OOMN_CGROUP_NONE, 0);
	rows_hold(&rows, OOMN_NR_CGROUPS, 5);
	cr_assert_eq(rows_end(&rows, 0), 1);
	cr_assert_not(is_free(ROW));
	cr_assert(is_free(ROW + 1));
}

/* A path leads through them. */
Test(rows, directories_above)
{
	put_largest();
	put_removed(ROW + 2, ROOT_ROW, 0);
	put_removed(ROW, ROW + 2, 5);
	put_removed(ROW + 1, ROW + 2, 5);
	cr_assert(rows_begin(&rows, PLENTY, 0));
	rows_hold(&rows, ROW, ROW_ID(ROW));
	cr_assert_eq(rows_end(&rows, 0), 1);
	cr_assert(is_free(ROW + 1));
	cr_assert_not(is_free(ROW + 2));
	rows.not_before = 0;
	cr_assert_eq(recycle(), 2, "all of them at once");
	cr_assert(is_free(ROW) && is_free(ROW + 2));
}

/* Where too many cgroups live there is nothing to be had: no look at all rows for every record. */
Test(rows, in_vain)
{
	put_dir(table, ROW, ROOT_ROW, "alive");
	cr_assert_not(rows_begin(&rows, PLENTY, 1000));
	cr_assert_gt(rows.not_before, 1000);
	put_largest();
	put_removed(ROW + 1, ROOT_ROW, 5);
	cr_assert_not(rows_begin(&rows, PLENTY, rows.not_before - 1));
	cr_assert(rows_begin(&rows, PLENTY, rows.not_before));
	cr_assert_eq(rows_end(&rows, 0), 1);
}
