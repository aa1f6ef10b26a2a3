// SPDX-License-Identifier: GPL-2.0-only
/* Why a task reclaims, when its CPU does not know it yet. */
#include "task.bpf.h"
#include <bpf/bpf_tracing.h>

struct reclaimers_map reclaimers SEC(".maps");
struct slots_map slots SEC(".maps");

/*
 * Run by the loader: is @task still in the reclaim that it began long ago? A task's place
 * in memory may be another's by now or nobody's, which its tid or the flag then shows. The loader
 * cannot ask /proc, where it sees no task of another PID namespace, or nothing at all.
 */
SEC("raw_tp")
int BPF_PROG(still_reclaims, struct task_struct *task, __u32 tid)
{
	return BPF_CORE_READ(task, pid) == tid && BPF_CORE_READ(task, flags) & PF_MEMALLOC;
}

/*
 * A task that nobody saw begin was in reclaim before we came, if it stalls; otherwise it was asked
 * to page out (MADV_PAGEOUT, DAMON), which has no begin.
 */
__hidden __u32 cause_lookup(struct oomn_cpu *c, __u32 tid)
{
	struct task_struct *task = current_task(WAY_ASK);
	struct oomn_reclaimer *reclaimer;

	if (BPF_CORE_READ(task, flags) & PF_KSWAPD) {
		c->reclaimer = tid;
		c->reclaimer_cause = OOMN_CAUSE_KSWAPD;
		return OOMN_CAUSE_KSWAPD;
	}
	reclaimer = reclaimer_find(tid);
	if (reclaimer) {
		reclaimer_moved(c, tid, reclaimer);
		return reclaimer->cause;
	}
	return cfg.psi_on && in_memstall(task) ? OOMN_CAUSE_UNKNOWN : OOMN_CAUSE_PROACTIVE;
}
