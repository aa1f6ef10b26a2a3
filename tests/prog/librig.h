/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the BPF programs stand on: the real object, loaded and attached to nothing,
 * whose programs a test runs one by one, and what they left in the ring and in the tables.
 */
#ifndef OOMN_LIBRIG_H
#define OOMN_LIBRIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "core/stats.h"
#include "record.h"
#include "tables.h"

/* All zero is `watch --raw` on a kernel without PSI. */
struct rig_opts {
	uint64_t gap_ns;
	bool gap_by_clock; /* as the loader does when the gap is too short to count ticks */
	uint64_t flush_ns;
	uint64_t wake_gap_ns;
	uint32_t ring_bytes;
	uint32_t reclaimers; /* room for so many */
	bool psi_on;
	bool begin_gfp_first;
	bool end_has_memcg;
	bool victim_has_task;
	bool isolate_has_mode;
	bool kills_signalled;
	bool unarmed;
	bool probe; /* read pointers by helpers, though this kernel allows loads */
	bool slots; /* reclaimers have slots, as where atomic instructions return a value */
};

struct drive; /* the skeleton, for librig.c alone */

struct rig {
	struct drive *skel;
	struct ring_buffer *ring;
	struct bpf_link *link; /* of rig_attach() */
	struct oomn_cpu *cpus; /* the programs' own, and writable */
	struct oomn_cgroup *cgroups;
	struct oomn_reclaimer *slots;
	uint32_t nr_cpus;
	union oomn_record *rec; /* what rig_read() read last, the oldest first */
	size_t nr_rec;
	struct stats told; /* all records ever read */
};

/* Ends the program when the object cannot be loaded: nothing can be tested then. */
struct rig *rig_open(const struct rig_opts *opts);
/* Checks that what was counted is told, waits or was dropped, then frees. */
void rig_close(struct rig *r);
void rig_arm(struct rig *r, bool on);
/* How many rows of the table of cgroups were ever taken. */
uint64_t rig_rows_taken(const struct rig *r);
/* What the loader does now and then: rows that are given up come free, names are made right. */
void rig_tend(struct rig *r);
/* Disarms, and makes all that waits on this CPU into records. */
int rig_flush(struct rig *r, int cpu);
void rig_flush_all(struct rig *r);

#define RIG_ARGS 12 /* as many as a raw tracepoint may have */
#define RIG_HERE (-1)

/* Runs @prog on @cpu or RIG_HERE. What it returned, or negative errno. */
int rig_run(struct rig *r, const char *prog, int cpu, const uint64_t args[RIG_ARGS]);

/* The last argument of "shrink_inactive". */
enum { ANON_PAGES, FILE_PAGES };

/* run(r, "kswapd_wake", node, zone, order): here, with a tracepoint's arguments. */
#define run(r, prog, ...)	  run_on(r, RIG_HERE, prog, __VA_ARGS__)
#define run_on(r, cpu, prog, ...) rig_run(r, prog, cpu, (const uint64_t[RIG_ARGS]){ __VA_ARGS__ })

/* Reads the ring into r->rec. How many records that were. */
size_t rig_read(struct rig *r);
/* Has the reader been woken since the last call? Reads the ring. */
bool rig_woken(struct rig *r);

/* Sums over all CPUs. */
uint64_t rig_waiting(const struct rig *r);
struct oomn_count rig_count(const struct rig *r, enum oomn_kind kind);
struct oomn_stall rig_stall(const struct rig *r, enum oomn_cause cause);
/* Victims that were killed once more. */
uint64_t rig_kills_again(const struct rig *r);
struct oomn_scan rig_scan(const struct rig *r, enum oomn_cause cause);

/* What stands beside the table of limits (limit.h). */
struct oomn_limits_shared;
volatile struct oomn_limits_shared *rig_limits(struct rig *r);

int rig_prog_fd(const struct rig *r, const char *prog);
int rig_map_fd(const struct rig *r, const char *map);
/* Attaches @prog to the raw tracepoint @tp until rig_close(): 0 or negative errno. */
int rig_attach(struct rig *r, const char *prog, const char *tp);

/* Addresses in the kernel, as tracepoints pass them. */
uint64_t rig_own_task(struct rig *r);
uint64_t rig_own_memcg(struct rig *r, uint64_t *id);
/* ... of the process that asked last, a child perhaps. */
uint64_t rig_seen_memcg(const struct rig *r, uint64_t *id);
uint64_t rig_idle_task(struct rig *r);

/* A task that does not exist. There is one only: the next call changes it. */
uint64_t rig_fake_task(struct rig *r, uint32_t tid, uint32_t flags);

struct rig_fake {
	uint64_t memcg;
	uint64_t cgroup;
};

/* A memory cgroup that does not exist. There is one only: the next call changes it. */
struct rig_fake rig_fake_memcg(struct rig *r, uint64_t serial, uint64_t id);
/* As the above, a folio. */
uint64_t rig_fake_folio(struct rig *r, uint64_t memcg, uint64_t pages, bool is_anon,
			bool is_swap_backed);

/* The @i-th CPU that this process was allowed when it started, or -1. */
int rig_cpu(int i);
/* This thread runs there and nowhere else. */
void rig_pin(int cpu);
void rig_sleep_ns(uint64_t ns);

#endif
