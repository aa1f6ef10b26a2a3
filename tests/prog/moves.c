// SPDX-License-Identifier: GPL-2.0-only
/* A task that changes its CPU within reclaim: its cause goes along, and stays nowhere behind. */
#include <bpf/bpf.h>
#include <errno.h>
#include <unistd.h>
#include "core/reclaimers.h"
#include "libcheck.h"
#include "librig.h"
#include "record.h"
#include "tables.h"

#define GFP 0x140ccaU

static void expect_cause(struct rig *r, enum oomn_cause cause)
{
	run(r, "drive_swap_out", 0, 1, 0);
	EXPECT_EQ(rig_read(r), 1);
	EXPECT_EQ(r->rec[0].hdr.cause, cause);
}

/* Whichever CPU it comes to later. */
static void expect_forgotten(struct rig *r)
{
	for (int i = 1; i >= 0; i--) {
		rig_pin(rig_cpu(i));
		expect_cause(r, OOMN_CAUSE_PROACTIVE);
	}
}

/* On the first CPU; NULL when there is no second. */
static struct rig *open_for_two(uint32_t reclaimers)
{
	if (rig_cpu(1) < 0) {
		check_skip("needs two CPUs");
		return NULL;
	}
	rig_pin(rig_cpu(0));
	return rig_open(&(struct rig_opts){ .reclaimers = reclaimers });
}

static void there_and_back(void)
{
	struct rig *r = open_for_two(0);

	if (!r)
		return;
	run(r, "direct_begin", 2, GFP);
	rig_read(r);
	expect_cause(r, OOMN_CAUSE_DIRECT);
	rig_pin(rig_cpu(1));
	expect_cause(r, OOMN_CAUSE_DIRECT);
	EXPECT_EQ(r->rec[0].hdr.cpu, rig_cpu(1));
	run(r, "shrink_inactive", 0, 50, 20);
	rig_pin(rig_cpu(0));
	run(r, "direct_end", 20);
	EXPECT_EQ(rig_read(r), 1);
	EXPECT_EQ(r->rec[0].hdr.cause, OOMN_CAUSE_DIRECT);
	EXPECT_EQ(r->rec[0].hdr.flags, 0);
	EXPECT_EQ(r->rec[0].reclaim_end.scanned_pages, 50);
	EXPECT_EQ(rig_scan(r, OOMN_CAUSE_DIRECT).scanned_pages, 50);
	expect_forgotten(r);
	rig_close(r);
}

static void ends_elsewhere(void)
{
	struct rig *r = open_for_two(0);

	if (!r)
		return;
	run(r, "direct_begin", 2, GFP);
	rig_pin(rig_cpu(1));
	run(r, "direct_end", 20);
	EXPECT_EQ(rig_read(r), 2);
	EXPECT_EQ(r->rec[1].hdr.flags, 0);
	EXPECT_EQ(r->rec[1].reclaim_end.order, 2);
	expect_forgotten(r);
	rig_close(r);
}

/* The end on the first CPU is lost, the task begins anew on the second. */
static void begins_again_elsewhere(void)
{
	struct rig *r = open_for_two(0);

	if (!r)
		return;
	run(r, "direct_begin", 2, GFP);
	rig_pin(rig_cpu(1));
	run(r, "memcg_begin", 0, GFP);
	rig_read(r);
	expect_cause(r, OOMN_CAUSE_MEMCG);
	rig_pin(rig_cpu(0));
	expect_cause(r, OOMN_CAUSE_MEMCG);
	run(r, "memcg_end", 1);
	rig_read(r);
	expect_forgotten(r);
	rig_close(r);
}

/* The table is full: the task's begin is noted by its CPU alone. */
static void untracked_ends_elsewhere(void)
{
	uint32_t other_tid = 1;
	struct oomn_reclaimer other = { .start_ns = 1, .cause = OOMN_CAUSE_DIRECT };
	struct rig *r = open_for_two(1);

	if (!r)
		return;
	EXPECT_EQ(bpf_map_update_elem(rig_map_fd(r, "reclaimers"), &other_tid, &other, BPF_ANY), 0);
	run(r, "direct_begin", 2, GFP);
	rig_pin(rig_cpu(1));
	run(r, "direct_end", 1);
	rig_read(r);
	expect_forgotten(r);
	rig_close(r);
}

