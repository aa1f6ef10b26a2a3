/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Decides what readers of /dev/oom_notify are told of what BPF saw: that pages are swapped out,
 * that little is left, that the machine's level rises, and the all-clear. A pure function of
 * records, levels and times.
 *
 * The device tells of the machine. Pages that only a cgroup's limit or somebody's wish swapped out
 * are told as the module's timer tells them, too: swapped out, at the level that the machine has
 * anyway.
 */
#ifndef OOMN_FEED_H
#define OOMN_FEED_H

#include <stdbool.h>
#include <stdint.h>
#include "headroom_watch.h"
#include "levels.h"
#include "oom_notify.h"
#include "record.h"

/*
 * Between two feeds, but for a level that rises and for the all-clear: a wake-up of every reader is
 * not cheap. While the machine is well, no more often than the timer would.
 */
#define FEED_GAP_NS	 100000000ULL
#define FEED_NONE_GAP_NS 1000000000ULL

struct feed {
	uint64_t notified_ns;	/* 0: never */
	uint64_t headroom_ns;	/* when the machine's last fell, and waits to be told; 0: no */
	uint64_t pages_to_free; /* for it to be well again; 0: it is */
	uint64_t event_ns;	/* of the oldest swap-out that waits to be told; 0: none does */
};

/* Notes what @rec says; before levels_record(). A cause that is not known is no reason to tell. */
void feed_note(struct feed *f, const union oomn_record *rec);

/* Notes what is left of the machine's; before levels_headroom(). */
void feed_note_headroom(struct feed *f, const struct headroom_fact *fact);

/*
 * Whether something is to be told now, which then is in *out. After each record, now and then, and
 * for a change of the machine's level with it as @change.
 */
bool feed_take(struct feed *f, const struct levels *l, const struct level_change *change,
	       uint64_t now_ns, struct oom_notify_record *out);

#endif
