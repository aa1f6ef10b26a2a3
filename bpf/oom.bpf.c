// SPDX-License-Identifier: GPL-2.0-only
/* The OOM killer's victims. Every one is told by itself: the gate never holds them back. */
#include "reclaim.bpf.h"

#define PAGE_KB	      4
#define RECENT_MAX_NS 10000000000ULL /* an allocation retries within far less */

/* Why the OOM killer runs: what its caller, the current task, last reclaimed for. */
static __always_inline enum oomn_cause oom_cause(void)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid(), slot = tid % NR_RECENT;
	struct recent *recent = bpf_map_lookup_elem(&recents, &slot);

	if (!recent || recent->tid != tid || bpf_ktime_get_ns() - recent->end_ns > RECENT_MAX_NS)
		return OOMN_UNKNOWN;
	return recent->cause == OOMN_PROACTIVE ? OOMN_MEMCG : recent->cause;
}

/* The MM_ members have stood in this order since 4.5; their enum has no name to ask BTF for. */
static __always_inline __u64 rss_kb(const struct mm_struct *mm, __u32 member)
{
	return mm_counter_pages(mm, member) * PAGE_KB;
}

static __always_inline void victim_unknown(struct oomn_oom_kill *rec)
{
	rec->total_vm_kb = OOMN_NOT_TOLD;
	rec->anon_rss_kb = OOMN_NOT_TOLD;
	rec->file_rss_kb = OOMN_NOT_TOLD;
	rec->shmem_rss_kb = OOMN_NOT_TOLD;
	rec->pgtables_kb = OOMN_NOT_TOLD;
	rec->uid = OOMN_NOT_TOLD;
	rec->oom_score_adj = 0;
	rec->has_task = 0;
}

static __always_inline void victim_fill(struct oomn_oom_kill *rec, struct task_struct *victim,
					__u32 uid)
{
	struct mm_struct *mm = BPF_CORE_READ(victim, mm);

	rec->has_task = 1;
	rec->hdr.pid = BPF_CORE_READ(victim, tgid);
	rec->hdr.tid = BPF_CORE_READ(victim, pid);
	BPF_CORE_READ_STR_INTO(&rec->hdr.comm, victim, comm);
	rec->uid = uid;
	rec->oom_score_adj = BPF_CORE_READ(victim, signal, oom_score_adj);
	if (!mm)
		return;
	rec->total_vm_kb = BPF_CORE_READ(mm, total_vm) * PAGE_KB;
	rec->anon_rss_kb = rss_kb(mm, MM_ANONPAGES);
	rec->file_rss_kb = rss_kb(mm, MM_FILEPAGES);
	rec->shmem_rss_kb = rss_kb(mm, MM_SHMEMPAGES);
	rec->pgtables_kb = BPF_CORE_READ(mm, pgtables_bytes.counter) >> 10;
}

/*
 * On every kernel raw, since the trace record does not lead to the victim's cgroup. Where raw
 * tracepoints can be preempted no kill is missed for it: the kernel marks one victim at a time, under
 * oom_lock.
 */
SEC("raw_tp/mark_victim")
int mark_victim(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *victim = NULL;
	enum oomn_cause cause = oom_cause();
	struct oomn_oom_kill *rec;
	struct report r;

	if (!report_enter(&r, OOMN_OOM_KILL, 0))
		return 0;
	if (cfg.victim_has_task)
		victim = (void *)ctx->args[0];
	report_gate(&r, cause, task_memcg(victim ?: (void *)bpf_get_current_task()), 0);
	rec = &r.cell->rec.oom_kill;
	rec->is_memcg = cause == OOMN_MEMCG;
	victim_unknown(rec);
	if (victim) {
		victim_fill(rec, victim, ctx->args[1]);
	} else {
		rec->hdr.pid = rec->hdr.tid = ctx->args[0];
		__builtin_memset(rec->hdr.comm, 0, sizeof(rec->hdr.comm));
	}
	report_leave(&r);
	return 0;
}
