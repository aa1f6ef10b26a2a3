/* SPDX-License-Identifier: GPL-2.0-only */
/* Reports that tell what their tracepoint says, of kswapd and of throttling. */
#ifndef OOMN_PLAIN_BPF_H
#define OOMN_PLAIN_BPF_H

#include "owner.bpf.h"
#include "tails.bpf.h"
#include "task.bpf.h"

static __always_inline int kswapd_report(void *ctx, void *tails, enum oomn_kind kind, __s32 node,
					 __s32 order, __u32 gfp)
{
	const struct facts f = { .kind = kind, .node = node, .order = order, .gfp = gfp };

	return report_tail(ctx, tails, OOMN_TAIL_PLAIN, &f);
}

static __always_inline void plain_fill(struct report *r, const struct facts *f)
{
	struct oomn_throttled *throttled = &r->gate->rec.throttled;

	if (f->kind != OOMN_THROTTLED) {
		alloc_fill(&r->gate->rec.alloc, f);
		return;
	}
	throttled->hdr.node = f->node;
	throttled->timeout_us = f->timeout_us;
	throttled->reason = f->reason;
}

/* The last part of them. */
static __always_inline int plain_report(void)
{
	__u32 cause = OOMN_CAUSE_KSWAPD;
	struct task_struct *task;
	struct owner owner = {};
	const struct facts *f;
	struct report r;

	f = report_resume(&r);
	if (!f)
		return 0;
	task = current_task(WAY_ASK);
	if (f->kind == OOMN_THROTTLED)
		cause = current_cause(r.c, task_tid(WAY_ASK, task));
	if (f->kind != OOMN_KSWAPD_WAKE && f->kind != OOMN_KSWAPD_SLEEP)
		owner = task_owner(task);
	report_gate(&r, cause, owner, 0);
	if (r.verdict != GATE_COUNTED)
		plain_fill(&r, f);
	report_leave(&r);
	return 0;
}

#endif
