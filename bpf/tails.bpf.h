/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reports whose last part is a program of its own, which programs on several tracepoints end in:
 * what opens a gate is then verified and compiled once, not once a tracepoint (5 ms each).
 */
#ifndef OOMN_TAILS_BPF_H
#define OOMN_TAILS_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "config.h"
#include "emit.bpf.h"

/* The values that a tracepoint has, for the last part. */
struct facts {
	__u64 memcg; /* whose limit was met, where that is told */
	__u64 reclaimed_pages;
	__u32 kind;
	__u32 cause;
	__s32 node;
	__s32 order;
	__u32 gfp;
	__u32 timeout_us;
	__u32 reason;
	__u32 pad;
};

struct facts_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct facts);
};

struct tails_map {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, OOMN_NR_TAILS);
	__type(key, __u32);
	__type(value, __u32);
};

extern struct facts_map facts SEC(".maps");
/* All programs of such a table are of one type. */
extern struct tails_map raw_tails SEC(".maps");
extern struct tails_map tp_tails SEC(".maps");

static __always_inline struct facts *this_facts(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&facts, &zero);
}

/* Counts the hit and goes on in @tail; until that is done, nobody else enters on this CPU. */
static __always_inline int report_tail(void *ctx, void *tails, enum oomn_tail tail,
				       const struct facts *values)
{
	struct facts *f = this_facts();
	struct report r;

	if (!f || !report_enter(&r, values->kind, values->reclaimed_pages))
		return 0;
	*f = *values;
	bpf_tail_call(ctx, tails, tail);
	r.c->count[values->kind].dropped_hits++;
	r.c->count[values->kind].dropped_pages += values->reclaimed_pages;
	barrier();
	r.c->busy = 0;
	return 0;
}

/* The facts that the report goes on with; NULL: none. */
static __always_inline const struct facts *report_resume(struct report *r)
{
	const struct facts *f = this_facts();

	r->c = this_cpu();
	if (!f || !r->c)
		return NULL;
	r->kind = f->kind;
	return f;
}

static __always_inline void alloc_fill(struct oomn_alloc *rec, const struct facts *f)
{
	rec->hdr.node = f->node;
	rec->order = f->order;
	rec->gfp = f->gfp;
}

#endif
