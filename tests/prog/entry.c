// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the entry programs make of their tracepoints' arguments: kswapd, throttling, scanning,
 * swap-out.
 */
#include <string.h>
#include <unistd.h>
#include "common/clock.h"
#include "libcheck.h"
#include "librig.h"
#include "record.h"
#include "tables.h"

#define LONG_GAP_NS (3600 * NS_PER_S)
#define GFP	    0x140ccaU

enum lru { INACTIVE_ANON, ACTIVE_ANON, INACTIVE_FILE, ACTIVE_FILE };

static const struct oomn_alloc *read_alloc(struct rig *r, enum oomn_kind kind)
{
	EXPECT_EQ(rig_read(r), 1);
	EXPECT_EQ(r->rec[0].hdr.kind, kind);
	EXPECT_EQ(r->rec[0].hdr.cause, OOMN_CAUSE_KSWAPD);
	EXPECT_EQ(r->rec[0].hdr.pages, 0);
	EXPECT_EQ(r->rec[0].hdr.size, sizeof(struct oomn_alloc));
	EXPECT_EQ(r->rec[0].hdr.pid, getpid());
	return &r->rec[0].alloc;
}

/* wakeup_kswapd runs in the allocating task, and so knows whose allocation it is. */
static void kswapd(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ 0 });
	const struct oomn_alloc *rec;
	uint64_t id;

	rig_own_memcg(r, &id);
	EXPECT(id > 0);
	run(r, "wakeup_kswapd", 3, 1, 4, GFP);
	rec = read_alloc(r, OOMN_WAKEUP_KSWAPD);
	EXPECT_EQ(rec->hdr.node, 3);
	EXPECT_EQ(rec->order, 4);
	EXPECT_EQ(rec->gfp, GFP);
	EXPECT_EQ(rec->hdr.cgroup_id, id);
	EXPECT_EQ(r->cgroups[rec->hdr.cgroup_row].id, id);

	run(r, "kswapd_wake", 2, 1, 5);
	rec = read_alloc(r, OOMN_KSWAPD_WAKE);
	EXPECT_EQ(rec->hdr.node, 2);
	EXPECT_EQ(rec->order, 5);
	EXPECT_EQ(rec->gfp, 0);
	EXPECT_EQ(rec->hdr.cgroup_row, OOMN_CGROUP_NONE);
	EXPECT_EQ(rec->hdr.cgroup_id, 0);

	run(r, "kswapd_sleep", 1);
	rec = read_alloc(r, OOMN_KSWAPD_SLEEP);
	EXPECT_EQ(rec->hdr.node, 1);
	EXPECT_EQ(rec->order, 0);
	rig_close(r);
}

/* A record that stands for many keeps the particulars of the oldest that waits. */
static void oldest_waiting(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .gap_ns = LONG_GAP_NS });

	for (unsigned int order = 1; order <= 4; order++)
		run(r, "kswapd_wake", 10 + order, 0, order);
	EXPECT_EQ(rig_read(r), 1);
	EXPECT_EQ(r->rec[0].alloc.order, 1);
	EXPECT_EQ(r->rec[0].hdr.node, 11);
	rig_arm(r, false);
	rig_flush(r, rig_cpu(0));
	EXPECT_EQ(rig_read(r), 1);
	EXPECT_EQ(r->rec[0].hdr.hits, 3);
	EXPECT_EQ(r->rec[0].alloc.order, 2);
	EXPECT_EQ(r->rec[0].hdr.node, 12);
	rig_close(r);
}

static void throttled(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ 0 });
	const struct oomn_throttled *rec = &r->rec[0].throttled;
	uint64_t id;

	rig_own_memcg(r, &id);
	run(r, "throttled", 2, 100000, 4000, 3);
	EXPECT_EQ(rig_read(r), 1);
	EXPECT_EQ(rec->hdr.kind, OOMN_THROTTLED);
	EXPECT_EQ(rec->hdr.size, sizeof(*rec));
	EXPECT_EQ(rec->hdr.cause, OOMN_CAUSE_PROACTIVE);
	EXPECT_EQ(rec->hdr.node, 2);
	EXPECT_EQ(rec->hdr.cgroup_id, id);
	EXPECT_EQ(rec->timeout_us, 100000);
	EXPECT_EQ(rec->reason, 3);
	run(r, "direct_begin", 0, GFP);
	rig_read(r);
	run(r, "throttled", 0, 20000, 0, 1);
	EXPECT_EQ(rig_read(r), 1);
	EXPECT_EQ(rec->hdr.cause, OOMN_CAUSE_DIRECT);
	EXPECT_EQ(rec->hdr.node, 0);
	EXPECT_EQ(rec->timeout_us, 20000);
	EXPECT_EQ(rec->reason, 1);
	rig_close(r);
}

/* Both names of the tracepoint, whichever this kernel has: the argument is the same. */
static const char *const swap_progs[] = { "swap_write_folio", "swap_writepage" };
#define NR_SWAP_PROGS 2

