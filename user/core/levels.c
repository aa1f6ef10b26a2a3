// SPDX-License-Identifier: GPL-2.0-only
/* Which facts concern whose level. */
#include "levels.h"
#include "decode.h"
#include "rows.h"

#include <string.h>

int levels_init(struct levels *l, const struct level_opts *opts, level_change_fn changed, void *ctx)
{
	memset(l, 0, sizeof(*l));
	l->opts = *opts;
	l->changed = changed;
	l->ctx = ctx;
	return level_pool_init(&l->cgroups, LEVELS_CGROUPS, LEVELS_CGROUPS_READY);
}

void levels_free(struct levels *l)
{
	level_pool_free(&l->cgroups);
}

static struct cgroup_level *find_or_take(struct levels *l, uint64_t id, uint32_t row)
{
	struct cgroup_level *c;

	if (!id)
		return NULL;
	c = level_pool_find(&l->cgroups, id);
	if (!c)
		c = level_pool_take(&l->cgroups, id);
	if (c)
		c->row = row;
	return c;
}

static void tell(const struct levels *l, const struct cgroup_level *c, enum level from,
		 uint64_t now_ns)
{
	struct level_change change = {
		.scope = c ? SCOPE_CGROUP : SCOPE_GLOBAL,
		.from = from,
		.to = c ? c->machine.level : l->global.level,
		.cgroup_row = c ? c->row : OOMN_CGROUP_NONE,
		.cgroup_id = c ? c->id : 0,
		.time_ns = now_ns,
	};

	l->changed(l->ctx, &change);
}

static void update(struct levels *l, struct cgroup_level *c, uint64_t now_ns)
{
	struct level_machine *m = c ? &c->machine : &l->global;
	enum level from = m->level;

	if (level_update(m, &l->opts, now_ns))
		tell(l, c, from, now_ns);
}

/*
 * What a record means for a level. The machine's scanning is not taken from here but from its
 * counters: kswapd tells nothing while it scans in vain.
 */
static bool input_of(const union oomn_record *rec, struct level_input *in)
{
	memset(in, 0, sizeof(*in));
	/* Who reclaimed before we came may have done so for its cgroup only; so may a killer. */
	if (rec->hdr.cause == OOMN_PROACTIVE || rec->hdr.cause == OOMN_UNKNOWN)
		return false;
	switch (rec->hdr.kind) {
	case OOMN_SWAP_OUT:
		in->swap_pages = rec->hdr.pages;
		return true;
	case OOMN_RECLAIM_END:
		in->stall_ns = rec->reclaim_end.stall_ns;
		if (record_scope(rec) == SCOPE_CGROUP) {
			in->scanned_pages = rec->reclaim_end.scanned_pages;
			in->freed_pages = rec->reclaim_end.freed_pages;
		}
		return true;
	case OOMN_OOM_KILL:
		in->oom_kills = rec->hdr.hits;
		return true;
	default:
		return false;
	}
}

void levels_record(struct levels *l, const union oomn_record *rec)
{
	uint64_t time_ns = rec->hdr.time_ns;
	struct cgroup_level *c = NULL;
	struct level_input in;

	if (!input_of(rec, &in))
		return;
	if (record_scope(rec) == SCOPE_CGROUP) {
		c = find_or_take(l, rec->hdr.cgroup_id, rec->hdr.cgroup_row);
		if (!c) {
			l->untold_hits += rec->hdr.hits;
			return;
		}
	}
	level_feed(c ? &c->machine : &l->global, &l->opts, time_ns, &in);
	update(l, c, time_ns);
}

void levels_headroom(struct levels *l, enum scope scope, uint64_t id, uint32_t row,
		     enum level level, uint64_t now_ns)
{
	struct cgroup_level *c = NULL;

	if (scope == SCOPE_CGROUP) {
		c = level ? find_or_take(l, id, row) : level_pool_find(&l->cgroups, id);
		if (!c) {
			l->untold_hits += level != LEVEL_NONE;
			return;
		}
	}
	level_set_floor(c ? &c->machine : &l->global, level);
	update(l, c, now_ns);
}

/* What came since the last time; a count that has stepped back will be up again in a moment. */
static struct level_input scan_input(struct levels *l, const struct oomn_scan *total)
{
	struct level_input in = {
		.scanned_pages = total->scanned_pages - l->scan.scanned_pages,
		.freed_pages = total->freed_pages - l->scan.freed_pages,
	};

	if ((int64_t)in.scanned_pages <= 0)
		return (struct level_input){ 0 };
	l->scan = *total;
	return in;
}

/* Those at rest give their machine back. Returns whether any is left. */
static bool tick_cgroups(struct levels *l, uint64_t now_ns)
{
	struct cgroup_level *c = TAILQ_FIRST(&l->cgroups.busy);

	while (c) {
		struct cgroup_level *next = TAILQ_NEXT(c, busy);

		update(l, c, now_ns);
		if (level_idle(&c->machine, &l->opts, now_ns))
			level_pool_give_back(&l->cgroups, c);
		c = next;
	}
	return !TAILQ_EMPTY(&l->cgroups.busy);
}

bool levels_tick(struct levels *l, const struct oomn_scan *total, uint64_t now_ns)
{
	struct level_input in = scan_input(l, total);
	bool busy;

	level_feed(&l->global, &l->opts, now_ns, &in);
	update(l, NULL, now_ns);
	busy = l->global.level != LEVEL_NONE || in.scanned_pages;
	return tick_cgroups(l, now_ns) || busy;
}

enum level levels_of(const struct levels *l, const union oomn_record *rec)
{
	const struct cgroup_level *c;

	if (rec->hdr.kind == OOMN_OOM_KILL)
		return LEVEL_CRITICAL;
	if (record_scope(rec) != SCOPE_CGROUP)
		return l->global.level;
	c = level_pool_find(&l->cgroups, rec->hdr.cgroup_id);
	return c ? c->machine.level : LEVEL_NONE;
}

void levels_hold_rows(const struct levels *l, struct rows *rows)
{
	const struct cgroup_level *c;

	for (c = TAILQ_FIRST(&l->cgroups.busy); c; c = TAILQ_NEXT(c, busy))
		rows_hold(rows, c->row, c->id);
}
