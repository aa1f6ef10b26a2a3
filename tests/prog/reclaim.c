// SPDX-License-Identifier: GPL-2.0-only
/* A task's own reclaim: begin and end are paired, timed and scanned for; its cause follows it. */
#include <bpf/bpf.h>
#include <pthread.h>
#include <unistd.h>
#include "common/clock.h"
#include "libcheck.h"
#include "librig.h"
#include "record.h"
#include "tables.h"

#define LONG_GAP_NS (3600 * NS_PER_S)
#define GFP	    0x140ccaU

/* Is this thread in the table of those in reclaim? */
static bool in_table(const struct rig *r, struct oomn_reclaimer *entry)
{
	uint32_t tid = (uint32_t)gettid();

	return !bpf_map_lookup_elem(rig_map_fd(r, "reclaimers"), &tid, entry);
}

static void swap_out_has_cause(struct rig *r, enum oomn_cause cause)
{
	run(r, "drive_swap_out", 0, 1, 0);
	EXPECT_EQ(rig_read(r), 1);
	EXPECT_EQ(r->rec[0].hdr.cause, cause);
}

static struct oomn_alloc read_begin(struct rig *r, enum oomn_cause cause)
{
	EXPECT_EQ(rig_read(r), 1);
	EXPECT_EQ(r->rec[0].hdr.kind, OOMN_RECLAIM_BEGIN);
	EXPECT_EQ(r->rec[0].hdr.cause, cause);
	EXPECT_EQ(r->rec[0].hdr.pages, 0);
	EXPECT_EQ(r->rec[0].hdr.size, sizeof(struct oomn_alloc));
	EXPECT_EQ(r->rec[0].hdr.tid, gettid());
	return r->rec[0].alloc;
}

static struct oomn_reclaim_end read_end(struct rig *r, enum oomn_cause cause)
{
	EXPECT_EQ(rig_read(r), 1);
	EXPECT_EQ(r->rec[0].hdr.kind, OOMN_RECLAIM_END);
	EXPECT_EQ(r->rec[0].hdr.cause, cause);
	EXPECT_EQ(r->rec[0].hdr.size, sizeof(struct oomn_reclaim_end));
	EXPECT_EQ(r->rec[0].hdr.tid, gettid());
	return r->rec[0].reclaim_end;
}

static void expect_entry(struct rig *r, const struct oomn_alloc *begin)
{
	struct oomn_reclaimer entry = { 0 };

	EXPECT(in_table(r, &entry));
	EXPECT_EQ(entry.task, rig_own_task(r));
	EXPECT_EQ(entry.cause, OOMN_CAUSE_DIRECT);
	EXPECT_EQ(entry.cpu, rig_cpu(0));
	EXPECT_GE(entry.start_ns, begin->hdr.time_ns);
}

static void expect_stall(const struct rig *r, const struct oomn_reclaim_end *end)
{
	struct oomn_stall stall = rig_stall(r, OOMN_CAUSE_DIRECT);

	EXPECT_EQ(stall.count, 1);
	EXPECT_EQ(stall.sum_ns, end->duration_ns);
	EXPECT_EQ(stall.max_ns, end->duration_ns);
	EXPECT_EQ(r->cgroups[end->hdr.cgroup_row].stall_ns, end->duration_ns);
	for (int i = 0; i < OOMN_STALL_BUCKETS; i++) {
		uint64_t from_ns = i ? 1ULL << (i + OOMN_STALL_SHIFT - 1) : 0;
		bool is_in = end->duration_ns >= from_ns &&
			     end->duration_ns < 1ULL << (i + OOMN_STALL_SHIFT);

		EXPECT_EQ(stall.bucket[i], is_in);
	}
}

static void direct_pair(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .psi_on = true });
	struct oomn_reclaimer entry;
	struct oomn_reclaim_end end;
	struct oomn_alloc begin;
	uint64_t id;

	rig_own_memcg(r, &id);
	run(r, "direct_begin", 3, GFP);
	begin = read_begin(r, OOMN_CAUSE_DIRECT);
	EXPECT_EQ(begin.order, 3);
	EXPECT_EQ(begin.gfp, GFP);
	EXPECT_EQ(begin.hdr.node, -1);
	EXPECT_EQ(begin.hdr.cgroup_id, id);
	expect_entry(r, &begin);
	swap_out_has_cause(r, OOMN_CAUSE_DIRECT);
	rig_sleep_ns(20 * NS_PER_MS);
	run(r, "direct_end", 17);
	end = read_end(r, OOMN_CAUSE_DIRECT);
	EXPECT_GE(end.duration_ns, 20 * NS_PER_MS);
	EXPECT_LE(end.duration_ns, end.hdr.time_ns - begin.hdr.time_ns);
	EXPECT_EQ(end.stall_ns, end.duration_ns);
	EXPECT_EQ(end.reclaimed_pages, 17);
	EXPECT_EQ(end.hdr.pages, 17);
	EXPECT_EQ(end.order, 3);
	EXPECT_EQ(end.gfp, GFP);
	EXPECT_EQ(end.hdr.flags, 0);
	EXPECT_EQ(end.hdr.cgroup_id, id);
	expect_stall(r, &end);
	EXPECT(!in_table(r, &entry));
	swap_out_has_cause(r, OOMN_CAUSE_PROACTIVE);
	rig_close(r);
}

