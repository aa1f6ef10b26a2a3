/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hits that were counted, told, wait and were dropped. The four are counted apart: hits by the BPF
 * side on entry, waiting in its gates, dropped by whoever drops, told by the sink's side on output.
 * That they add up is therefore a statement, not a definition.
 */
#ifndef OOMN_STATS_H
#define OOMN_STATS_H

#include <stdbool.h>
#include "common/hist.h"
#include "notice.h"
#include "record.h"
#include "tables.h"
#include "vmstat.h"

struct kind_stats {
	uint64_t hits;
	uint64_t told;
	uint64_t waiting;
	uint64_t dropped;
	uint64_t pages;
	uint64_t pages_told;
	uint64_t pages_waiting;
	uint64_t pages_dropped;
};

/* One cgroup's share, for the list of the largest. */
struct cgroup_stats {
	uint32_t row;
	uint64_t id;
	uint64_t swap_out_pages;
	uint64_t stalls;
	uint64_t stall_ns;
	uint64_t oom_kills;
};

struct stall_share {
	uint64_t count;
	uint64_t sum_ns;
};

#define STATS_TOP_CGROUPS 10
/* Behind them, if there is anything to tell: "other" and those whose rows were given back. */
#define STATS_MAX_CGROUPS (STATS_TOP_CGROUPS + 2)

struct stats {
	struct kind_stats kind[OOMN_NR_KINDS];
	struct hist latency;	 /* of records that left with their hit, fact to output */
	uint64_t trailing;	 /* records told that had waited in the gate instead */
	uint64_t bad_records;	 /* the ring held what decode refused */
	struct oomn_stall stall; /* direct, memcg and node together */
	struct stall_share stalls[OOMN_NR_CAUSES]; /* the same by cause */
	uint64_t in_reclaim;			   /* tasks that had not come back at the end */
	uint64_t unended;			   /* reclaims whose end was never seen */
	uint64_t untracked;	/* reclaims that found the table of reclaimers full */
	uint64_t missed_runs;	/* BPF programs that the kernel itself did not run */
	uint64_t unknown_kills; /* OOM kills of which nothing says whose memory ran out */
	uint64_t kills_again;	/* of who was dying already: the kernel counts them */
	struct vmstat vmstat;
	bool has_vmstat;
	struct cgroup_stats cgroup[STATS_MAX_CGROUPS];
	uint32_t nr_cgroups;
	uint64_t ready_ns;
	uint64_t max_rss_kb;
	uint64_t major_faults;
	struct loss lost; /* all in all */
	struct headroom_stats headroom;
	uint64_t headroom_told; /* edges */
	bool feeds;		/* the device, and so far: */
	uint64_t fed;
	uint64_t fed_failed;
};

/* A record has reached the output, @latency_ns after its fact. */
void stats_told(struct stats *s, const struct oomn_hdr *h, uint64_t latency_ns);

/* A record was read from the ring and then had to be dropped. */
void stats_dropped(struct stats *s, const struct oomn_hdr *h);

/* Does hits = told + waiting + dropped hold for @k, for hits and for pages? */
bool stats_adds_up(const struct kind_stats *k);

/*
 * Adds what the BPF side counted to @s: one call for each CPU's row, on a copy of @s that has only
 * what user space counted.
 */
void stats_add_cpu(struct stats *s, const struct oomn_cpu *c);

/*
 * Why the OOM kills that were counted are not as many as the kernel's own count says; NULL if they
 * are, or if it has none.
 */
const char *stats_kills_why(const struct stats *s);

/*
 * The kernel did not run a program that tells @kinds (1 << enum oomn_kind) on @runs hits: those are
 * hits, and dropped. For a kind with pages that makes its pages a lower bound.
 */
void stats_missed(struct stats *s, uint32_t kinds, uint64_t runs);

/* Hits, so far, of cgroups that found no row: told by their id, counted together. */
uint64_t stats_nameless_hits(const struct oomn_cgroup *rows);

/*
 * Finds the cgroups with the largest totals in @rows, and what stands for many others behind them.
 */
void stats_top_cgroups(struct stats *s, const struct oomn_cgroup *rows);

#endif
