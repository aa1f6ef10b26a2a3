/* SPDX-License-Identifier: GPL-2.0-only */
/* The report of a swap-out, apart from where its values come from. */
#ifndef OOMN_SWAP_BPF_H
#define OOMN_SWAP_BPF_H

#include "emit.bpf.h"
#include "task.bpf.h"

static __always_inline void swap_out_report(const struct mem_cgroup *owner, __u64 pages,
					    __u64 shmem_pages)
{
	struct report r;

	if (!report_enter(&r, OOMN_SWAP_OUT, pages))
		return;
	report_gate(&r, current_cause(r.c), owner, pages);
	if (shmem_pages)
		r.cell->rec.swap_out.shmem_pages += shmem_pages;
	report_leave(&r);
}

#endif
