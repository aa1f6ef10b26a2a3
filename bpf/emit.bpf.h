/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way of a fact to user space. A report is:
 *
 *	if (!report_enter(&r, kind, pages)) return;	counts the hit
 *	report_gate(&r, cause, memcg, pages);		may it pass?
 *	if (r.gate != GATE_COUNTED) { fill r.cell->rec }
 *	report_leave(&r);				sends, if so
 *
 * The common case, a hit on a closed gate, is inline and writes only to memory of its own CPU.
 */
#ifndef OOMN_EMIT_BPF_H
#define OOMN_EMIT_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "cgroup.bpf.h"
#include "config.h"
#include "record.h"
#include "tables.h"

extern const volatile struct oomn_config cfg;

/* Set by the loader when it is ready to hear, cleared when it goes. */
extern volatile __u32 armed;

struct cpus_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* the loader makes it one a possible CPU */
	__type(key, __u32);
	__type(value, struct oomn_cpu);
};

extern struct cpus_map cpus SEC(".maps");

enum gate {
	GATE_COUNTED, /* closed: the hit was added to those that wait */
	GATE_FIRST,   /* closed, and the first to wait: its particulars are kept */
	GATE_OPEN,    /* the record leaves now, with the particulars of this hit */
};

struct report {
	struct oomn_cpu *c;
	struct oomn_cell *cell;
	enum oomn_kind kind;
	enum gate gate;
};

/* Takes over the cell for @key, sending what another gate left waiting there. */
__hidden void cell_claim(struct oomn_cpu *c, struct oomn_cell *cell, __u64 key, __u64 memcg);

/* A gate that its tick does not close. Returns an enum gate. */
__hidden int gate_pass(struct oomn_cell *cell);

/* Notes time and task of the current hit in the record. */
__hidden void cell_stamp(struct oomn_cell *cell);

/* Sends the cell's record and empties the cell. */
__hidden void cell_send(struct oomn_cpu *c, struct oomn_cell *cell, __u32 flags);

static __always_inline struct oomn_cpu *this_cpu(void)
{
	__u32 cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&cpus, &cpu);
}

static __always_inline bool report_enter(struct report *r, enum oomn_kind kind, __u64 pages)
{
	struct oomn_cpu *c;

	if (!armed)
		return false;
	c = this_cpu();
	if (!c)
		return false;
	if (c->busy) {
		__sync_fetch_and_add(&c->nested[kind], 1);
		/* Adding a constant 0, clang would make it an atomic OR, unknown before 5.12. */
		barrier_var(pages);
		__sync_fetch_and_add(&c->nested_pages[kind], pages);
		return false;
	}
	c->busy = 1;
	barrier();
	c->count[kind].hits++;
	c->count[kind].pages += pages;
	r->c = c;
	r->kind = kind;
	return true;
}

/* A css never shares its serial number with another, not even with one that comes later. */
static __always_inline __u64 cell_key(__u32 kind, __u32 cause, __u64 css_serial)
{
	return css_serial << 8 | 1U << 7 | cause << 4 | kind;
}

/* Fibonacci hashing: the top bits of the product with 2^64 divided by the golden ratio. */
static __always_inline __u32 cell_index(__u64 key)
{
	return key * 0x9E3779B97F4A7C15ULL >> 58;
}

static __always_inline void report_gate(struct report *r, enum oomn_cause cause,
					const struct mem_cgroup *memcg, __u64 pages)
{
	__u64 key = cell_key(r->kind, cause, memcg_serial(memcg));
	struct oomn_cell *cell = &r->c->cell[cell_index(key) % OOMN_NR_CELLS];
	__u64 hits;

	if (cell->key != key)
		cell_claim(r->c, cell, key, (__u64)memcg);
	r->cell = cell;
	r->c->waiting_hits++;
	cell->rec.hdr.pages += pages;
	hits = cell->rec.hdr.hits++;
	if (!cfg.gap_ticks || bpf_jiffies64() - cell->sent_jiffies >= cfg.gap_ticks)
		r->gate = gate_pass(cell);
	else
		r->gate = hits ? GATE_COUNTED : GATE_FIRST;
	if (r->gate != GATE_COUNTED)
		cell_stamp(cell);
}

static __always_inline void report_leave(struct report *r)
{
	if (r->gate == GATE_OPEN)
		cell_send(r->c, r->cell, 0);
	barrier();
	r->c->busy = 0;
}

#endif
