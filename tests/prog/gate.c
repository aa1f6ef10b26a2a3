// SPDX-License-Identifier: GPL-2.0-only
/* The gate: the first hit leaves at once, a storm is counted, and what waits is flushed. */
#include <bpf/bpf.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "common/clock.h"
#include "libcheck.h"
#include "librig.h"
#include "record.h"
#include "tables.h"

#define GAP_NS	    (400 * NS_PER_MS) /* many hits fit in, and it can be waited for */
#define LONG_GAP_NS (3600 * NS_PER_S)

static void expect_own(const struct oomn_hdr *h)
{
	char comm[OOMN_COMM_LEN] = "";

	prctl(PR_GET_NAME, comm);
	EXPECT_EQ(h->pid, getpid());
	EXPECT_EQ(h->tid, gettid());
	EXPECT_STR(h->comm, comm);
	EXPECT_EQ(h->cpu, rig_cpu(0));
	EXPECT_EQ(h->node, -1);
}

static void swap_out(struct rig *r, uint64_t pages, uint64_t shmem_pages)
{
	run(r, "drive_swap_out", 0, pages, shmem_pages);
}

static void first_at_once(struct rig *r)
{
	uint64_t before_ns = now_ns();
	const struct oomn_hdr *h = &r->rec[0].hdr;

	swap_out(r, 3, 1);
	EXPECT_EQ(rig_read(r), 1);
	EXPECT_EQ(h->kind, OOMN_SWAP_OUT);
	EXPECT_EQ(h->cause, OOMN_CAUSE_PROACTIVE);
	EXPECT_EQ(h->size, sizeof(struct oomn_swap_out));
	EXPECT_EQ(h->flags, 0);
	EXPECT_EQ(h->hits, 1);
	EXPECT_EQ(h->pages, 3);
	EXPECT_EQ(r->rec[0].swap_out.shmem_pages, 1);
	EXPECT_EQ(h->held_ns, 0);
	EXPECT_EQ(h->cgroup_row, OOMN_CGROUP_NONE);
	EXPECT_GE(h->time_ns, before_ns);
	EXPECT_LE(h->time_ns, now_ns());
	expect_own(h);
}

/* Both ways of measuring the gap. */
static void storm(bool by_clock)
{
	struct rig *r = rig_open(&(struct rig_opts){ .gap_ns = GAP_NS, .gap_by_clock = by_clock });
	const struct oomn_hdr *h = &r->rec[0].hdr;
	uint64_t start_ns, waits_ns, again_ns;

	first_at_once(r);
	start_ns = now_ns();
	swap_out(r, 5, 0);
	waits_ns = now_ns();
	swap_out(r, 7, 2);
	swap_out(r, 11, 11);
	EXPECT_EQ(rig_read(r), 0);
	EXPECT_EQ(rig_waiting(r), 3);
	rig_sleep_ns(GAP_NS + GAP_NS / 4);
	EXPECT_EQ(rig_read(r), 0);
	again_ns = now_ns();
	swap_out(r, 13, 0);
	EXPECT_EQ(rig_read(r), 1);
	EXPECT_EQ(h->hits, 4);
	EXPECT_EQ(h->pages, 5 + 7 + 11 + 13);
	EXPECT_EQ(r->rec[0].swap_out.shmem_pages, 2 + 11);
	EXPECT_EQ(h->flags, 0);
	EXPECT_GE(h->time_ns, again_ns); /* the newest's */
	EXPECT_GE(h->held_ns, again_ns - waits_ns);
	EXPECT_LE(h->held_ns, now_ns() - start_ns); /* since the oldest */
	EXPECT_EQ(rig_waiting(r), 0);
	swap_out(r, 1, 0);
	EXPECT_EQ(rig_read(r), 0); /* closed again */
	EXPECT_EQ(rig_count(r, OOMN_SWAP_OUT).hits, 6);
	EXPECT_EQ(rig_count(r, OOMN_SWAP_OUT).pages, 3 + 5 + 7 + 11 + 13 + 1);
	rig_close(r);
}

static void storm_in_ticks(void)
{
	storm(false);
}

static void storm_by_clock(void)
{
	storm(true);
}

static void raw(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ 0 });

	for (uint64_t i = 1; i <= 50; i++)
		swap_out(r, i, 0);
	EXPECT_EQ(rig_read(r), 50);
	for (size_t i = 0; i < r->nr_rec; i++) {
		EXPECT_EQ(r->rec[i].hdr.hits, 1);
		EXPECT_EQ(r->rec[i].hdr.pages, i + 1);
		EXPECT_EQ(r->rec[i].hdr.held_ns, 0);
	}
	EXPECT_EQ(rig_waiting(r), 0);
	rig_close(r);
}

