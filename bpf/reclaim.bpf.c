// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reclaim by the tasks that need the memory: direct, within a cgroup's limit, within a node. Begin
 * and end are paired by task. Soft-limit reclaim is left alone: it runs inside one of these, or in
 * kswapd, and its stall would count twice.
 */
#include "reclaim.bpf.h"
#include <bpf/bpf_tracing.h>

struct recents_map recents SEC(".maps");

static __always_inline __u32 memcg_cause(struct task_struct *task, __u32 cause)
{
	if (cause == OOMN_CAUSE_MEMCG && cfg.psi_on && !in_memstall(task))
		return OOMN_CAUSE_PROACTIVE;
	return cause;
}

/* The cgroup whose limit was met, where that is told, or else the current task's. */
static __always_inline struct owner owner_or_task(__u64 memcg, struct task_struct *task)
{
	return memcg ? memcg_owner(WAY_ASK, (void *)memcg) : task_owner(task);
}

/*
 * Takes the slot of this tid for a task that begins; NULL when another is in reclaim with it. Only
 * who changed @owner to its own tid writes the rest.
 */
static __always_inline struct oomn_reclaimer *slot_take(struct oomn_cpu *c, __u32 tid)
{
	struct oomn_reclaimer *slot = cfg.has_slots ? slot_at(tid) : NULL;
	__u64 before, busy = OOMN_SLOT_BUSY | tid;

	if (!slot)
		return NULL;
	before = slot->owner;
	if (before == busy) {
		reclaimer_moved(c, tid, slot); /* the old cause must not stay on another CPU */
		c->unended++;
		return slot;
	}
	if (before & OOMN_SLOT_BUSY ||
	    __sync_val_compare_and_swap(&slot->owner, before, busy) != before)
		return NULL;
	if ((__u32)before != tid)
		recent_keep(slot, before);
	return slot;
}

/* Fills in what the task of @slot needs until its end. */
static __always_inline void slot_fill(struct oomn_reclaimer *slot, const struct oomn_reclaimer *new,
				      __u64 task_start)
{
	if (slot->task_start_ns != task_start)
		slot->end_ns = 0;
	slot->task_start_ns = task_start;
	slot->task = new->task;
	slot->scanned_pages = 0;
	slot->freed_pages = 0;
	slot->gfp = new->gfp;
	slot->cpu = new->cpu;
	slot->node = new->node;
	slot->order = new->order;
	slot->cause = new->cause;
	slot->start_ns = new->start_ns;
}

/* The same in the hash table. */
static __always_inline bool reclaimer_hash(struct oomn_cpu *c, __u32 tid,
					   const struct oomn_reclaimer *new)
{
	struct oomn_reclaimer *before = bpf_map_lookup_elem(&reclaimers, &tid);

	if (before) {
		reclaimer_moved(c, tid, before);
		c->unended++;
	}
	return !bpf_map_update_elem(&reclaimers, &tid, new, BPF_ANY);
}

static __always_inline void reclaimer_add(struct oomn_cpu *c, struct task_struct *task,
					  struct oomn_reclaimer *new)
{
	__u32 tid = task_tid(WAY_ASK, task);
	struct oomn_reclaimer *slot = slot_take(c, tid);

	new->task = (__u64)task;
	new->start_ns = bpf_ktime_get_ns();
	new->cpu = bpf_get_smp_processor_id();
	if (slot) {
		slot_fill(slot, new, task_start_ns(task));
	} else if (!reclaimer_hash(c, tid, new)) {
		c->untracked++;
		tid = 0; /* its end may come on a CPU that would not know */
	}
	c->reclaimer = tid;
	c->reclaimer_cause = new->cause;
}

