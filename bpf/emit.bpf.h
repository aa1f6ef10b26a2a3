/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way of a fact to user space. A report is:
 *
 *	if (!report_enter(&r, kind, pages)) return;	counts the hit
 *	report_gate(&r, cause, owner, pages);		may it pass?
 *	if (r.verdict != GATE_COUNTED) { fill r.gate->rec }
 *	report_leave(&r);				sends, if so
 *
 * The common case, a hit on a closed gate, is inline and writes only to memory of its own CPU.
 */
#ifndef OOMN_EMIT_BPF_H
#define OOMN_EMIT_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "config.h"
#include "owner.bpf.h"
#include "record.h"
#include "tables.h"

struct cpus_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* the loader makes it one a possible CPU */
	__type(key, __u32);
	__type(value, struct oomn_cpu);
};

extern struct cpus_map cpus SEC(".maps");

enum gate_verdict {
	GATE_COUNTED, /* closed: the hit was added to those that wait */
	GATE_FIRST,   /* closed, and the first to wait: its particulars are kept */
	GATE_OPEN,    /* the record leaves now, with the particulars of this hit */
};

struct report {
	struct oomn_cpu *c;
	struct oomn_gate *gate;
	__u32 i; /* its number */
	enum oomn_kind kind;
	enum gate_verdict verdict;
};

/*
 * Out of line, and verified by themselves instead of on each way through a report (without
 * __hidden, with numbers alone as arguments, as 5.10 wants it). The gate is this CPU's number @i.
 */

/* Takes it over for @key, sending what another key left waiting there. @at as in struct owner. */
int gate_claim(__u32 i, __u64 key, __u64 at);

/* Judges a hit that its tick does not keep in. Returns an enum gate_verdict. */
int gate_pass(__u32 i);

/* Notes time and task of the current hit in the record. */
int gate_stamp(__u32 i);

/* Sends the record and empties the gate; wakes the reader if that is due. */
int gate_open(__u32 i);

static __always_inline struct oomn_cpu *this_cpu(void)
{
	__u32 cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&cpus, &cpu);
}

static __always_inline bool report_enter(struct report *r, enum oomn_kind kind, __u64 pages)
{
	struct oomn_cpu *c;

	c = this_cpu();
	if (!c || !c->armed)
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
static __always_inline __u64 gate_key(__u32 kind, __u32 cause, __u64 css_serial)
{
	return css_serial << 8 | 1U << 7 | cause << 4 | kind;
}

/* Fibonacci hashing: the top bits of the product with 2^64 divided by the golden ratio. */
static __always_inline __u32 gate_index(__u64 key)
{
	return key * 0x9E3779B97F4A7C15ULL >> 58;
}

static __always_inline void report_gate(struct report *r, enum oomn_cause cause, struct owner owner,
					__u64 pages)
{
	__u64 key = gate_key(r->kind, cause, owner.serial);
	__u32 i = gate_index(key) % OOMN_NR_GATES;
	struct oomn_gate *gate = &r->c->gate[i];
	__u64 hits;

	if (gate->key != key)
		gate_claim(i, key, owner.at);
	r->gate = gate;
	r->i = i;
	r->c->waiting_hits++;
	gate->rec.hdr.pages += pages;
	hits = gate->rec.hdr.hits++;
	if (!cfg.gap_ticks || bpf_jiffies64() - gate->sent_jiffies >= cfg.gap_ticks)
		r->verdict = gate_pass(i);
	else
		r->verdict = hits ? GATE_COUNTED : GATE_FIRST;
	if (r->verdict == GATE_FIRST)
		r->c->waiting_gates |= 1ULL << i;
	if (r->verdict != GATE_COUNTED)
		gate_stamp(i);
}

static __always_inline void report_leave(struct report *r)
{
	if (r->verdict == GATE_OPEN)
		gate_open(r->i);
	barrier();
	r->c->busy = 0;
}

#endif