static void node_pair(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .begin_gfp_first = true });
	struct oomn_reclaim_end end;
	struct oomn_alloc begin;

	/* Its arguments are (nid, order, gfp) on every kernel. */
	run(r, "node_begin", 5, 2, GFP);
	begin = read_begin(r, OOMN_CAUSE_NODE);
	EXPECT_EQ(begin.hdr.node, 5);
	EXPECT_EQ(begin.order, 2);
	EXPECT_EQ(begin.gfp, GFP);
	swap_out_has_cause(r, OOMN_CAUSE_NODE);
	run(r, "node_end", 1);
	end = read_end(r, OOMN_CAUSE_NODE);
	EXPECT_EQ(end.hdr.node, 5);
	EXPECT_EQ(end.order, 2);
	EXPECT_EQ(rig_stall(r, OOMN_CAUSE_NODE).count, 1);
	rig_close(r);
}

/* A task that PSI does not call stalled was asked to reclaim; without PSI there is no telling. */
static void memcg_or_proactive(void)
{
	for (int psi_on = 0; psi_on <= 1; psi_on++) {
		enum oomn_cause cause = psi_on ? OOMN_CAUSE_PROACTIVE : OOMN_CAUSE_MEMCG;
		struct rig *r = rig_open(&(struct rig_opts){ .psi_on = psi_on });

		run(r, "memcg_begin", 0, GFP);
		EXPECT_EQ(read_begin(r, cause).gfp, GFP);
		swap_out_has_cause(r, cause);
		run(r, "memcg_end", 4);
		EXPECT_EQ(read_end(r, cause).reclaimed_pages, 4);
		EXPECT_EQ(rig_stall(r, cause).count, 1);
		/* Its begin unseen, the end says the same. */
		run(r, "memcg_end", 4);
		EXPECT_EQ(read_end(r, cause).hdr.flags, OOMN_F_START_UNSEEN);
		rig_close(r);
	}
}

/* (gfp, order, memcg) and (nr_reclaimed, memcg): only a limit's reclaim is for that cgroup. */
static void arguments_since_7_1(void)
{
	struct rig *r =
		rig_open(&(struct rig_opts){ .begin_gfp_first = true, .end_has_memcg = true });
	struct rig_fake owner = rig_fake_memcg(r, 7, 4711);
	struct oomn_reclaim_end end;
	struct oomn_alloc begin;
	uint64_t id;

	rig_own_memcg(r, &id);
	run(r, "memcg_begin", GFP, 3, owner.memcg);
	begin = read_begin(r, OOMN_CAUSE_MEMCG);
	EXPECT_EQ(begin.gfp, GFP);
	EXPECT_EQ(begin.order, 3);
	EXPECT_EQ(begin.hdr.cgroup_id, 4711);
	run(r, "memcg_end", 9, owner.memcg);
	end = read_end(r, OOMN_CAUSE_MEMCG);
	EXPECT_EQ(end.hdr.cgroup_id, 4711);
	EXPECT_EQ(end.gfp, GFP);
	EXPECT_EQ(end.order, 3);
	run(r, "direct_begin", GFP, 2, owner.memcg);
	begin = read_begin(r, OOMN_CAUSE_DIRECT);
	EXPECT_EQ(begin.gfp, GFP);
	EXPECT_EQ(begin.order, 2);
	EXPECT_EQ(begin.hdr.cgroup_id, id);
	run(r, "direct_end", 9, owner.memcg);
	EXPECT_EQ(read_end(r, OOMN_CAUSE_DIRECT).hdr.cgroup_id, id);
	rig_close(r);
}