static void expect_swap_out(struct rig *r, uint64_t folio, uint64_t pages, uint64_t shmem_pages)
{
	for (int i = 0; i < NR_SWAP_PROGS; i++) {
		run(r, swap_progs[i], folio);
		EXPECT_EQ(rig_read(r), 1);
		EXPECT_EQ(r->rec[0].hdr.kind, OOMN_SWAP_OUT);
		EXPECT_EQ(r->rec[0].hdr.cause, OOMN_CAUSE_PROACTIVE);
		EXPECT_EQ(r->rec[0].hdr.pages, pages);
		EXPECT_EQ(r->rec[0].swap_out.shmem_pages, shmem_pages);
	}
}

static void folios(bool probe)
{
	struct rig *r = rig_open(&(struct rig_opts){ .probe = probe });
	struct rig_fake owner = rig_fake_memcg(r, 7, 4711);

	expect_swap_out(r, rig_fake_folio(r, owner.memcg, 1, true, true), 1, 0);
	EXPECT_EQ(r->rec[0].hdr.cgroup_id, 4711);
	expect_swap_out(r, rig_fake_folio(r, owner.memcg, 16, true, true), 16, 0);
	expect_swap_out(r, rig_fake_folio(r, owner.memcg, 1, false, true), 1, 1);
	expect_swap_out(r, rig_fake_folio(r, owner.memcg, 512, false, true), 512, 512);
	EXPECT_EQ(r->rec[0].hdr.cgroup_id, 4711);
	expect_swap_out(r, rig_fake_folio(r, 0, 1, true, true), 1, 0);
	EXPECT_EQ(r->rec[0].hdr.cgroup_row, OOMN_CGROUP_NONE);
	rig_close(r);
}

/* Read by plain loads, if this kernel allows them, and by helpers: the same is told. */
static void folios_loaded(void)
{
	folios(false);
}

static void folios_probed(void)
{
	folios(true);
}

/* Before 6.16 reclaim wrote dirty file pages through the same tracepoint. */
static void file_page_is_no_swap_out(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ 0 });
	uint64_t folio = rig_fake_folio(r, 0, 1, false, false);

	for (int i = 0; i < NR_SWAP_PROGS; i++)
		run(r, swap_progs[i], folio);
	EXPECT_EQ(rig_read(r), 0);
	EXPECT_EQ(rig_count(r, OOMN_SWAP_OUT).hits, 0);
	rig_close(r);
}

/* What is passed over because of its zone is taken back before the kernel counts it as scanned. */
static void skipped_pages(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ 0 });

	run(r, "direct_begin", 0, GFP);
	run(r, "isolate", 0, 0, 32, 132, 100, 32, INACTIVE_ANON);
	EXPECT_EQ((int64_t)rig_scan(r, OOMN_CAUSE_DIRECT).scanned_pages, -100);
	run(r, "shrink_inactive", 0, 132, 7);
	run(r, "isolate", 0, 0, 32, 50032, 50000, 32, INACTIVE_FILE);
	run(r, "shrink_inactive", 0, 50032, 30, 0, 0, FILE_PAGES);
	EXPECT_EQ(rig_scan(r, OOMN_CAUSE_DIRECT).scanned_pages, 62);
	EXPECT_EQ(rig_scan(r, OOMN_CAUSE_DIRECT).freed_pages, 37);
	/* None of these is followed by a count. */
	run(r, "isolate", 0, 0, 32, 50000, 50000, 0, INACTIVE_ANON);
	run(r, "isolate", 0, 0, 32, 50032, 50000, 32, ACTIVE_FILE);
	run(r, "isolate", 0, 0, 32, 50032, 50000, 32, ACTIVE_ANON);
	EXPECT_EQ(rig_scan(r, OOMN_CAUSE_DIRECT).scanned_pages, 62);
	EXPECT_EQ(rig_read(r), 1); /* the begin */
	run(r, "direct_end", 37);
	EXPECT_EQ(rig_read(r), 1);
	EXPECT_EQ(r->rec[0].reclaim_end.scanned_pages, 62);
	rig_close(r);
}

/* Before 6.7 the list is named last, behind the mode. */
static void skipped_pages_with_mode(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .isolate_has_mode = true });

	run(r, "isolate", 0, 0, 32, 132, 100, 32, INACTIVE_ANON, ACTIVE_FILE);
	EXPECT_EQ(rig_scan(r, OOMN_CAUSE_PROACTIVE).scanned_pages, 0);
	run(r, "isolate", 0, 0, 32, 132, 100, 32, ACTIVE_FILE, INACTIVE_ANON);
	run(r, "shrink_inactive", 0, 132, 7);
	EXPECT_EQ(rig_scan(r, OOMN_CAUSE_PROACTIVE).scanned_pages, 32);
	rig_close(r);
}

int main(void)
{
	static const struct check checks[] = {
		{ "kswapd", kswapd },
		{ "oldest_waiting", oldest_waiting },
		{ "throttled", throttled },
		{ "skipped_pages", skipped_pages },
		{ "skipped_pages_with_mode", skipped_pages_with_mode },
		{ "folios_loaded", folios_loaded },
		{ "folios_probed", folios_probed },
		{ "file_page_is_no_swap_out", file_page_is_no_swap_out },
	};

	rig_pin(rig_cpu(0));
	return CHECK_ALL(checks);
}
