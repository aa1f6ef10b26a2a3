// SPDX-License-Identifier: GPL-2.0-only
/*
 * kswapd: who found the watermark low, when kswapd set to work, when it was done. wakeup_kswapd
 * runs in the allocating task, the other two in kswapd itself.
 */
#include "tails.bpf.h"
#include <bpf/bpf_tracing.h>

static __always_inline int kswapd(void *ctx, enum oomn_kind kind, __s32 node, __s32 order,
				  __u32 gfp)
{
	const struct facts f = { .kind = kind, .node = node, .order = order, .gfp = gfp };

	return report_tail(ctx, &raw_tails, OOMN_TAIL_PLAIN, &f);
}

SEC("raw_tp/mm_vmscan_wakeup_kswapd")
int BPF_PROG(wakeup_kswapd, int nid, int zid, int order, gfp_t gfp)
{
	return kswapd(ctx, OOMN_WAKEUP_KSWAPD, nid, order, gfp);
}

SEC("raw_tp/mm_vmscan_kswapd_wake")
int BPF_PROG(kswapd_wake, int nid, int zid, int order)
{
	return kswapd(ctx, OOMN_KSWAPD_WAKE, nid, order, 0);
}

SEC("raw_tp/mm_vmscan_kswapd_sleep")
int BPF_PROG(kswapd_sleep, int nid)
{
	return kswapd(ctx, OOMN_KSWAPD_SLEEP, nid, 0, 0);
}
