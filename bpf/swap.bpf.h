/* SPDX-License-Identifier: GPL-2.0-only */
/* The report of a swap-out, apart from where its values come from. */
#ifndef OOMN_SWAP_BPF_H
#define OOMN_SWAP_BPF_H

#include "compat.bpf.h"
#include "emit.bpf.h"
#include "task.bpf.h"

static __always_inline void swap_out_report(struct owner owner, __u64 pages, __u64 shmem_pages)
{
	struct report r;

	if (!report_enter(&r, OOMN_SWAP_OUT, pages))
		return;
	report_gate(&r, current_cause(r.c, task_tid(current_task())), owner, pages);
	if (shmem_pages)
		r.gate->rec.swap_out.shmem_pages += shmem_pages;
	report_leave(&r);
}

static __always_inline int swap_out(const void *folio)
{
	unsigned long flags;
	__u64 pages;

	folio = folio_typed(folio);
	flags = folio_flags(folio);
	if (!(flags & 1UL << bpf_core_enum_value(enum pageflags, PG_swapbacked)))
		return 0;
	pages = folio_pages(folio, flags);
	swap_out_report(folio_owner(folio), pages, folio_is_anon(folio) ? 0 : pages);
	return 0;
}

#endif
