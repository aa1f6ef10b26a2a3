// SPDX-License-Identifier: GPL-2.0-only
/* The look into the gates. The BPF side knows nothing of it: a counted hit costs what it did. */
#include "ahead.h"

#include <stdlib.h>
#include <string.h>

/* The amounts in a gate that levels go by. */
struct amounts {
	uint64_t pages;
	uint64_t stall_ns;
	uint64_t scanned_pages;
	uint64_t freed_pages;
};

/* A gate's content at one moment, and from when on it has gathered that. Without padding. */
struct view {
	uint64_t key;
	uint64_t sent_ns;
	uint64_t cgroup_id;
	uint32_t cgroup_row;
	uint16_t kind;
	uint16_t cause;
	struct amounts amounts;
};

/* Amounts that were told ahead of one gate's next record. */
struct told {
	struct view view;
	bool is_open; /* there is something to settle */
	bool is_gone; /* the record has left the gate since, and was not in the ring yet */
};

struct ahead_cpu {
	uint32_t open; /* how many of: */
	struct told told[OOMN_NR_GATES];
};

struct ahead {
	int nr_cpus;
	struct ahead_cpu cpu[];
};

struct ahead *ahead_new(int nr_cpus)
{
	struct ahead *a = calloc(1, sizeof(*a) + (size_t)nr_cpus * sizeof(a->cpu[0]));

	if (a)
		a->nr_cpus = nr_cpus;
	return a;
}

void ahead_free(struct ahead *a)
{
	free(a);
}

#define READ(member) (*(const volatile __typeof__(member) *)&(member))

static void view_read(const struct oomn_gate *gate, struct view *v)
{
	const struct oomn_reclaim_end *end = &gate->rec.reclaim_end;

	memset(v, 0, sizeof(*v));
	v->key = READ(gate->key);
	v->sent_ns = READ(gate->sent_ns);
	v->kind = READ(gate->rec.hdr.kind);
	v->cause = READ(gate->rec.hdr.cause);
	v->cgroup_id = READ(gate->rec.hdr.cgroup_id);
	v->cgroup_row = READ(gate->rec.hdr.cgroup_row);
	v->amounts.pages = READ(gate->rec.hdr.pages);
	if (v->kind != OOMN_RECLAIM_END)
		return;
	v->amounts.stall_ns = READ(end->stall_ns);
	v->amounts.scanned_pages = READ(end->scanned_pages);
	v->amounts.freed_pages = READ(end->freed_pages);
}

/*
 * The gate's own CPU may write meanwhile, or send and empty it: what is the same twice is from one
 * moment. Otherwise there is another look soon.
 */
static bool view_gate(const struct oomn_gate *gate, struct view *v)
{
	struct view again;

	for (int tries = 0; tries < 3; tries++) {
		view_read(gate, v);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		view_read(gate, &again);
		if (!memcmp(v, &again, sizeof(again)))
			return v->key && READ(gate->rec.hdr.hits);
	}
	return false;
}

static struct amounts minus(const struct amounts *a, const struct amounts *b)
{
	return (struct amounts){
		.pages = a->pages - b->pages,
		.stall_ns = a->stall_ns - b->stall_ns,
		.scanned_pages = a->scanned_pages - b->scanned_pages,
		.freed_pages = a->freed_pages - b->freed_pages,
	};
}

static bool is_nothing(const struct amounts *a)
{
	return !a->pages && !a->stall_ns && !a->scanned_pages;
}

static void tell(const struct view *v, const struct amounts *add, uint32_t cpu, uint64_t now_ns,
		 ahead_fn fn, void *ctx)
{
	union oomn_record rec = { 0 };

	rec.hdr.kind = (__u8)v->kind;
	rec.hdr.cause = (__u8)v->cause;
	rec.hdr.cgroup_id = v->cgroup_id;
	rec.hdr.cgroup_row = v->cgroup_row;
	rec.hdr.cpu = cpu;
	rec.hdr.time_ns = now_ns;
	rec.hdr.pages = add->pages;
	if (v->kind == OOMN_RECLAIM_END) {
		rec.reclaim_end.stall_ns = add->stall_ns;
		rec.reclaim_end.scanned_pages = add->scanned_pages;
		rec.reclaim_end.freed_pages = add->freed_pages;
	}
	fn(ctx, &rec);
}

static void close_told(struct ahead_cpu *c, struct told *t)
{
	c->open -= t->is_open;
	memset(t, 0, sizeof(*t));
}

/*
 * A record that has left the gate comes out of the ring before the next look; if it does not, the
 * ring was full.
 */
static bool has_left(struct ahead_cpu *c, struct told *t, const struct oomn_gate *gate)
{
	if (!t->is_open ||
	    (t->view.key == READ(gate->key) && t->view.sent_ns == READ(gate->sent_ns)))
		return false;
	if (!t->is_gone) {
		t->is_gone = true;
		return true;
	}
	close_told(c, t);
	return false;
}

static void look_into(struct ahead_cpu *c, struct told *t, const struct oomn_gate *gate,
		      uint32_t cpu, uint64_t now_ns, ahead_fn fn, void *ctx)
{
	struct amounts add;
	struct view v;

	if (has_left(c, t, gate) || !READ(gate->rec.hdr.hits) || !view_gate(gate, &v) ||
	    (v.kind != OOMN_SWAP_OUT && v.kind != OOMN_RECLAIM_END))
		return;
	if (t->is_open && (v.key != t->view.key || v.sent_ns != t->view.sent_ns))
		return;
	add = minus(&v.amounts, &t->view.amounts);
	if (is_nothing(&add))
		return;
	c->open += !t->is_open;
	t->is_open = true;
	t->view = v;
	tell(&v, &add, cpu, now_ns, fn, ctx);
}

void ahead_look(struct ahead *a, const struct oomn_cpu *cpus, uint64_t now_ns, ahead_fn fn,
		void *ctx)
{
	for (int i = 0; i < a->nr_cpus; i++) {
		if (!a->cpu[i].open && !READ(cpus[i].waiting_hits))
			continue;
		for (int k = 0; k < OOMN_NR_GATES; k++)
			look_into(&a->cpu[i], &a->cpu[i].told[k], &cpus[i].gate[k], (uint32_t)i,
				  now_ns, fn, ctx);
	}
}

static void settle(union oomn_record *rec, const struct amounts *told)
{
	struct oomn_reclaim_end *end = &rec->reclaim_end;

	rec->hdr.pages -= told->pages;
	if (rec->hdr.kind != OOMN_RECLAIM_END)
		return;
	end->stall_ns -= told->stall_ns;
	end->scanned_pages -= told->scanned_pages;
	end->freed_pages -= told->freed_pages;
}

void ahead_settle(struct ahead *a, union oomn_record *rec)
{
	struct ahead_cpu *c = rec->hdr.cpu < (uint32_t)a->nr_cpus ? &a->cpu[rec->hdr.cpu] : NULL;

	for (int i = 0; c && c->open && i < OOMN_NR_GATES; i++) {
		struct told *t = &c->told[i];

		if (!t->is_open || t->view.kind != rec->hdr.kind ||
		    t->view.cause != rec->hdr.cause || t->view.cgroup_id != rec->hdr.cgroup_id)
			continue;
		settle(rec, &t->view.amounts);
		close_told(c, t);
		return;
	}
}
