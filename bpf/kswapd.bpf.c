// SPDX-License-Identifier: GPL-2.0-only
/*
 * kswapd: who found the watermark low, when kswapd set to work, when it was done. wakeup_kswapd
 * runs in the allocating task, the other two in kswapd itself.
 */
#include "kswapd.bpf.h"

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
