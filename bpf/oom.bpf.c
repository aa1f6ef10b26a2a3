// SPDX-License-Identifier: GPL-2.0-only
/*
 * The OOM killer's victims. Every one is told by itself: the gate never holds them back.
 *
 * mark_victim does not mean a kill: a thread that dies already is marked as well when it meets a
 * limit, whoever killed it, and so are the other threads of a victim. A kill is the mark that comes
 * just after the SIGKILL to the same thread, from the same task: nothing else sends one in the
 * kernel's name and then marks (__oom_kill_process() in mm/oom_kill.c, from 5.10 to 7.x).
 */
#include "vmlinux.h"
#include <bpf/bpf_tracing.h>
#include "compat.bpf.h"
#include "reclaim.bpf.h"

#define PAGE_KB	      4
#define RECENT_MAX_NS 10000000000ULL /* an allocation retries within far less */

/*
 * Kills of who was dying already, which the kernel counts and we do not tell. The first victim of a
 * memory.oom.group is killed once more with the group; if its first thread is gone by then, another
 * one is marked (6.12).
 */
volatile __u64 kills_again;

static __always_inline bool is_kill(__u32 tid, struct oomn_recent *recent)
{
	if (!cfg.kills_signalled)
		return true;
	if (!recent || recent->killed != tid)
		return false;
	recent->killed = 0;
	return !recent->again;
}

/*
 * A process that ends a PID namespace sends such signals, too, to many that are dying already; it
 * is exiting then, and nobody who exits kills for memory.
 */
static __always_inline int signalled(__u32 tid, int result)
{
	struct task_struct *task = current_task(WAY_ASK);
	struct oomn_recent new = { .killed = tid }, *recent;
	const struct oomn_cpu *c = this_cpu();

	if (!c || !c->armed || BPF_CORE_READ(task, flags) & PF_EXITING)
		return 0;
	new.again = result != SIGNAL_DELIVERED;
	if (new.again)
		__sync_fetch_and_add(&kills_again, 1);
	recent = recent_find(task);
	if (recent) {
		recent->killed = tid;
		recent->again = new.again;
	} else {
		recent_add(task, &new);
	}
	return 0;
}

SEC("raw_tp/signal_generate")
int BPF_PROG(signal_generate, int sig, struct kernel_siginfo *info, struct task_struct *task,
	     int group, int result)
{
	if (sig != SIGKILL || info != SEND_SIG_PRIV || !group)
		return 0;
	return signalled(BPF_CORE_READ(task, pid), result);
}

SEC("?tp/signal/signal_generate")
int tp_signal_generate(struct trace_event_raw_signal_generate *ctx)
{
	if (ctx->sig != SIGKILL || ctx->code != SI_KERNEL || !ctx->group)
		return 0;
	return signalled(ctx->pid, ctx->result);
}

/* Why the OOM killer runs: what its caller, the current task, last reclaimed for. */
static __always_inline enum oomn_cause oom_cause(const struct oomn_recent *recent)
{
	if (!recent || !recent->end_ns || bpf_ktime_get_ns() - recent->end_ns > RECENT_MAX_NS)
		return OOMN_CAUSE_UNKNOWN;
	return recent->cause == OOMN_CAUSE_PROACTIVE ? OOMN_CAUSE_MEMCG : recent->cause;
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
 * tracepoints can be preempted no kill is missed for it: there is but one mark at a time.
 */
SEC("raw_tp/mark_victim")
int mark_victim(struct bpf_raw_tracepoint_args *ctx)
{
	struct oomn_recent *recent = recent_find(current_task(WAY_ASK));
	struct task_struct *victim = NULL;
	__u32 tid = ctx->args[0];
	struct oomn_oom_kill *rec;
	enum oomn_cause cause;
	struct report r;

	if (cfg.victim_has_task) {
		victim = (void *)ctx->args[0];
		tid = BPF_CORE_READ(victim, pid);
	}
	if (!is_kill(tid, recent) || !report_enter(&r, OOMN_OOM_KILL, 0))
		return 0;
	cause = oom_cause(recent);
	report_gate(&r, cause,
		    victim ? memcg_owner(WAY_ASK, task_memcg(victim)) :
			     task_owner(current_task(WAY_ASK)),
		    0);
	rec = &r.gate->rec.oom_kill;
	rec->is_memcg = cause == OOMN_CAUSE_MEMCG;
	victim_unknown(rec);
	if (victim) {
		victim_fill(rec, victim, ctx->args[1]);
	} else {
		rec->hdr.pid = rec->hdr.tid = tid;
		__builtin_memset(rec->hdr.comm, 0, sizeof(rec->hdr.comm));
	}
	report_leave(&r);
	return 0;
}
