// SPDX-License-Identifier: GPL-2.0-only
#include "coalesce.h"

#include "record.h"

static bool is_alike(const struct oomn_hdr *a, const struct oomn_hdr *b)
{
	return a->kind == b->kind && a->cause == b->cause && a->cgroup_id == b->cgroup_id &&
	       a->cgroup_row == b->cgroup_row;
}

static struct coalesce_cell *find_row(struct coalesce *c, const struct oomn_hdr *h)
{
	for (int i = 0; i < COALESCE_CELLS; i++)
		if (c->cell[i].due_ns && is_alike(&c->cell[i].n.rec.hdr, h))
			return &c->cell[i];
	return NULL;
}

/*
 * The cgroup of the fact, and its time, stay the oldest's; the BPF side's trailing records have
 * it so as well.
 */
static void merge(struct notice *to, const struct notice *from)
{
	struct oomn_hdr *h = &to->rec.hdr;
	const struct oomn_hdr *f = &from->rec.hdr;

	if (!h->hits) {
		*to = *from;
		return;
	}
	h->hits += f->hits;
	h->pages += f->pages;
	to->level = from->level;
	if (h->kind == OOMN_SWAP_OUT) {
		to->rec.swap_out.shmem_pages += from->rec.swap_out.shmem_pages;
	} else if (h->kind == OOMN_RECLAIM_END) {
		to->rec.reclaim_end.stall_ns += from->rec.reclaim_end.stall_ns;
		to->rec.reclaim_end.scanned_pages += from->rec.reclaim_end.scanned_pages;
		to->rec.reclaim_end.freed_pages += from->rec.reclaim_end.freed_pages;
		h->flags &= f->flags | ~OOMN_F_START_UNSEEN; /* of one the stall is known */
	} else if (h->kind == OOMN_THROTTLED &&
		   from->rec.throttled.timeout_us > to->rec.throttled.timeout_us) {
		to->rec.throttled.timeout_us = from->rec.throttled.timeout_us;
	}
}

/* Tells what waits in a cell, if anything. */
static void tell_cell(struct coalesce *c, struct coalesce_cell *cell, const struct moment *now)
{
	struct notice n = cell->n;

	cell->n.rec.hdr.hits = 0;
	if (!n.rec.hdr.hits)
		return;
	n.at = *now;
	n.rec.hdr.flags |= OOMN_F_TRAILING;
	if (n.rec.hdr.kind == OOMN_RECLAIM_BEGIN && c->fold_begins)
		n.waited = WAITED_FOR_END;
	c->tell(c->ctx, &n);
}

/* A free one, or the one that would be free first. */
static struct coalesce_cell *take_cell(struct coalesce *c, const struct moment *now)
{
	struct coalesce_cell *first = &c->cell[0];

	for (int i = 0; i < COALESCE_CELLS && first->due_ns; i++)
		if (c->cell[i].due_ns < first->due_ns)
			first = &c->cell[i];
	if (first->due_ns)
		tell_cell(c, first, now);
	return first;
}

static void fold_begin(struct coalesce *c, const struct oomn_hdr *end)
{
	struct oomn_hdr begin = *end;
	struct coalesce_cell *cell;

	begin.kind = OOMN_RECLAIM_BEGIN;
	cell = find_row(c, &begin);
	if (!cell)
		return;
	cell->due_ns = 0;
	if (cell->n.rec.hdr.hits)
		c->folded(c->ctx, &cell->n);
}

void coalesce_take(struct coalesce *c, const struct notice *n)
{
	const struct oomn_hdr *h = &n->rec.hdr;
	const bool waits = c->fold_begins && h->kind == OOMN_RECLAIM_BEGIN;
	struct coalesce_cell *cell;

	if (c->fold_begins && h->kind == OOMN_RECLAIM_END)
		fold_begin(c, h);
	if (h->kind == OOMN_OOM_KILL || (!waits && !c->gap_ns)) {
		c->tell(c->ctx, n);
		return;
	}
	cell = find_row(c, h);
	if (cell) {
		merge(&cell->n, n);
		return;
	}
	cell = take_cell(c, &n->at);
	cell->n = *n;
	cell->due_ns = n->at.time_ns + (waits ? COALESCE_BEGIN_NS : c->gap_ns);
	if (!waits) {
		cell->n.rec.hdr.hits = 0; /* its key stays */
		c->tell(c->ctx, n);
	}
}

uint64_t coalesce_due(struct coalesce *c, const struct moment *now)
{
	uint64_t next_ns = 0;

	for (int i = 0; i < COALESCE_CELLS; i++) {
		struct coalesce_cell *cell = &c->cell[i];

		if (cell->due_ns && cell->due_ns <= now->time_ns) {
			/* One more gap for what goes on; a begin is told once. */
			cell->due_ns = cell->n.rec.hdr.hits && c->gap_ns ?
					       now->time_ns + c->gap_ns :
					       0;
			tell_cell(c, cell, now);
		}
		if (cell->due_ns && (!next_ns || cell->due_ns < next_ns))
			next_ns = cell->due_ns;
	}
	return next_ns;
}

void coalesce_each(const struct coalesce *c, coalesce_fn fn, void *ctx)
{
	for (int i = 0; i < COALESCE_CELLS; i++)
		if (c->cell[i].due_ns && c->cell[i].n.rec.hdr.hits)
			fn(ctx, &c->cell[i].n);
}

void coalesce_flush(struct coalesce *c, const struct moment *now)
{
	for (int i = 0; i < COALESCE_CELLS; i++) {
		if (c->cell[i].due_ns)
			tell_cell(c, &c->cell[i], now);
		c->cell[i].due_ns = 0;
	}
}
