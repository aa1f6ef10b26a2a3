// SPDX-License-Identifier: GPL-2.0-only
/*
 * kswapd: who found the watermark low, when kswapd set to work, when it was done. wakeup_kswapd
 * runs in the allocating task, the other two in kswapd itself.
 */
#include "emit.bpf.h"

static __always_inline int kswapd_report(enum oomn_kind kind, __s32 node, __s32 order, __u32 gfp)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct oomn_alloc *rec;
	struct report r;

	if (!report_enter(&r, kind, 0))
		return 0;
	report_gate(&r, OOMN_KSWAPD, kind == OOMN_WAKEUP_KSWAPD ? task_memcg(task) : NULL, 0);
	if (r.gate != GATE_COUNTED) {
		rec = &r.cell->rec.alloc;
		rec->hdr.node = node;
		rec->order = order;
		rec->gfp = gfp;
	}
	report_leave(&r);
	return 0;
}

SEC("raw_tp/mm_vmscan_wakeup_kswapd")
int wakeup_kswapd(struct bpf_raw_tracepoint_args *ctx)
{
	return kswapd_report(OOMN_WAKEUP_KSWAPD, ctx->args[0], ctx->args[2], ctx->args[3]);
}

SEC("raw_tp/mm_vmscan_kswapd_wake")
int kswapd_wake(struct bpf_raw_tracepoint_args *ctx)
{
	return kswapd_report(OOMN_KSWAPD_WAKE, ctx->args[0], ctx->args[2], 0);
}

SEC("raw_tp/mm_vmscan_kswapd_sleep")
int kswapd_sleep(struct bpf_raw_tracepoint_args *ctx)
{
	return kswapd_report(OOMN_KSWAPD_SLEEP, ctx->args[0], 0, 0);
}
