/* SPDX-License-Identifier: GPL-2.0-only */
/* The report of what kswapd does, or is woken to do, apart from where its values come from. */
#ifndef OOMN_KSWAPD_BPF_H
#define OOMN_KSWAPD_BPF_H

#include "emit.bpf.h"

static __always_inline int kswapd_report(enum oomn_kind kind, __s32 node, __s32 order, __u32 gfp)
{
	struct oomn_alloc *rec;
	struct report r;

	if (!report_enter(&r, kind, 0))
		return 0;
	report_gate(&r, OOMN_CAUSE_KSWAPD,
		    kind == OOMN_WAKEUP_KSWAPD ? task_owner(current_task()) : (struct owner){}, 0);
	if (r.verdict != GATE_COUNTED) {
		rec = &r.gate->rec.alloc;
		rec->hdr.node = node;
		rec->order = order;
		rec->gfp = gfp;
	}
	report_leave(&r);
	return 0;
}

#endif
