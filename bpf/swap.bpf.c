// SPDX-License-Identifier: GPL-2.0-only
/*
 * Swap-out. The tracepoint fires once a folio that reclaim could write, whether it then reaches the
 * swap device, zswap or (all zeroes) only the swap table. Before 6.16 reclaim wrote dirty file
 * pages through it as well: those are no swap-out and have no swap-backed flag.
 */
#include "swap.bpf.h"
#include <bpf/bpf_tracing.h>

SEC("raw_tp/mm_vmscan_write_folio")
int BPF_PROG(swap_write_folio, struct folio *folio)
{
	return swap_out(folio);
}

/* Until e0cd5e7ffa54 ("mm/vmscan: Convert pageout() to take a folio", 5.18). */
SEC("raw_tp/mm_vmscan_writepage")
int BPF_PROG(swap_writepage, struct page *page)
{
	return swap_out(page);
}