__hidden int reclaim_begin_report(void)
{
	struct oomn_reclaimer new = {};
	struct task_struct *task;
	const struct facts *f;
	struct report r;

	f = report_resume(&r);
	if (!f)
		return 0;
	task = current_task(WAY_ASK);
	new.cause = memcg_cause(task, f->cause);
	new.order = f->order;
	new.gfp = f->gfp;
	new.node = f->node;
	report_gate(&r, new.cause, owner_or_task(f->memcg, task), 0);
	if (r.verdict != GATE_COUNTED)
		alloc_fill(&r.gate->rec.alloc, f);
	reclaimer_add(r.c, task, &new);
	report_leave(&r);
	return 0;
}

static __always_inline __u32 stall_bucket(__u64 ns)
{
	__u32 i = 0;

	ns >>= OOMN_STALL_SHIFT;
	for (; i < OOMN_STALL_BUCKETS - 1 && ns; i++)
		ns >>= 1;
	return i;
}

static __always_inline void stall_add(struct oomn_cpu *c, __u32 cause, __u64 ns)
{
	struct oomn_stall *s = &c->stall[cause % OOMN_CAUSE_ROWS];

	s->count++;
	s->sum_ns += ns;
	if (ns > s->max_ns)
		s->max_ns = ns;
	s->bucket[stall_bucket(ns)]++;
}

static __always_inline void recent_set(struct task_struct *task, __u32 cause, __u64 now)
{
	struct oomn_recent new = { .end_ns = now, .cause = cause };
	struct oomn_recent *recent = recent_find(task);

	if (recent) {
		recent->end_ns = now;
		recent->cause = cause;
	} else {
		recent_add(task, &new);
	}
}

static __always_inline void end_fill(struct report *r, const struct oomn_reclaimer *begun,
				     __u64 duration_ns, __u64 reclaimed_pages)
{
	struct oomn_reclaim_end *rec = &r->gate->rec.reclaim_end;

	rec->stall_ns += duration_ns;
	rec->scanned_pages += begun->scanned_pages;
	rec->freed_pages += begun->freed_pages;
	if (r->verdict == GATE_COUNTED)
		return;
	rec->duration_ns = duration_ns;
	rec->reclaimed_pages = reclaimed_pages;
	rec->hdr.flags = begun->start_ns ? 0 : OOMN_F_START_UNSEEN;
	rec->hdr.node = begun->node;
	rec->order = begun->order;
	rec->gfp = begun->gfp;
}

/* Gives the slot back; what is kept in it for the next to see is written before. */
static __always_inline void slot_release(struct oomn_reclaimer *slot, __u32 tid, __u64 now)
{
	slot->start_ns = 0;
	slot->end_ns = now;
	__sync_val_compare_and_swap(&slot->owner, OOMN_SLOT_BUSY | tid, tid);
}

/*
 * Takes the current task's entry out of where it is. Copied to *begun, or for a begin that nobody
 * saw made up, so that the verifier need not follow both cases to the end.
 */
static __always_inline void reclaimer_take(struct oomn_cpu *c, struct task_struct *task,
					   __u32 cause, __u64 now, struct oomn_reclaimer *begun)
{
	__u32 tid = task_tid(WAY_ASK, task);
	struct oomn_reclaimer *slot = slot_find(tid), *entry = slot;

	if (!entry)
		entry = bpf_map_lookup_elem(&reclaimers, &tid);
	if (entry) {
		if (c->reclaimer != tid)
			reclaimer_moved(c, tid, entry);
		*begun = *entry;
	} else {
		begun->cause = memcg_cause(task, cause);
		begun->node = -1;
	}
	if (slot) {
		slot_release(slot, tid, now); /* which keeps what recent_set() writes down */
	} else {
		if (entry)
			bpf_map_delete_elem(&reclaimers, &tid);
		recent_set(task, begun->cause, now);
	}
	if (c->reclaimer == tid)
		c->reclaimer = 0;
}

