// SPDX-License-Identifier: GPL-2.0-only
/* Real memory cgroups with tasks inside: who is named in a record, the totals, the path. */
#include "core/cgroups.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "common/clock.h"
#include "libcheck.h"
#include "libgroup.h"
#include "librig.h"
#include "record.h"
#include "tables.h"

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
	EXPECT_EQ(r->cgroups[row].removed_id, 0);
	group_remove(&a);
	EXPECT_EQ(r->cgroups[row].removed_id, a.id);
	(void)snprintf(path, sizeof(path), "%s (deleted)", a.path);
	expect_path(r, row, path);
	EXPECT_EQ(r->cgroups[row_of(r, b.id)].removed_id, 0);
	expect_path(r, row_of(r, b.id), b.path);
	group_remove(&b);
	EXPECT_EQ(r->cgroups[row_of(r, b.id)].removed_id, b.id);
	rig_close(r);
}

/* Deeper than one hit looks: the rest is found when it is looked after, and whole then. */
static void deep(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ 0 });
	struct group g[80];
	int n = sizeof(g) / sizeof(g[0]), last = n - 1;
	char path[CGROUP_PATH_MAX];

	for (int i = 0; i < n; i++)
		g[i] = group_make(i ? &g[i - 1] : NULL, "d");
	run(r, "drive_swap_out", memcg_of(r, &g[10]), 1, 0);
	expect_path(r, row_of(r, g[10].id), g[10].path);
	run(r, "drive_swap_out", memcg_of(r, &g[last]), 1, 0);
	EXPECT(!strncmp(cgroup_path(r->cgroups, row_of(r, g[last].id), path, sizeof(path)),
			".../d/d", 7));
	EXPECT(!cgroup_row_is_within(r->cgroups, row_of(r, g[last].id), g[0].id));
	for (int i = 0; i < 3; i++)
		rig_tend(r);
	for (int i = 0; i < n; i++) {
		expect_path(r, row_of(r, g[i].id), g[i].path);
		EXPECT(cgroup_row_is_within(r->cgroups, row_of(r, g[last].id), g[i].id));
		EXPECT_EQ(cgroup_row_is_within(r->cgroups, row_of(r, g[20].id), g[i].id), i <= 20);
	}
	while (n-- > 0)
		group_remove(&g[n]);
	rig_close(r);
}

/* Pages that stay with the cgroup of who wrote them. */
static void fill(void *ctx)
{
	char page[4096] = { 1 };

	for (int i = 0; i < 256; i++)
		EXPECT_EQ(write(*(int *)ctx, page, sizeof(page)), sizeof(page));
}

/*
 * Nobody told of the removal, and another cgroup has the name by now: it is not taken for that one.
 */
static void removed_before_it_was_seen(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ 0 });
	struct group old = group_make(NULL, "same"), new;
	int file = memfd_create("pages", MFD_CLOEXEC);
	char path[PATH_MAX + 16];
	uint64_t memcg;

	memcg = memcg_of(r, &old);
	group_run(&old, fill, &file);
	group_remove(&old);
	new = group_make(NULL, "same");
	run(r, "drive_swap_out", memcg, 1, 0);
	run(r, "drive_swap_out", memcg_of(r, &new), 1, 0);
	(void)snprintf(path, sizeof(path), "%s (deleted)", old.path);
	expect_path(r, row_of(r, old.id), path);
	expect_path(r, row_of(r, new.id), new.path);
	EXPECT(!cgroup_row_is_within(r->cgroups, row_of(r, old.id), new.id));
	EXPECT(!cgroup_row_is_within(r->cgroups, row_of(r, new.id), old.id));
	/* A removal that no tracepoint told is found later. */
	group_remove(&new);
	expect_path(r, row_of(r, new.id), new.path);
	rig_tend(r);
	expect_path(r, row_of(r, new.id), path);
	close(file);
	rig_close(r);
}

/* A row a directory, whoever comes first, and as long a name as there is. */
static void long_names(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ 0 });
	char name[NAME_MAX + 1];
	struct group top, a, b;

	memset(name, 'n', sizeof(name));
	name[NAME_MAX] = '\0';
	top = group_make(NULL, name);
	name[NAME_MAX - 1] = 'a';
	a = group_make(&top, name);
	name[NAME_MAX - 1] = 'b';
	b = group_make(&top, name);
	run(r, "drive_swap_out", memcg_of(r, &a), 1, 0);
	run(r, "drive_swap_out", memcg_of(r, &b), 1, 0);
	run(r, "drive_swap_out", memcg_of(r, &top), 1, 0);
	expect_path(r, row_of(r, a.id), a.path);
	expect_path(r, row_of(r, b.id), b.path);
	expect_path(r, row_of(r, top.id), top.path);
	EXPECT_EQ(r->cgroups[row_of(r, a.id)].parent, row_of(r, top.id));
	EXPECT_EQ(r->cgroups[row_of(r, b.id)].parent, row_of(r, top.id));
	group_remove(&a);
	group_remove(&b);
	group_remove(&top);
	rig_close(r);
}

/*
 * Version 1 only. The name is right when rows have been looked after, the link to the parent stays.
 */
static void renamed(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ 0 });
	struct group a = group_make(NULL, "a"), b = group_make(&a, "b");
	const char *file = strrchr(a.path, '/') + 1;
	char path[2 * PATH_MAX];

	run(r, "drive_swap_out", memcg_of(r, &b), 1, 0);
	if (group_rename(&a, "new")) {
		printf("    skip: cgroups cannot be renamed here\n");
	} else {
		rig_tend(r);
		(void)snprintf(path, sizeof(path), "%.*snew", (int)(file - a.path), a.path);
		expect_path(r, row_of(r, a.id), path);
		(void)snprintf(path, sizeof(path), "%.*snew/b", (int)(file - a.path), a.path);
		expect_path(r, row_of(r, b.id), path);
		EXPECT(!group_rename(&a, "a"));
	}
	group_remove(&b);
	group_remove(&a);
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
		{ "removed_before_it_was_seen", removed_before_it_was_seen },
		{ "long_names", long_names },
		{ "renamed", renamed },
		{ "victim_elsewhere", victim_elsewhere },
	};

	rig_pin(rig_cpu(0));
	return GROUP_CHECK_ALL(checks);
}
