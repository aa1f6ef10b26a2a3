// SPDX-License-Identifier: GPL-2.0-only
/* Real memory cgroups with tasks inside: who is named in a record, the totals, the path. */
#include "core/cgroups.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "common/clock.h"
#include "libcheck.h"
#include "libgroup.h"
#include "librig.h"

#define LONG_GAP_NS (3600 * NS_PER_S)
#define GFP	    0x140ccaU

static void look(void *ctx)
{
	uint64_t id;

	rig_own_memcg(ctx, &id);
}

/* The address of what a task in @g has as its memory cgroup. */
static uint64_t memcg_of(struct rig *r, const struct group *g)
{
	uint64_t id, memcg;

	group_run(g, look, r);
	memcg = rig_seen_memcg(r, &id);
	EXPECT_EQ(id, g->id);
	return memcg;
}

static void expect_path(const struct rig *r, uint32_t row, const char *path)
{
	char buf[CGROUP_PATH_MAX];

	EXPECT_STR(cgroup_path(r->cgroups, row, buf, sizeof(buf)), path);
}

/* The row of the cgroup with this id; 0 (which is "other") when it has none. */
static uint32_t row_of(const struct rig *r, uint64_t id)
{
	for (uint32_t row = OOMN_CGROUP_FIRST; row < OOMN_NR_CGROUPS; row++)
		if (r->cgroups[row].id == id)
			return row;
	return OOMN_CGROUP_OTHER;
}

static void expect_totals(const struct rig *r, uint64_t id, uint64_t hits, uint64_t pages)
{
	const struct oomn_total *total = &r->cgroups[row_of(r, id)].total[OOMN_SWAP_OUT];

	EXPECT_EQ(total->hits, hits);
	EXPECT_EQ(total->pages, pages);
}

/* Pages of two cgroups swapped out in turn: no record is of both. */
static void two_owners(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .gap_ns = LONG_GAP_NS });
	struct group a = group_make(NULL, "a"), b = group_make(NULL, "b");
	uint64_t in_a = memcg_of(r, &a), in_b = memcg_of(r, &b);
	uint64_t hits[2] = { 0 }, pages[2] = { 0 };

	for (int i = 0; i < 6; i++) {
		run(r, "drive_swap_out", in_a, 3, 0);
		run(r, "drive_swap_out", in_b, 50, 0);
	}
	rig_flush_all(r);
	rig_read(r);
	EXPECT_GE(r->nr_rec, 4); /* a first one and a trailing one each */
	for (size_t i = 0; i < r->nr_rec; i++) {
		const struct oomn_hdr *h = &r->rec[i].hdr;
		bool is_b = h->cgroup_id == b.id;

		EXPECT(is_b || h->cgroup_id == a.id);
		EXPECT_EQ(h->pages, (is_b ? 50 : 3) * h->hits);
		expect_path(r, h->cgroup_row, is_b ? b.path : a.path);
		hits[is_b] += h->hits;
		pages[is_b] += h->pages;
	}
	EXPECT_EQ(hits[0], 6);
	EXPECT_EQ(hits[1], 6);
	expect_totals(r, a.id, 6, pages[0]);
	expect_totals(r, b.id, 6, pages[1]);
	EXPECT_EQ(pages[1], 300);
	group_remove(&a);
	group_remove(&b);
	rig_close(r);
}

/* Reports about the task itself, made by tasks inside. */
static void reclaim(void *ctx)
{
	struct rig *r = ctx;

	run(r, "wakeup_kswapd", 0, 0, 0, GFP);
	run(r, "memcg_begin", 0, GFP);
	run(r, "throttled", 0, 1000, 0, 1);
	run(r, "memcg_end", 4);
}

