// SPDX-License-Identifier: GPL-2.0-only
/*
 * The least that programs on the raw tracepoints of a swap storm can cost. Each is called as ours
 * on the same tracepoint (bpf/swap.bpf.c, bpf/reclaim.bpf.c, bpf/scan.bpf.c).
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("raw_tp") /* its name is not the same everywhere */
int swap_write(void *ctx)
{
	return 0;
}

SEC("raw_tp/mm_vmscan_memcg_reclaim_begin")
int memcg_begin(void *ctx)
{
	return 0;
}

SEC("raw_tp/mm_vmscan_memcg_reclaim_end")
int memcg_end(void *ctx)
{
	return 0;
}

SEC("raw_tp/mm_vmscan_lru_isolate")
int isolate(void *ctx)
{
	return 0;
}

SEC("raw_tp/mm_vmscan_lru_shrink_inactive")
int shrink_inactive(void *ctx)
{
	return 0;
}