/* Each first hit leaves, whatever closed gates there are already. */
static void kinds_and_causes_apart(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .gap_ns = LONG_GAP_NS });

	for (unsigned int kind = 0; kind < OOMN_NR_KINDS; kind++) {
		for (unsigned int cause = 0; cause < OOMN_NR_CAUSES; cause++) {
			run(r, "drive_hit", kind, cause, 0, 2);
			EXPECT_EQ(rig_read(r), 1);
			EXPECT_EQ(r->rec[0].hdr.kind, kind);
			EXPECT_EQ(r->rec[0].hdr.cause, cause);
			EXPECT_EQ(r->rec[0].hdr.hits, 1);
			EXPECT_EQ(r->rec[0].hdr.pages, 2);
		}
		EXPECT_EQ(rig_count(r, kind).hits, OOMN_NR_CAUSES);
	}
	rig_close(r);
}

static void cpus_apart(void)
{
	struct rig *r;

	if (rig_cpu(1) < 0)
		return check_skip("needs two CPUs");
	r = rig_open(&(struct rig_opts){ .gap_ns = LONG_GAP_NS });
	for (int i = 0; i < 2; i++) {
		run_on(r, rig_cpu(i), "drive_hit", OOMN_SWAP_OUT, OOMN_CAUSE_DIRECT, 0, 4);
		run_on(r, rig_cpu(i), "drive_hit", OOMN_SWAP_OUT, OOMN_CAUSE_DIRECT, 0, 4);
		EXPECT_EQ(rig_read(r), 1);
		EXPECT_EQ(r->rec[0].hdr.cpu, rig_cpu(i));
		EXPECT_EQ(r->cpus[rig_cpu(i)].waiting_hits, 1);
	}
	rig_arm(r, false);
	for (int i = 0; i < 2; i++) {
		EXPECT_EQ(rig_flush(r, rig_cpu(i)), OOMN_FLUSH_DONE);
		EXPECT_EQ(rig_read(r), 1);
		EXPECT_EQ(r->rec[0].hdr.cpu, rig_cpu(i));
	}
	rig_close(r);
}

/*
 * What the flush sent, of the two hits between @start_ns and now; the first was over at @waits_ns.
 */
static void expect_trailing(struct rig *r, uint64_t start_ns, uint64_t waits_ns, uint64_t flush_ns)
{
	const struct oomn_hdr *h = &r->rec[0].hdr;

	EXPECT_EQ(rig_read(r), 1);
	EXPECT_EQ(h->flags, OOMN_F_TRAILING);
	EXPECT_EQ(h->hits, 2);
	EXPECT_EQ(h->pages, 6);
	EXPECT_EQ(r->rec[0].swap_out.shmem_pages, 5);
	EXPECT_GE(h->time_ns, start_ns); /* the oldest's */
	EXPECT_LE(h->time_ns, waits_ns);
	EXPECT_GE(h->held_ns, flush_ns - waits_ns);
	EXPECT_LE(h->time_ns + h->held_ns, now_ns());
}

static void flush_trailing(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .gap_ns = GAP_NS, .flush_ns = 2 * GAP_NS });
	uint64_t start_ns, waits_ns, flush_ns;

	swap_out(r, 1, 0);
	rig_read(r);
	EXPECT_EQ(rig_flush(r, rig_cpu(0)), OOMN_FLUSH_DONE); /* nothing waits */
	start_ns = now_ns();
	swap_out(r, 2, 1);
	waits_ns = now_ns();
	swap_out(r, 4, 4);
	rig_sleep_ns(GAP_NS + GAP_NS / 4);
	EXPECT_EQ(rig_flush(r, rig_cpu(0)),
		  OOMN_FLUSH_DONE); /* a hit may yet come and take them along */
	EXPECT_EQ(rig_read(r), 0);
	EXPECT_EQ(rig_waiting(r), 2);
	rig_sleep_ns(GAP_NS);
	flush_ns = now_ns();
	EXPECT_EQ(rig_flush(r, rig_cpu(0)), OOMN_FLUSH_DONE);
	expect_trailing(r, start_ns, waits_ns, flush_ns);
	EXPECT_EQ(rig_flush(r, rig_cpu(0)), OOMN_FLUSH_DONE);
	EXPECT_EQ(rig_read(r), 0);
	/* It closed the gate as a hit would have, and left nothing behind. */
	swap_out(r, 8, 0);
	EXPECT_EQ(rig_read(r), 0);
	rig_arm(r, false);
	EXPECT_EQ(rig_flush(r, rig_cpu(0)), OOMN_FLUSH_DONE);
	EXPECT_EQ(rig_read(r), 1);
	EXPECT_EQ(r->rec[0].hdr.pages, 8);
	EXPECT_EQ(r->rec[0].swap_out.shmem_pages, 0);
	rig_close(r);
}

