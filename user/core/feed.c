// SPDX-License-Identifier: GPL-2.0-only
#include "feed.h"

#include <string.h>
#include <unistd.h>

void feed_note(struct feed *f, const union oomn_record *rec)
{
	if (rec->hdr.kind == OOMN_SWAP_OUT && rec->hdr.cause != OOMN_CAUSE_UNKNOWN && !f->event_ns)
		f->event_ns = rec->hdr.time_ns;
}

void feed_note_headroom(struct feed *f, const struct headroom_fact *fact)
{
	const uint64_t page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);

	if (fact->scope != SCOPE_GLOBAL)
		return;
	f->headroom_ns = fact->edge == HEADROOM_FALLS ? fact->time_ns : 0;
	f->pages_to_free = (fact->to_free_bytes + page_bytes - 1) / page_bytes;
}

/*
 * A stall is no reason to tell anything, for streaming through the page cache stalls tasks as well:
 * it comes with a swap-out or a level. The OOM killer ran because reclaim found nothing more; that
 * it will run, the module tells by itself.
 */
static uint32_t reasons_of(const struct feed *f, const struct levels *l)
{
	struct level_input w = level_window(&l->global.state);
	uint32_t reasons = 0;

	if (f->event_ns || w.swap_pages)
		reasons |= OOM_NOTIFY_SWAP_OUT;
	if (w.oom_kills || level_unfreed_at_least(&w, l->opts.low_unfreed_percent))
		reasons |= OOM_NOTIFY_POOR_RECLAIM;
	if (w.stall_ns)
		reasons |= OOM_NOTIFY_STALL;
	if (f->pages_to_free)
		reasons |= OOM_NOTIFY_HEADROOM;
	return reasons;
}

static void fill(struct oom_notify_record *out, enum level level, uint32_t reasons,
		 uint64_t event_ns)
{
	memset(out, 0, sizeof(*out));
	out->size = sizeof(*out);
	out->version = OOM_NOTIFY_VERSION;
	out->level = (__u16)level;
	out->reasons = reasons;
	out->node = -1; /* the module finds the one that lacks most */
	out->event_ns = event_ns;
}

static uint64_t oldest(const struct feed *f)
{
	if (!f->event_ns || (f->headroom_ns && f->headroom_ns < f->event_ns))
		return f->headroom_ns;
	return f->event_ns;
}

static bool is_due(const struct feed *f, enum level level, uint64_t now_ns)
{
	uint64_t gap_ns = level == LEVEL_NONE ? FEED_NONE_GAP_NS : FEED_GAP_NS;

	return oldest(f) && (!f->notified_ns || now_ns - f->notified_ns >= gap_ns);
}

bool feed_take(struct feed *f, const struct levels *l, const struct level_change *change,
	       uint64_t now_ns, struct oom_notify_record *out)
{
	enum level level = l->global.state.level;

	if (change && change->to == LEVEL_NONE) {
		fill(out, LEVEL_NONE, OOM_NOTIFY_ALL_CLEAR, change->time_ns);
	} else if ((change && change->to > change->from) || is_due(f, level, now_ns)) {
		fill(out, level, reasons_of(f, l), oldest(f) ?: change->time_ns);
		out->pages_to_free = f->pages_to_free;
		f->event_ns = f->headroom_ns = 0;
	} else {
		return false;
	}
	f->notified_ns = now_ns;
	return true;
}
