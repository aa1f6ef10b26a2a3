// SPDX-License-Identifier: GPL-2.0-only
/*
 * More cgroups, one after the other, than the table has rows: each has one while it lives, and no
 * hit is counted for another. CGROUPS=1000000 in the environment makes a year's worth of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/clock.h"
#include "core/rows.h"
#include "libcheck.h"
#include "librig.h"
#include "record.h"
#include "tables.h"

#define LONG_GAP_NS (3600 * NS_PER_S)
#define FIRST_ID    1000
#define CGROUPS	    (4ULL * OOMN_NR_CGROUPS)

static uint64_t nr_cgroups(void)
{
	const char *wanted = getenv("CGROUPS");

	return wanted ? strtoull(wanted, NULL, 10) : CGROUPS;
}

static int tend(void *ctx, uint32_t first_row)
{
	return run(ctx, "tend", first_row);
}

static struct rows *rows_of(struct rig *r)
{
	struct rows *rows = calloc(1, sizeof(*rows));

	EXPECT(rows && !rows_init(rows, r->cgroups, r->cpus, (int)r->nr_cpus, tend, r));
	return rows;
}

static void rows_done(struct rows *rows)
{
	rows_free(rows);
	free(rows);
}

/* What the loader does when it was woken. */
static void take_in(struct rig *r, struct rows *rows)
{
	rig_read(r);
	if (rows_begin(rows, rig_rows_taken(r), now_ns()))
		rows_end(rows, now_ns());
}

static struct oomn_total sum_of_rows(const struct rig *r, enum oomn_kind kind)
{
	struct oomn_total sum = { 0 };

	for (uint32_t row = 0; row < OOMN_NR_CGROUPS; row++) {
		sum.hits += r->cgroups[row].total[kind].hits;
		sum.pages += r->cgroups[row].total[kind].pages;
	}
	return sum;
}

/* There is one made-up cgroup at a time: the ones before are gone, though nobody told. */
static void one_after_the_other(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ 0 });
	struct rows *rows = rows_of(r);
	uint64_t n = nr_cgroups();
	int before = check_failures();

	for (uint64_t i = 0; i < n && check_failures() == before; i++) {
		struct rig_fake owner = rig_fake_memcg(r, 100 + i, FIRST_ID + i);
		const struct oomn_hdr *h = &r->rec[0].hdr;

		run(r, "drive_swap_out", owner.memcg, 3, 0);
		take_in(r, rows);
		EXPECT_EQ(r->nr_rec, 1);
		EXPECT_EQ(h->cgroup_id, FIRST_ID + i);
		EXPECT_EQ(r->cgroups[h->cgroup_row].id, FIRST_ID + i);
		EXPECT_GE(h->cgroup_row, OOMN_CGROUP_FIRST);
	}
	EXPECT_EQ(r->cgroups[OOMN_CGROUP_OTHER].total[OOMN_SWAP_OUT].hits, 0);
	EXPECT(r->cgroups[OOMN_CGROUP_GONE].total[OOMN_SWAP_OUT].hits > n - OOMN_NR_CGROUPS);
	EXPECT_EQ(sum_of_rows(r, OOMN_SWAP_OUT).hits, n);
	EXPECT_EQ(sum_of_rows(r, OOMN_SWAP_OUT).pages, 3 * n);
	printf("    %llu cgroups, %llu rows given back\n", (unsigned long long)n,
	       (unsigned long long)rows->released);
	rows_done(rows);
	rig_close(r);
}

/* With a gap hits wait in gates of cgroups that are gone: no row is another's while they do. */
static void while_hits_wait(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .gap_ns = LONG_GAP_NS });
	struct rows *rows = rows_of(r);
	int before = check_failures();
	uint64_t told = 0;

	for (uint64_t i = 0; i < CGROUPS && check_failures() == before; i++) {
		struct rig_fake owner = rig_fake_memcg(r, 100 + i, FIRST_ID + i);
		int cpu = rig_cpu(i % 2 && rig_cpu(1) >= 0);

		for (int j = 0; j < 3; j++)
			run_on(r, cpu, "drive_swap_out", owner.memcg, 3, 0);
		rig_read(r);
		for (size_t j = 0; j < r->nr_rec; j++) {
			const struct oomn_hdr *h = &r->rec[j].hdr;

			EXPECT_EQ(r->cgroups[h->cgroup_row].id, h->cgroup_id);
			told += h->hits;
		}
		take_in(r, rows);
		EXPECT_EQ(r->nr_rec, 0);
	}
	EXPECT(rows->released > 0);
	EXPECT_EQ(told + rig_waiting(r), 3 * CGROUPS);
	EXPECT_EQ(sum_of_rows(r, OOMN_SWAP_OUT).hits, told);
	EXPECT_EQ(r->cgroups[OOMN_CGROUP_OTHER].total[OOMN_SWAP_OUT].hits, 0);
	rows_done(rows);
	rig_close(r);
}

/* A gate's late record of a row that changed hands counts for nobody else. */
static void row_that_changed_hands(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .gap_ns = LONG_GAP_NS });
	struct rig_fake owner = rig_fake_memcg(r, 7, FIRST_ID);

	for (int i = 0; i < 3; i++)
		run(r, "drive_swap_out", owner.memcg, 3, 0);
	EXPECT_EQ(r->cgroups[OOMN_CGROUP_FIRST].total[OOMN_SWAP_OUT].hits, 1);
	r->cgroups[OOMN_CGROUP_FIRST].id = FIRST_ID + 1;
	rig_flush_all(r);
	EXPECT_EQ(r->cgroups[OOMN_CGROUP_FIRST].total[OOMN_SWAP_OUT].hits, 1);
	EXPECT_EQ(r->cgroups[OOMN_CGROUP_GONE].total[OOMN_SWAP_OUT].hits, 2);
	EXPECT_EQ(r->cgroups[OOMN_CGROUP_GONE].total[OOMN_SWAP_OUT].pages, 6);
	rig_close(r);
}

int main(void)
{
	static const struct check checks[] = {
		{ "one_after_the_other", one_after_the_other },
		{ "while_hits_wait", while_hits_wait },
		{ "row_that_changed_hands", row_that_changed_hands },
	};

	rig_pin(rig_cpu(0));
	return CHECK_ALL(checks);
}