/* Every gate's hits, once no more can come. */
static void flush_all_once_disarmed(void)
{
	struct rig *r =
		rig_open(&(struct rig_opts){ .gap_ns = LONG_GAP_NS, .flush_ns = LONG_GAP_NS });

	for (unsigned int i = 0; i < 9; i++)
		run(r, "drive_hit", i % 3, OOMN_CAUSE_DIRECT, 0, 1);
	EXPECT_EQ(rig_read(r), 3);
	EXPECT_EQ(rig_waiting(r), 6);
	EXPECT_EQ(rig_flush(r, rig_cpu(0)), OOMN_FLUSH_DONE);
	rig_arm(r, false);
	EXPECT_EQ(rig_flush(r, rig_cpu(0)), OOMN_FLUSH_DONE);
	EXPECT_EQ(rig_read(r), 3);
	for (size_t i = 0; i < r->nr_rec; i++) {
		EXPECT_EQ(r->rec[i].hdr.hits, 2);
		EXPECT_EQ(r->rec[i].hdr.flags, OOMN_F_TRAILING);
	}
	EXPECT_EQ(rig_waiting(r), 0);
	rig_close(r);
}

static bool is_zero(const void *p, size_t size)
{
	const unsigned char *byte = p;

	while (size && !*byte++)
		size--;
	return !size;
}

/* The gates that it is asked for, and not too many at once: interrupts are off meanwhile. */
static void flush_in_parts(void)
{
	struct rig *r =
		rig_open(&(struct rig_opts){ .gap_ns = LONG_GAP_NS, .flush_ns = LONG_GAP_NS });
	uint64_t gates, first = 0;
	size_t n;

	for (unsigned int i = 0; i < 2 * 5 * 5; i++)
		run(r, "drive_hit", i / 2 % 5, 1 + i / 10, 0, 1);
	rig_read(r);
	gates = r->cpus[rig_cpu(0)].waiting_gates;
	n = (size_t)__builtin_popcountll(gates);
	EXPECT_GE(n, OOMN_FLUSHED + 2);
	first = gates & -gates;
	rig_arm(r, false);
	EXPECT_EQ(run(r, "flush", first), OOMN_FLUSH_DONE);
	EXPECT_EQ(rig_read(r), 1);
	EXPECT_EQ(run(r, "flush", gates & ~first), OOMN_FLUSH_DONE);
	EXPECT_EQ(rig_read(r), OOMN_FLUSHED);
	EXPECT_EQ(run(r, "flush", first), OOMN_FLUSH_DONE);
	EXPECT_EQ(rig_read(r), 0);
	EXPECT_EQ(rig_flush(r, rig_cpu(0)), OOMN_FLUSH_DONE);
	EXPECT_EQ(rig_read(r), n - 1 - OOMN_FLUSHED);
	EXPECT_EQ(rig_waiting(r), 0);
	rig_close(r);
}

static void unarmed_counts_nothing(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .unarmed = true });
	static const char *const progs[] = { "wakeup_kswapd",	"kswapd_wake", "kswapd_sleep",
					     "direct_begin",	"memcg_begin", "node_begin",
					     "direct_end",	"mark_victim", "throttled",
					     "shrink_inactive", "isolate" };
	uint32_t key;
	uint64_t id;

	swap_out(r, 7, 0);
	for (size_t i = 0; i < sizeof(progs) / sizeof(progs[0]); i++)
		EXPECT_EQ(run(r, progs[i], 1, 2, 3, 4, 5, 6), 0);
	EXPECT_EQ(rig_read(r), 0);
	EXPECT(is_zero(&r->cpus[rig_cpu(0)], sizeof(r->cpus[0])));
	EXPECT(bpf_map_get_next_key(rig_map_fd(r, "reclaimers"), NULL, &key));
	EXPECT(bpf_map_get_next_key(rig_map_fd(r, "cgroup_rows"), NULL, &id));
	rig_close(r);
}

/* An interrupt's report in the middle of another is counted, and cannot be told. */
static void nested(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .gap_ns = LONG_GAP_NS });
	struct oomn_cpu *c = &r->cpus[rig_cpu(0)];

	swap_out(r, 1, 0);
	swap_out(r, 2, 0);
	rig_read(r);
	c->busy = 1;
	swap_out(r, 5, 0);
	swap_out(r, 6, 0);
	run(r, "wakeup_kswapd", 0, 0, 0, 0);
	rig_arm(r, false);
	EXPECT_EQ(rig_flush(r, rig_cpu(0)), OOMN_FLUSH_BUSY);
	rig_arm(r, true);
	EXPECT_EQ(c->busy, 1);
	c->busy = 0;
	EXPECT_EQ(rig_read(r), 0);
	EXPECT_EQ(c->nested[OOMN_SWAP_OUT], 2);
	EXPECT_EQ(c->nested_pages[OOMN_SWAP_OUT], 11);
	EXPECT_EQ(c->nested[OOMN_WAKEUP_KSWAPD], 1);
	EXPECT_EQ(c->nested_pages[OOMN_WAKEUP_KSWAPD], 0);
	EXPECT_EQ(c->count[OOMN_SWAP_OUT].hits, 2);
	EXPECT_EQ(c->count[OOMN_SWAP_OUT].pages, 3);
	EXPECT_EQ(c->waiting_hits, 1);
	rig_arm(r, false);
	EXPECT_EQ(rig_flush(r, rig_cpu(0)), OOMN_FLUSH_DONE);
	EXPECT_EQ(c->busy, 0);
	rig_close(r);
}