static void tasks_inside(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ 0 });
	struct group a = group_make(NULL, "a"), b = group_make(NULL, "b");
	const struct group *groups[] = { &a, &b };

	for (int i = 0; i < 2; i++) {
		group_run(groups[i], reclaim, r);
		EXPECT_EQ(rig_read(r), 4);
		for (size_t j = 0; j < r->nr_rec; j++) {
			EXPECT_EQ(r->rec[j].hdr.cgroup_id, groups[i]->id);
			expect_path(r, r->rec[j].hdr.cgroup_row, groups[i]->path);
		}
	}
	EXPECT(r->cgroups[row_of(r, a.id)].stall_ns > 0);
	EXPECT_EQ(r->cgroups[row_of(r, b.id)].stall_ns, r->rec[3].reclaim_end.stall_ns);
	EXPECT_EQ(r->cgroups[row_of(r, b.id)].total[OOMN_RECLAIM_END].pages, 4);
	group_remove(&a);
	group_remove(&b);
	rig_close(r);
}

static void removed(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ 0 });
	struct group a = group_make(NULL, "a"), b = group_make(NULL, "b");
	char path[PATH_MAX + 16];
	uint32_t row;

	EXPECT_EQ(rig_attach(r, "cgroup_removed", "cgroup_rmdir"), 0);
	run(r, "drive_swap_out", memcg_of(r, &a), 1, 0);
	run(r, "drive_swap_out", memcg_of(r, &b), 1, 0);
	row = row_of(r, a.id);
	EXPECT_EQ(r->cgroups[row].removed, 0);
	group_remove(&a);
	EXPECT_EQ(r->cgroups[row].removed, 1);
	(void)snprintf(path, sizeof(path), "%s (deleted)", a.path);
	expect_path(r, row, path);
	EXPECT_EQ(r->cgroups[row_of(r, b.id)].removed, 0);
	expect_path(r, row_of(r, b.id), b.path);
	group_remove(&b);
	EXPECT_EQ(r->cgroups[row_of(r, b.id)].removed, 1);
	rig_close(r);
}

static int depth(const char *path)
{
	int n = 0;

	for (; *path; path++)
		n += *path == '/';
	return n;
}

/* As deep as a row has names for, and then one deeper. */
static void deep(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ 0 });
	struct group g[OOMN_CGROUP_DEPTH + 1];
	int before = check_failures(), n = 0;
	char path[PATH_MAX + 4];

	do {
		char name[8];

		(void)snprintf(name, sizeof(name), "d%d", n);
		g[n] = group_make(n ? &g[n - 1] : NULL, name);
	} while (depth(g[n++].path) <= OOMN_CGROUP_DEPTH && check_failures() == before);
	for (int i = n < 2 ? 0 : n - 2; i < n; i++) {
		bool is_cut = depth(g[i].path) > OOMN_CGROUP_DEPTH;
		uint32_t row;

		run(r, "drive_swap_out", memcg_of(r, &g[i]), 1, 0);
		row = row_of(r, g[i].id);
		EXPECT_EQ(r->cgroups[row].truncated, is_cut);
		(void)snprintf(path, sizeof(path), "%s%s", is_cut ? "..." : "",
			       is_cut ? strchr(g[i].path + 1, '/') : g[i].path);
		expect_path(r, row, path);
	}
	while (n-- > 0)
		group_remove(&g[n]);
	rig_close(r);
}

struct killer {
	struct rig *r;
	uint64_t victim;
};

static void kill_parent(void *ctx)
{
	const struct killer *killer = ctx;

	run(killer->r, "mark_victim", killer->victim, 0);
}

/* The victim's cgroup is told, not that of the task in which the OOM killer runs. */
static void victim_elsewhere(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .victim_has_task = true });
	struct group a = group_make(NULL, "a");
	struct killer killer = { .r = r, .victim = rig_own_task(r) };
	uint64_t id;

	rig_own_memcg(r, &id);
	group_run(&a, kill_parent, &killer);
	EXPECT_EQ(rig_read(r), 1);
	EXPECT_EQ(r->rec[0].hdr.pid, getpid());
	EXPECT_EQ(r->rec[0].hdr.cgroup_id, id);
	group_remove(&a);
	rig_close(r);
}

int main(void)
{
	static const struct check checks[] = {
		{ "two_owners", two_owners },
		{ "tasks_inside", tasks_inside },
		{ "removed", removed },
		{ "deep", deep },
		{ "victim_elsewhere", victim_elsewhere },
	};

	rig_pin(rig_cpu(0));
	return GROUP_CHECK_ALL(checks);
}
