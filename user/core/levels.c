// SPDX-License-Identifier: GPL-2.0-only
/* Which facts concern whose level. */
#include "levels.h"
#include "decode.h"
#include "rows.h"

#include <string.h>

int levels_init(struct levels *l, const struct level_opts *opts)
{
	memset(l, 0, sizeof(*l));
	l->opts = *opts;
	l->global.row = OOMN_CGROUP_NONE;
	TAILQ_INIT(&l->changes);
	return level_pool_init(&l->cgroups, LEVELS_CGROUPS, LEVELS_CGROUPS_READY);
}

void levels_free(struct levels *l)
{
	level_pool_free(&l->cgroups);
}

static struct level_owner *find_or_take(struct levels *l, uint64_t id, uint32_t row)
{
	struct level_owner *o;

	if (!id)
		return NULL;
	o = level_pool_find(&l->cgroups, id);
	if (!o)
		o = level_pool_take(&l->cgroups, id);
	if (o)
		o->row = row;
	return o;
}

static void update(struct levels *l, struct level_owner *o, uint64_t now_ns)
{
	if (!level_update(&o->state, &l->opts, now_ns))
		return;
	o->changed_ns = now_ns;
	if (!o->is_changed)
		TAILQ_INSERT_TAIL(&l->changes, o, change);
	o->is_changed = true;
}

/*
 * Translates a record into amounts for a level. The machine's scanning is not taken from here but
 * from its counters: kswapd tells nothing while it scans in vain.
 */
static bool input_of(const union oomn_record *rec, struct level_input *in)
{
	memset(in, 0, sizeof(*in));
	/*
	 * A task that reclaimed before we came may have done so for its cgroup only; so may a
	 * killer.
	 */
	if (rec->hdr.cause == OOMN_CAUSE_PROACTIVE || rec->hdr.cause == OOMN_CAUSE_UNKNOWN)
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
	struct level_owner *o = &l->global;
	struct level_input in;

	if (!input_of(rec, &in))
		return;
	if (record_scope(rec) == SCOPE_CGROUP) {
		o = find_or_take(l, rec->hdr.cgroup_id, rec->hdr.cgroup_row);
		if (!o) {
			l->unkept_hits += rec->hdr.hits;
			return;
		}
	}
	level_add(&o->state, &l->opts, time_ns, &in);
	update(l, o, time_ns);
}

void levels_headroom(struct levels *l, enum scope scope, uint64_t id, uint32_t row,
		     enum level level, uint64_t now_ns)
{
	struct level_owner *o = &l->global;

	if (scope == SCOPE_CGROUP) {
		o = level ? find_or_take(l, id, row) : level_pool_find(&l->cgroups, id);
		if (!o) {
			l->unkept_hits += level != LEVEL_NONE;
			return;
		}
	}
	level_set_floor(&o->state, level);
	update(l, o, now_ns);
}

/* Scans since the last time; a count that has stepped back will be up again in a moment. */
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

/* Gives the place of a cgroup at rest to others, once its last change was taken out. */
static bool give_back_idle(struct levels *l, struct level_owner *o, uint64_t now_ns)
{
	bool idle = level_idle(&o->state, &l->opts, now_ns);

	if (idle && !o->is_changed)
		level_pool_give_back(&l->cgroups, o);
	return idle;
}

/* Returns whether any has reason for another tick. */
static bool tick_cgroups(struct levels *l, uint64_t now_ns)
{
	struct level_owner *o = TAILQ_FIRST(&l->cgroups.busy);
	bool busy = false;

	while (o) {
		struct level_owner *next = TAILQ_NEXT(o, busy);

		update(l, o, now_ns);
		if (!give_back_idle(l, o, now_ns))
			busy = true;
		o = next;
	}
	return busy;
}

bool levels_tick(struct levels *l, const struct oomn_scan *total, uint64_t now_ns)
{
	struct level_input in = scan_input(l, total);
	bool busy;

	level_add(&l->global.state, &l->opts, now_ns, &in);
	update(l, &l->global, now_ns);
	busy = l->global.state.level != LEVEL_NONE || in.scanned_pages;
	return tick_cgroups(l, now_ns) || busy;
}

bool levels_next_change(struct levels *l, struct level_change *change)
{
	struct level_owner *o;

	while ((o = TAILQ_FIRST(&l->changes))) {
		TAILQ_REMOVE(&l->changes, o, change);
		o->is_changed = false;
		*change = (struct level_change){
			.scope = o == &l->global ? SCOPE_GLOBAL : SCOPE_CGROUP,
			.from = o->taken_out,
			.to = o->state.level,
			.cgroup_row = o->row,
			.cgroup_id = o->id,
			.time_ns = o->changed_ns,
		};
		o->taken_out = o->state.level;
		if (o != &l->global)
			give_back_idle(l, o, o->state.now_ns);
		if (change->from != change->to)
			return true;
	}
	return false;
}

enum level levels_of(const struct levels *l, const union oomn_record *rec)
{
	const struct level_owner *o;

	if (rec->hdr.kind == OOMN_OOM_KILL)
		return LEVEL_CRITICAL;
	if (record_scope(rec) != SCOPE_CGROUP)
		return l->global.state.level;
	o = level_pool_find(&l->cgroups, rec->hdr.cgroup_id);
	return o ? o->state.level : LEVEL_NONE;
}

void levels_hold_rows(const struct levels *l, struct rows *rows)
{
	const struct level_owner *o;

	for (o = TAILQ_FIRST(&l->cgroups.busy); o; o = TAILQ_NEXT(o, busy))
		rows_hold(rows, o->row, o->id);
}
