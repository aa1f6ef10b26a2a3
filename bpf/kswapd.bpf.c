// SPDX-License-Identifier: GPL-2.0-only
/*
 * kswapd: who found the watermark low, when kswapd set to work, when it was done. wakeup_kswapd
 * runs in the allocating task, the other two in kswapd itself.
 */
#include "plain.bpf.h"
#include <bpf/bpf_tracing.h>

SEC("raw_tp/mm_vmscan_wakeup_kswapd")
int BPF_PROG(wakeup_kswapd, int nid, int zid, int order, gfp_t gfp)
{
	return kswapd_report(ctx, &raw_tails, OOMN_WAKEUP_KSWAPD, nid, order, gfp);
}

SEC("raw_tp/mm_vmscan_kswapd_wake")
int BPF_PROG(kswapd_wake, int nid, int zid, int order)
{
	return kswapd_report(ctx, &raw_tails, OOMN_KSWAPD_WAKE, nid, order, 0);
}

SEC("raw_tp/mm_vmscan_kswapd_sleep")
int BPF_PROG(kswapd_sleep, int nid)
{
	return kswapd_report(ctx, &raw_tails, OOMN_KSWAPD_SLEEP, nid, 0, 0);
}
