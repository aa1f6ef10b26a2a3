/* SPDX-License-Identifier: GPL-2.0-only */
/* Reports of a task's own reclaim, apart from where their values come from. */
#ifndef OOMN_RECLAIM_BPF_H
#define OOMN_RECLAIM_BPF_H

#include "emit.bpf.h"
#include "tails.bpf.h"
#include "task.bpf.h"

/* The loader may make it more: each CPU keeps some entries free for itself. */
#define NR_RECENT 4096

/* By tid. When it is full, who did nothing for longest makes room, and is then not known. */
struct recents_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, NR_RECENT);
	__type(key, __u32);
	__type(value, struct oomn_recent);
};

extern struct recents_map recents SEC(".maps");

/*
 * Writes down what the task of a slot did last, for the slot goes to another. A kill that it has
 * written down meanwhile stays.
 */
static __always_inline void recent_keep(const struct oomn_reclaimer *slot, __u32 tid)
{
	struct oomn_recent new = {
		.task_start_ns = slot->task_start_ns,
		.end_ns = slot->end_ns,
		.cause = slot->cause,
	};
	struct oomn_recent *recent;

	if (!new.end_ns || !bpf_map_update_elem(&recents, &tid, &new, BPF_NOEXIST))
		return;
	recent = bpf_map_lookup_elem(&recents, &tid);
	if (!recent)
		return;
	if (recent->task_start_ns != new.task_start_ns)
		recent->killed = 0;
	recent->task_start_ns = new.task_start_ns;
	recent->end_ns = new.end_ns;
	recent->cause = new.cause;
}

/* The current task's entry; NULL when there is none, or another task's of the same tid. */
static __always_inline struct oomn_recent *recent_find(struct task_struct *task)
{
	__u32 tid = task_tid(WAY_ASK, task);
	struct oomn_reclaimer *slot = cfg.has_slots ? slot_at(tid) : NULL;
	struct oomn_recent *recent;

	if (slot && (__u32)slot->owner == tid && slot->task_start_ns == task_start_ns(task))
		recent_keep(slot, tid);
	recent = bpf_map_lookup_elem(&recents, &tid);
	return recent && recent->task_start_ns == task_start_ns(task) ? recent : NULL;
}

/* ... and where there is none, a new one with @new in it. */
static __always_inline void recent_add(struct task_struct *task, struct oomn_recent *new)
{
	__u32 tid = task_tid(WAY_ASK, task);

	new->task_start_ns = task_start_ns(task);
	bpf_map_update_elem(&recents, &tid, new, BPF_ANY);
}

/* The last parts. */
__hidden int reclaim_begin_report(void);
__hidden int reclaim_end_report(void);

#endif
