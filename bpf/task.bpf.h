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

/*
 * PSI marks tasks that wait for memory. Reclaim that somebody asked for (memory.reclaim,
 * force_empty, a limit being lowered) runs without the mark, though through the same tracepoints
 * as a limit that was hit.
 */
static __always_inline bool task_in_memstall(struct task_struct *task)
{
	return BPF_CORE_READ_BITFIELD_PROBED(task, in_memstall);
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
 * Why the current task is in reclaim. A look at its CPU's own note nearly always answers; the hash
 * table costs more than all the rest of a counted hit (90 ns of cold cache here).
 */
static __always_inline __u32 current_cause(struct oomn_cpu *c)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid();

	if (c->reclaimer == tid)
		return c->reclaimer_cause;
	return cause_lookup(c, tid);
}

#endif
