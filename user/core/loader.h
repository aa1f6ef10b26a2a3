/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The BPF side as user space sees it: load, attach, read the ring, read the counters. Nothing else
 * in user/ knows the skeleton.
 */
#ifndef OOMN_LOADER_H
#define OOMN_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include "stats.h"
#include "tables.h"

struct loader;
struct limits;
struct rows;

/*
 * No memory cgroup grows faster, in bytes per ns (GB/s): twice the 4 GB/s at which one processor
 * can clear pages.
 */
#define LOADER_GROWTH_BYTES_NS 8

struct loader_opts {
	uint64_t gap_ns;      /* coalescing gap; 0: every hit is a record */
	uint64_t wake_gap_ns; /* at most one forced wake-up in it for each kind and cause */
	uint64_t ring_bytes;  /* a power of two, at least a page */
};

/* Called with each record's bytes as they are in the ring. */
typedef void (*loader_record_fn)(void *ctx, const void *data, size_t size);

/*
 * Opens, loads and attaches what this kernel has; nothing is counted until loader_arm(). NULL with
 * errno on failure, and one line logged that says why and what to do.
 */
struct loader *loader_open(const struct loader_opts *opts, loader_record_fn fn, void *ctx);

/* Detaches and frees; NULL is fine. */
void loader_free(struct loader *l);

/* From here on, or no longer, hits are counted. */
void loader_arm(struct loader *l, bool on);

/* Readable when the ring has something that is worth waking up for. */
int loader_fd(const struct loader *l);

/* Hands every record in the ring to the callback. Number of records, or negative errno. */
int loader_consume(struct loader *l);

/* Hits waiting in gates. */
uint64_t loader_waiting(const struct loader *l);

/*
 * Makes waiting hits into records where no further hit did so within one and a half gaps (all of
 * them once disarmed). Returns whether any still wait and may be sent later: not those on a CPU
 * that is offline.
 */
bool loader_flush(struct loader *l);

/* The cgroups that the BPF side looks at; never NULL. */
struct limits *loader_limits(struct loader *l);

/* The machine's scanning so far: kswapd, direct and node reclaim. */
struct oomn_scan loader_scan(const struct loader *l);

/* The rows of all CPUs, with what each counts and keeps waiting; their number in @nr_cpus. */
const struct oomn_cpu *loader_cpus(const struct loader *l, int *nr_cpus);

/* Hits that found the ring full, so far. */
uint64_t loader_ring_drops(const struct loader *l);

/* Adds to @s what the BPF side counted. */
void loader_stats(const struct loader *l, struct stats *s);

/* Drops entries of tasks that left reclaim unseen; call now and then. Returns how many. */
uint64_t loader_sweep(struct loader *l, uint64_t now_ns);

/*
 * Looks after some rows of the table of cgroups, the next time after the next ones; call now and
 * then.
 */
void loader_refresh(struct loader *l);

/*
 * Gives rows of removed cgroups back when the table gets full, in several calls: after each time
 * the ring was emptied, and now and then. Calls hold(), which is to rows_hold() the rows of all
 * records that were handed over and are still kept.
 */
void loader_recycle(struct loader *l, uint64_t now_ns, void (*hold)(void *ctx, struct rows *rows),
		    void *ctx);

/* The table of cgroups, OOMN_NR_CGROUPS rows. */
const struct oomn_cgroup *loader_cgroups(const struct loader *l);

#endif
