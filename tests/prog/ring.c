// SPDX-License-Identifier: GPL-2.0-only
/* A full ring, more gates than gates and more cgroups than rows: nothing is lost silently. */
#include <bpf/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "common/clock.h"
#include "config.h"
#include "libcheck.h"
#include "librig.h"
#include "record.h"
#include "tables.h"

#define LONG_GAP_NS (3600 * NS_PER_S)
#define FIRST_ID    1000 /* of the cgroups made up here */

static void ring_overflows(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .ring_bytes = 4096 });
	struct oomn_count n;
	uint64_t told, pages;

	for (uint64_t i = 1; i <= 200; i++)
		run(r, "drive_swap_out", 0, i, 0);
	told = rig_read(r);
	EXPECT_GE(told, 30);
	EXPECT_LE(told, 4096 / sizeof(struct oomn_swap_out));
	n = rig_count(r, OOMN_SWAP_OUT);
	pages = told * (told + 1) / 2; /* the first to come got in */
	EXPECT_EQ(n.hits, 200);
	EXPECT_EQ(n.pages, 200 * 201 / 2);
	EXPECT_EQ(n.dropped_hits, 200 - told);
	EXPECT_EQ(n.dropped_pages, 200 * 201 / 2 - pages);
	EXPECT_EQ(rig_waiting(r), 0);
	/* Its cgroup's totals know no drops. */
	EXPECT_EQ(r->cgroups[OOMN_CGROUP_NONE].total[OOMN_SWAP_OUT].hits, 200);
	EXPECT_EQ(r->cgroups[OOMN_CGROUP_NONE].total[OOMN_SWAP_OUT].pages, 200 * 201 / 2);
	/* There is room again. */
	run(r, "drive_swap_out", 0, 1, 0);
	EXPECT_EQ(rig_read(r), 1);
	rig_close(r);
}

/* The drops of a flush, and of gates that stand for many hits. */
static void flush_overflows(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .gap_ns = LONG_GAP_NS, .ring_bytes = 4096 });
	uint64_t hits = 0, dropped = 0;

	for (unsigned int i = 0; i < 3 * OOMN_NR_KINDS * OOMN_NR_CAUSES; i++)
		run(r, "drive_hit", i % OOMN_NR_KINDS, i / OOMN_NR_KINDS % OOMN_NR_CAUSES, 0, 2);
	rig_flush_all(r);
	EXPECT_EQ(rig_waiting(r), 0);
	rig_read(r);
	for (int kind = 0; kind < OOMN_NR_KINDS; kind++) {
		struct oomn_count n = rig_count(r, kind);

		EXPECT_EQ(n.hits, 3 * OOMN_NR_CAUSES);
		EXPECT_EQ(n.pages, 2 * n.hits);
		EXPECT_EQ(n.dropped_pages, 2 * n.dropped_hits);
		hits += n.hits;
		dropped += n.dropped_hits;
	}
	for (size_t i = 0; i < r->nr_rec; i++)
		dropped += r->rec[i].hdr.hits;
	EXPECT_EQ(dropped, hits);
	rig_close(r);
}

/* Sums what was told of each made-up cgroup, and checks that a record is of one only. */
static void add_told(struct rig *r, uint64_t hits[], size_t n)
{
	rig_read(r);
	for (size_t i = 0; i < r->nr_rec; i++) {
		const struct oomn_hdr *h = &r->rec[i].hdr;

		EXPECT_EQ(r->cgroups[h->cgroup_row].id, h->cgroup_id);
		EXPECT_EQ(h->pages, 3 * h->hits);
		EXPECT_EQ(h->flags, h->hits == 1 ? 0 : OOMN_F_TRAILING);
		if (h->cgroup_id >= FIRST_ID && h->cgroup_id < FIRST_ID + n)
			hits[h->cgroup_id - FIRST_ID] += h->hits;
	}
}

#define NR_OWNERS (3 * OOMN_NR_GATES)
#define EACH	  3

