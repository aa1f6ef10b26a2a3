/* SPDX-License-Identifier: GPL-2.0-only */
/* Why the current task reclaims, and for whom. */
#ifndef OOMN_TASK_BPF_H
#define OOMN_TASK_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "compat.bpf.h"
#include "emit.bpf.h"

#define OOMN_NR_RECLAIMERS 8192

/* Tasks between reclaim_begin and reclaim_end, by tid. */
struct reclaimers_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, OOMN_NR_RECLAIMERS);
	__type(key, __u32);
	__type(value, struct oomn_reclaimer);
};

extern struct reclaimers_map reclaimers SEC(".maps");

/* By tid modulo their number: a cache line, where the hash table's insert and delete cost 1 us. */
struct slots_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, OOMN_NR_SLOTS);
	__type(key, __u32);
	__type(value, struct oomn_reclaimer);
};

extern struct slots_map slots SEC(".maps");

static __always_inline struct oomn_reclaimer *slot_at(__u32 tid)
{
	__u32 i = tid % OOMN_NR_SLOTS;

	return bpf_map_lookup_elem(&slots, &i);
}

/* The slot of a task that is in reclaim; NULL: it has none. */
static __always_inline struct oomn_reclaimer *slot_find(__u32 tid)
{
	struct oomn_reclaimer *slot = cfg.has_slots ? slot_at(tid) : NULL;

	return slot && slot->owner == (OOMN_SLOT_BUSY | tid) ? slot : NULL;
}

/* Where the reclaim is kept that this task is in; NULL: nowhere. */
static __always_inline struct oomn_reclaimer *reclaimer_find(__u32 tid)
{
	return slot_find(tid) ?: bpf_map_lookup_elem(&reclaimers, &tid);
}

/*
 * PSI marks tasks that wait for memory. Reclaim that somebody asked for (memory.reclaim,
 * force_empty, a limit being lowered) runs without the mark, though through the same tracepoints
 * as a limit that was hit.
 */
static __always_inline bool in_memstall(struct task_struct *task)
{
	if (cfg.task_typed)
		return BPF_CORE_READ_BITFIELD(task, in_memstall);
	return BPF_CORE_READ_BITFIELD_PROBED(task, in_memstall);
}

/* When it began, which tells it from an earlier one of the same tid. */
static __always_inline __u64 task_start_ns(struct task_struct *task)
{
	return cfg.task_typed ? task->start_time : BPF_CORE_READ(task, start_time);
}

/* Makes @tid the reclaimer of this CPU, and no longer of the one where it was before. */
static __always_inline void reclaimer_moved(struct oomn_cpu *c, __u32 tid,
					    struct oomn_reclaimer *reclaimer)
{
	struct oomn_cpu *before = bpf_map_lookup_elem(&cpus, &reclaimer->cpu);

	if (before && before->reclaimer == tid)
		before->reclaimer = 0;
	reclaimer->cpu = bpf_get_smp_processor_id();
	c->reclaimer = tid;
	c->reclaimer_cause = reclaimer->cause;
}

__hidden __u32 cause_lookup(struct oomn_cpu *c, __u32 tid);

/*
 * Why the current task, of this tid, is in reclaim. A look at its CPU's own note nearly always
 * answers; the hash table costs more than all the rest of a counted hit (90 ns of cold cache here).
 */
static __always_inline __u32 current_cause(struct oomn_cpu *c, __u32 tid)
{
	if (c->reclaimer == tid)
		return c->reclaimer_cause;
	return cause_lookup(c, tid);
}

#endif