static void end_unseen(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ 0 });
	struct oomn_reclaimer entry;
	struct oomn_reclaim_end end;
	struct oomn_alloc begin;

	run(r, "direct_begin", 3, GFP);
	rig_read(r);
	run(r, "direct_begin", 2, GFP); /* the end in between was lost */
	begin = read_begin(r, OOMN_CAUSE_DIRECT);
	EXPECT_EQ(begin.order, 2);
	EXPECT_EQ(r->cpus[rig_cpu(0)].unended, 1);
	EXPECT_EQ(r->cpus[rig_cpu(0)].untracked, 0);
	run(r, "direct_end", 1);
	end = read_end(r, OOMN_CAUSE_DIRECT);
	EXPECT_EQ(end.hdr.flags, 0);
	EXPECT_EQ(end.order, 2);
	EXPECT_LE(end.duration_ns, end.hdr.time_ns - begin.hdr.time_ns); /* the second alone */
	EXPECT(!in_table(r, &entry));
	EXPECT_EQ(rig_stall(r, OOMN_CAUSE_DIRECT).count, 1);
	rig_close(r);
}

static void begin_unseen(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ 0 });
	struct oomn_reclaim_end end;

	run(r, "direct_end", 6);
	end = read_end(r, OOMN_CAUSE_DIRECT);
	EXPECT_EQ(end.hdr.flags, OOMN_F_START_UNSEEN);
	EXPECT_EQ(end.hdr.node, -1);
	EXPECT_EQ(end.duration_ns, 0);
	EXPECT_EQ(end.stall_ns, 0);
	EXPECT_EQ(end.reclaimed_pages, 6);
	EXPECT_EQ(rig_stall(r, OOMN_CAUSE_DIRECT).count, 0);
	/* The flag goes with its record. */
	run(r, "direct_begin", 0, GFP);
	rig_read(r);
	run(r, "direct_end", 1);
	EXPECT_EQ(read_end(r, OOMN_CAUSE_DIRECT).hdr.flags, 0);
	rig_close(r);
}

static void *begin_elsewhere(void *arg)
{
	run((struct rig *)arg, "direct_begin", 1, GFP);
	return NULL;
}

static void table_full(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .reclaimers = 1 });
	struct oomn_reclaimer entry;
	pthread_t thread;

	EXPECT_EQ(pthread_create(&thread, NULL, begin_elsewhere, r), 0);
	EXPECT_EQ(pthread_join(thread, NULL), 0);
	EXPECT_EQ(rig_read(r), 1);
	run(r, "direct_begin", 2, GFP);
	read_begin(r, OOMN_CAUSE_DIRECT);
	EXPECT(!in_table(r, &entry));
	EXPECT_EQ(r->cpus[rig_cpu(0)].untracked, 1);
	EXPECT_EQ(r->cpus[rig_cpu(0)].unended, 0);
	run(r, "direct_end", 8);
	EXPECT_EQ(read_end(r, OOMN_CAUSE_DIRECT).hdr.flags, OOMN_F_START_UNSEEN);
	swap_out_has_cause(r, OOMN_CAUSE_PROACTIVE);
	rig_close(r);
}

/* Makes the reclaim that this thread is in older than it is, so that no test need sleep for it. */
static void age(const struct rig *r, uint64_t ns)
{
	struct oomn_reclaimer entry;
	uint32_t tid = (uint32_t)gettid();

	EXPECT(in_table(r, &entry));
	entry.start_ns = now_ns() - ns;
	EXPECT_EQ(bpf_map_update_elem(rig_map_fd(r, "reclaimers"), &tid, &entry, BPF_EXIST), 0);
}

#define FIRST_BUCKET 19 /* from 268 ms */

static void histogram(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ 0 });
	struct oomn_stall stall;
	uint64_t max_ns = 0;

	/*
	 * The middle of each bucket that is wide enough not to be missed, and one above them all.
	 */
	for (int i = FIRST_BUCKET; i <= OOMN_STALL_BUCKETS; i++) {
		run(r, "direct_begin", 0, GFP);
		age(r, 3ULL << (i + OOMN_STALL_SHIFT - 2));
		run(r, "direct_end", 0);
		rig_read(r);
		max_ns = r->rec[r->nr_rec - 1].reclaim_end.duration_ns;
	}
	stall = rig_stall(r, OOMN_CAUSE_DIRECT);
	for (int i = 0; i < OOMN_STALL_BUCKETS - 1; i++)
		EXPECT_EQ(stall.bucket[i], i >= FIRST_BUCKET);
	EXPECT_EQ(stall.bucket[OOMN_STALL_BUCKETS - 1], 2);
	EXPECT_EQ(stall.max_ns, max_ns);
	EXPECT_EQ(stall.count, OOMN_STALL_BUCKETS + 1 - FIRST_BUCKET);
	EXPECT_EQ(rig_stall(r, OOMN_CAUSE_MEMCG).count, 0);
	rig_close(r);
}

