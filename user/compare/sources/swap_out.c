// SPDX-License-Identifier: GPL-2.0-only
#include "swap_out.h"

const char *const swap_out_names[SWAP_OUT_NAMES] = { "mm_vmscan_write_folio",
						     "mm_vmscan_writepage" };

struct bpf_link *swap_out_attach(struct bpf_program *prog)
{
	struct bpf_link *link = NULL;

	for (int i = 0; i < SWAP_OUT_NAMES && !link; i++)
		link = bpf_program__attach_raw_tracepoint(prog, swap_out_names[i]);
	return link;
}