/* An end that was lost, and no other begin: the table's entry is found stale and taken out. */
static void swept(void)
{
	struct rig *r = open_for_two(0);
	uint32_t tid = (uint32_t)gettid();
	struct oomn_reclaimer entry;

	if (!r)
		return;
	run(r, "direct_begin", 2, GFP);
	rig_read(r);
	EXPECT_EQ(bpf_map_lookup_elem(rig_map_fd(r, "reclaimers"), &tid, &entry), 0);
	EXPECT_EQ(reclaimers_sweep(rig_map_fd(r, "reclaimers"), rig_prog_fd(r, "still_reclaims"),
				   r->cpus, (int)r->nr_cpus, entry.start_ns),
		  0);
	EXPECT_EQ(reclaimers_sweep(rig_map_fd(r, "reclaimers"), rig_prog_fd(r, "still_reclaims"),
				   r->cpus, (int)r->nr_cpus, entry.start_ns + RECLAIMER_STALE_NS),
		  1);
	expect_forgotten(r);
	rig_close(r);
}

static uint64_t sweep(const struct rig *r)
{
	return reclaimers_sweep(rig_map_fd(r, "reclaimers"), rig_prog_fd(r, "still_reclaims"),
				r->cpus, (int)r->nr_cpus, now_ns());
}

#define PF_MEMALLOC 0x800U
#define NO_TID	    4194305U /* above any that /proc could have */

/*
 * Who is long in reclaim is asked for where it is, in the kernel: in /proc it may have another id,
 * or be hidden. An address that is another task's by now, or nobody's, shows that it is gone.
 */
static void swept_when_gone(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ 0 });
	struct oomn_reclaimer entry = { .start_ns = now_ns() - 2 * RECLAIMER_STALE_NS };
	const struct {
		uint32_t tid, flags;
		bool is_gone;
	} cases[] = {
		{ NO_TID, PF_MEMALLOC, false },
		{ NO_TID, 0, true },
		{ NO_TID + 1, PF_MEMALLOC, true },
	};
	uint32_t tid = NO_TID;
	int fd = rig_map_fd(r, "reclaimers");

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		entry.task = rig_fake_task(r, cases[i].tid, cases[i].flags);
		EXPECT_EQ(bpf_map_update_elem(fd, &tid, &entry, BPF_ANY), 0);
		r->cpus[0].reclaimer = tid;
		EXPECT_EQ(sweep(r), cases[i].is_gone);
		EXPECT_EQ(r->cpus[0].reclaimer, cases[i].is_gone ? 0 : tid);
		EXPECT_EQ(bpf_map_lookup_elem(fd, &tid, &entry), cases[i].is_gone ? -ENOENT : 0);
	}
	entry.task = 0x1000; /* nothing is there */
	EXPECT_EQ(bpf_map_update_elem(fd, &tid, &entry, BPF_ANY), 0);
	EXPECT_EQ(sweep(r), 1);
	/* What is not old yet is left alone. */
	entry.start_ns = now_ns();
	EXPECT_EQ(bpf_map_update_elem(fd, &tid, &entry, BPF_ANY), 0);
	EXPECT_EQ(sweep(r), 0);
	rig_close(r);
}

int main(void)
{
	static const struct check checks[] = {
		{ "there_and_back", there_and_back },
		{ "ends_elsewhere", ends_elsewhere },
		{ "begins_again_elsewhere", begins_again_elsewhere },
		{ "untracked_ends_elsewhere", untracked_ends_elsewhere },
		{ "swept", swept },
		{ "swept_when_gone", swept_when_gone },
	};

	return CHECK_ALL(checks);
}