static void scanned_pages(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ 0 });
	struct oomn_reclaim_end end;

	run(r, "direct_begin", 0, GFP);
	run(r, "shrink_inactive", 0, 100, 40);
	run(r, "shrink_inactive", 0, 32, 5);
	rig_read(r);
	run(r, "direct_end", 45);
	end = read_end(r, OOMN_CAUSE_DIRECT);
	EXPECT_EQ(end.scanned_pages, 132);
	EXPECT_EQ(end.freed_pages, 45);
	EXPECT_EQ(rig_scan(r, OOMN_CAUSE_DIRECT).scanned_pages, 132);
	EXPECT_EQ(rig_scan(r, OOMN_CAUSE_DIRECT).freed_pages, 45);
	/* The next one starts from nothing, and what is nobody's reclaim is apart. */
	run(r, "shrink_inactive", 0, 8, 1);
	run(r, "direct_begin", 0, GFP);
	rig_read(r);
	run(r, "direct_end", 0);
	EXPECT_EQ(read_end(r, OOMN_CAUSE_DIRECT).scanned_pages, 0);
	EXPECT_EQ(rig_scan(r, OOMN_CAUSE_PROACTIVE).scanned_pages, 8);
	EXPECT_EQ(rig_scan(r, OOMN_CAUSE_PROACTIVE).freed_pages, 1);
	EXPECT_EQ(rig_scan(r, OOMN_CAUSE_DIRECT).scanned_pages, 132);
	/* File pages that were neither freed nor kept for their use are locked. */
	run(r, "shrink_inactive", 0, 100, 40, 0, 0, FILE_PAGES);
	EXPECT_EQ(rig_scan(r, OOMN_CAUSE_PROACTIVE).scanned_pages, 48);
	EXPECT_EQ(rig_scan(r, OOMN_CAUSE_PROACTIVE).freed_pages, 41);
	rig_close(r);
}

/* A record of many ends has the sums of all, whether it knew their begin or not. */
static void ends_coalesced(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .gap_ns = LONG_GAP_NS });
	const struct oomn_reclaim_end *end = &r->rec[0].reclaim_end;
	uint64_t total_ns, first_ns, id;

	rig_own_memcg(r, &id);
	for (unsigned int i = 1; i <= 4; i++) {
		run(r, "direct_begin", i, GFP);
		age(r, i * NS_PER_S);
		run(r, "shrink_inactive", 0, 10 * i, i);
		run(r, "direct_end", i);
	}
	EXPECT_EQ(rig_read(r), 2); /* the first begin and end */
	EXPECT_EQ(r->rec[1].reclaim_end.scanned_pages, 10);
	first_ns = r->rec[1].reclaim_end.stall_ns;
	rig_flush_all(r);
	EXPECT_EQ(rig_read(r), 2);
	if (r->rec[0].hdr.kind != OOMN_RECLAIM_END)
		end = &r->rec[1].reclaim_end;
	total_ns = rig_stall(r, OOMN_CAUSE_DIRECT).sum_ns;
	EXPECT_EQ(end->hdr.kind, OOMN_RECLAIM_END);
	EXPECT_EQ(end->hdr.hits, 3);
	EXPECT_EQ(end->hdr.pages, 2 + 3 + 4);
	EXPECT_EQ(end->scanned_pages, 20 + 30 + 40);
	EXPECT_EQ(end->freed_pages, 2 + 3 + 4);
	EXPECT_EQ(end->stall_ns, total_ns - first_ns);
	EXPECT_GE(end->stall_ns, 9 * NS_PER_S);
	EXPECT_EQ(end->order, 2); /* the oldest that waited */
	EXPECT_EQ(end->reclaimed_pages, 2);
	EXPECT_GE(end->duration_ns, 2 * NS_PER_S);
	EXPECT_LE(end->duration_ns, 3 * NS_PER_S);
	EXPECT_EQ(r->cgroups[end->hdr.cgroup_row].stall_ns, total_ns);
	EXPECT_EQ(r->cgroups[end->hdr.cgroup_row].id, id);
	rig_close(r);
}

int main(void)
{
	static const struct check checks[] = {
		{ "direct_pair", direct_pair },
		{ "node_pair", node_pair },
		{ "memcg_or_proactive", memcg_or_proactive },
		{ "arguments_since_7_1", arguments_since_7_1 },
		{ "end_unseen", end_unseen },
		{ "begin_unseen", begin_unseen },
		{ "table_full", table_full },
		{ "histogram", histogram },
		{ "scanned_pages", scanned_pages },
		{ "ends_coalesced", ends_coalesced },
	};

	rig_pin(rig_cpu(0));
	return CHECK_ALL(checks);
}