/* More gates than gates: the newcomer sends what waits in its gate. */
static void gates_collide(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .gap_ns = LONG_GAP_NS });
	uint64_t hits[NR_OWNERS] = { 0 };
	size_t sent;

	for (uint64_t i = 0; i < NR_OWNERS; i++) {
		struct rig_fake owner = rig_fake_memcg(r, 100 + i, FIRST_ID + i);

		for (int j = 0; j < EACH; j++)
			run(r, "drive_swap_out", owner.memcg, 3, 0);
	}
	add_told(r, hits, NR_OWNERS);
	sent = r->nr_rec;
	/* One each at once, and one more for each that had to give way. */
	EXPECT_GE(sent, NR_OWNERS + NR_OWNERS - OOMN_NR_GATES);
	EXPECT_EQ(rig_waiting(r), (EACH - 1) * (2 * NR_OWNERS - sent));
	rig_flush_all(r);
	add_told(r, hits, NR_OWNERS);
	for (size_t i = 0; i < NR_OWNERS; i++)
		EXPECT_EQ(hits[i], EACH);
	for (uint32_t row = OOMN_CGROUP_FIRST; row < OOMN_CGROUP_FIRST + NR_OWNERS; row++) {
		EXPECT_EQ(r->cgroups[row].id, FIRST_ID + row - OOMN_CGROUP_FIRST);
		EXPECT_EQ(r->cgroups[row].total[OOMN_SWAP_OUT].hits, EACH);
		EXPECT_EQ(r->cgroups[row].total[OOMN_SWAP_OUT].pages, 3 * EACH);
	}
	rig_close(r);
}

/* What comes after the last row is counted under "other", and still told by its id. */
static void rows_run_out(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ 0 });
	const struct oomn_cgroup *other = &r->cgroups[OOMN_CGROUP_OTHER];
	int before = check_failures();

	for (uint64_t i = 0; i < OOMN_NR_CGROUPS + 50; i++) {
		struct rig_fake owner = rig_fake_memcg(r, 100 + i, FIRST_ID + i);
		uint64_t row = OOMN_CGROUP_FIRST + i;

		run(r, "drive_swap_out", owner.memcg, 2, 0);
		EXPECT_EQ(rig_read(r), 1);
		EXPECT_EQ(r->rec[0].hdr.cgroup_id, FIRST_ID + i);
		EXPECT_EQ(r->rec[0].hdr.cgroup_row,
			  row < OOMN_NR_CGROUPS ? row : OOMN_CGROUP_OTHER);
		if (check_failures() > before)
			break;
	}
	EXPECT_EQ(other->id, 0);
	EXPECT_EQ(other->total[OOMN_SWAP_OUT].hits, 50 + OOMN_CGROUP_FIRST);
	EXPECT_EQ(other->total[OOMN_SWAP_OUT].pages, 2 * (50 + OOMN_CGROUP_FIRST));
	EXPECT_EQ(r->cgroups[OOMN_CGROUP_NONE].total[OOMN_SWAP_OUT].hits, 0);
	rig_close(r);
}

/* A cgroup of another hierarchy may have the same id. */
static void other_hierarchy_removed(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ 0 });
	struct rig_fake fake = rig_fake_memcg(r, 7, FIRST_ID);

	run(r, "drive_swap_out", fake.memcg, 1, 0);
	EXPECT_EQ(r->cgroups[OOMN_CGROUP_FIRST].id, FIRST_ID);
	run(r, "cgroup_removed", fake.cgroup);
	EXPECT_EQ(r->cgroups[OOMN_CGROUP_FIRST].removed_id, 0);
	rig_close(r);
}

/* A report that cannot go on to its last part is dropped, and leaves the CPU free for others. */
static void tail_missing(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .gap_ns = LONG_GAP_NS });
	const struct oomn_cpu *c = &r->cpus[rig_cpu(0)];
	const uint32_t begin = OOMN_TAIL_BEGIN;

	EXPECT_EQ(bpf_map_delete_elem(rig_map_fd(r, "raw_tails"), &begin), 0);
	run(r, "direct_begin", 0, 0);
	EXPECT_EQ(rig_read(r), 0);
	EXPECT_EQ(c->count[OOMN_RECLAIM_BEGIN].hits, 1);
	EXPECT_EQ(c->count[OOMN_RECLAIM_BEGIN].dropped_hits, 1);
	EXPECT_EQ(c->busy, 0);
	run(r, "direct_end", 7);
	EXPECT_EQ(rig_read(r), 1);
	rig_close(r);
}

int main(void)
{
	static const struct check checks[] = {
		{ "tail_missing", tail_missing },
		{ "ring_overflows", ring_overflows },
		{ "flush_overflows", flush_overflows },
		{ "gates_collide", gates_collide },
		{ "rows_run_out", rows_run_out },
		{ "other_hierarchy_removed", other_hierarchy_removed },
	};

	rig_pin(rig_cpu(0));
	return CHECK_ALL(checks);
}