__hidden int reclaim_end_report(void)
{
	struct oomn_reclaimer begun = {};
	struct task_struct *task;
	__u64 now, duration_ns;
	const struct facts *f;
	struct report r;

	f = report_resume(&r);
	if (!f)
		return 0;
	task = current_task(WAY_ASK);
	now = bpf_ktime_get_ns();
	reclaimer_take(r.c, task, f->cause, now, &begun);
	duration_ns = begun.start_ns ? now - begun.start_ns : 0;
	if (begun.start_ns)
		stall_add(r.c, begun.cause, duration_ns);
	report_gate(&r, begun.cause, owner_or_task(f->memcg, task), f->reclaimed_pages);
	end_fill(&r, &begun, duration_ns, f->reclaimed_pages);
	report_leave(&r);
	return 0;
}

/*
 * Arguments of begin: (order, gfp), since 7.1 (gfp, order, memcg). The barriers keep the compiler
 * from choosing an address in the context, which the verifier forbids, where we choose a value.
 */
static __always_inline int begin(struct bpf_raw_tracepoint_args *ctx, __u32 cause)
{
	struct facts f = { .kind = OOMN_RECLAIM_BEGIN, .cause = cause, .node = -1 };
	__u64 first = ctx->args[0], second = ctx->args[1];

	barrier_var(first);
	barrier_var(second);
	f.order = cfg.begin_gfp_first ? second : first;
	f.gfp = cfg.begin_gfp_first ? first : second;
	if (cfg.begin_gfp_first && cause == OOMN_CAUSE_MEMCG)
		f.memcg = ctx->args[2];
	return report_tail(ctx, &raw_tails, OOMN_TAIL_BEGIN, &f);
}

static __always_inline int end(struct bpf_raw_tracepoint_args *ctx, __u32 cause)
{
	struct facts f = { .kind = OOMN_RECLAIM_END, .cause = cause };

	f.reclaimed_pages = ctx->args[0];
	if (cfg.end_has_memcg && cause == OOMN_CAUSE_MEMCG)
		f.memcg = ctx->args[1];
	return report_tail(ctx, &raw_tails, OOMN_TAIL_END, &f);
}

SEC("raw_tp/mm_vmscan_direct_reclaim_begin")
int direct_begin(struct bpf_raw_tracepoint_args *ctx)
{
	return begin(ctx, OOMN_CAUSE_DIRECT);
}

SEC("raw_tp/mm_vmscan_direct_reclaim_end")
int direct_end(struct bpf_raw_tracepoint_args *ctx)
{
	return end(ctx, OOMN_CAUSE_DIRECT);
}

SEC("raw_tp/mm_vmscan_memcg_reclaim_begin")
int memcg_begin(struct bpf_raw_tracepoint_args *ctx)
{
	return begin(ctx, OOMN_CAUSE_MEMCG);
}

SEC("raw_tp/mm_vmscan_memcg_reclaim_end")
int memcg_end(struct bpf_raw_tracepoint_args *ctx)
{
	return end(ctx, OOMN_CAUSE_MEMCG);
}

SEC("raw_tp/mm_vmscan_node_reclaim_begin")
int BPF_PROG(node_begin, int nid, int order, gfp_t gfp)
{
	const struct facts f = { .kind = OOMN_RECLAIM_BEGIN,
				 .cause = OOMN_CAUSE_NODE,
				 .node = nid,
				 .order = order,
				 .gfp = gfp };

	return report_tail(ctx, &raw_tails, OOMN_TAIL_BEGIN, &f);
}

SEC("raw_tp/mm_vmscan_node_reclaim_end")
int node_end(struct bpf_raw_tracepoint_args *ctx)
{
	return end(ctx, OOMN_CAUSE_NODE);
}

SEC("raw_tp")
int tail_begin(void *ctx)
{
	return reclaim_begin_report();
}

SEC("raw_tp")
int tail_end(void *ctx)
{
	return reclaim_end_report();
}

SEC("raw_tp/mm_vmscan_throttled")
int BPF_PROG(throttled, int nid, int usec_timeout, int usec_delayed, int reason)
{
	const struct facts f = {
		.kind = OOMN_THROTTLED, .node = nid, .timeout_us = usec_timeout, .reason = reason
	};

	return report_tail(ctx, &raw_tails, OOMN_TAIL_PLAIN, &f);
}
