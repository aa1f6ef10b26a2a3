/* SPDX-License-Identifier: GPL-2.0-only */
/* The last part of reports that tell what their tracepoint says: of kswapd, and of throttling. */
#ifndef OOMN_PLAIN_BPF_H
#define OOMN_PLAIN_BPF_H

#include "owner.bpf.h"
#include "tails.bpf.h"
#include "task.bpf.h"

static __always_inline void plain_fill(struct report *r, const struct facts *f)
{
	struct oomn_alloc *alloc = &r->gate->rec.alloc;

	alloc->hdr.node = f->node;
	if (f->kind == OOMN_THROTTLED) {
		r->gate->rec.throttled.timeout_us = f->timeout_us;
		r->gate->rec.throttled.reason = f->reason;
	} else {
		alloc->order = f->order;
		alloc->gfp = f->gfp;
	}
}

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