/* Records may be many, wake-ups are at most one in their own gap. */
static void wakes_once_a_gap(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .wake_gap_ns = GAP_NS });

	run(r, "drive_hit", OOMN_SWAP_OUT, OOMN_CAUSE_DIRECT, 0, 1);
	EXPECT(rig_woken(r));
	EXPECT_EQ(r->nr_rec, 1);
	run(r, "drive_hit", OOMN_SWAP_OUT, OOMN_CAUSE_DIRECT, 0, 1);
	EXPECT(!rig_woken(r));
	EXPECT_EQ(r->nr_rec, 1); /* which a reader finds when it next looks */
	run(r, "drive_hit", OOMN_SWAP_OUT, OOMN_CAUSE_KSWAPD, 0, 1);
	EXPECT(rig_woken(r)); /* another cause does not wait for the first */
	rig_sleep_ns(GAP_NS);
	run(r, "drive_hit", OOMN_SWAP_OUT, OOMN_CAUSE_DIRECT, 0, 1);
	EXPECT(rig_woken(r));
	for (int i = 0; i < 2; i++) {
		run(r, "drive_hit", OOMN_OOM_KILL, OOMN_CAUSE_DIRECT, 0, 0);
		EXPECT(rig_woken(r)); /* never held back */
	}
	rig_close(r);
}

/*
 * Not one for each kind, either: once all are known, the first that opens wakes, and takes along
 * what waits for half a gap. What it took opens anew a whole gap later.
 */
static void wakes_once_for_all_kinds(void)
{
	const uint32_t kinds[] = { OOMN_RECLAIM_BEGIN, OOMN_SWAP_OUT, OOMN_RECLAIM_END };
	struct rig *r = rig_open(&(struct rig_opts){
		.gap_ns = GAP_NS, .gap_by_clock = true, .wake_gap_ns = GAP_NS / 2 });

	for (int i = 0; i < 3; i++) {
		run(r, "drive_hit", kinds[i], OOMN_CAUSE_MEMCG, 0, 1);
		EXPECT(rig_woken(r)); /* something new */
		run(r, "drive_hit", kinds[i], OOMN_CAUSE_MEMCG, 0, 1);
	}
	EXPECT_EQ(rig_read(r), 0);
	rig_sleep_ns(GAP_NS);
	run(r, "drive_hit", kinds[1], OOMN_CAUSE_MEMCG, 0, 1);
	EXPECT(rig_woken(r));
	EXPECT_EQ(r->nr_rec, 3);
	EXPECT_EQ(r->rec[0].hdr.kind, kinds[1]);
	EXPECT_EQ(r->rec[0].hdr.flags, 0);
	EXPECT_EQ(r->rec[0].hdr.hits, 2);
	for (int i = 1; i < 3; i++) {
		EXPECT(r->rec[i].hdr.kind != kinds[1]);
		EXPECT_EQ(r->rec[i].hdr.flags, OOMN_F_TRAILING);
		EXPECT_EQ(r->rec[i].hdr.hits, 1);
	}
	EXPECT_EQ(rig_waiting(r), 0);
	for (int i = 0; i < 3; i++)
		run(r, "drive_hit", kinds[i], OOMN_CAUSE_MEMCG, 0, 1);
	EXPECT(!rig_woken(r));
	EXPECT_EQ(rig_waiting(r), 3);
	rig_close(r);
}

int main(void)
{
	static const struct check checks[] = {
		{ "storm_in_ticks", storm_in_ticks },
		{ "storm_by_clock", storm_by_clock },
		{ "raw", raw },
		{ "kinds_and_causes_apart", kinds_and_causes_apart },
		{ "cpus_apart", cpus_apart },
		{ "flush_trailing", flush_trailing },
		{ "flush_all_once_disarmed", flush_all_once_disarmed },
		{ "flush_in_parts", flush_in_parts },
		{ "unarmed_counts_nothing", unarmed_counts_nothing },
		{ "nested", nested },
		{ "wakes_once_a_gap", wakes_once_a_gap },
		{ "wakes_once_for_all_kinds", wakes_once_for_all_kinds },
	};

	rig_pin(rig_cpu(0));
	return CHECK_ALL(checks);
}
