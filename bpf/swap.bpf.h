/* SPDX-License-Identifier: GPL-2.0-only */
/* The report of a swap-out, apart from where its values come from. */
#ifndef OOMN_SWAP_BPF_H
#define OOMN_SWAP_BPF_H

#include "compat.bpf.h"
#include "emit.bpf.h"
#include "task.bpf.h"

static __always_inline void swap_out_report(enum way way, struct owner owner, __u64 pages,
					    __u64 shmem_pages)
{
	struct report r;

	if (!report_enter(&r, OOMN_SWAP_OUT, pages))
		return;
	report_gate(&r, current_cause(r.c, task_tid(way, current_task(way))), owner, pages);
	if (shmem_pages)
		r.gate->rec.swap_out.shmem_pages += shmem_pages;
	report_leave(&r);
}

static __always_inline int swap_out_by(enum way way, const void *folio)
{
	unsigned long flags;
	__u64 pages;

	folio = folio_typed(way, folio);
	flags = folio_flags(way, folio);
	if (!(flags & 1UL << bpf_core_enum_value(enum pageflags, PG_swapbacked)))
		return 0;
	pages = folio_pages(way, folio, flags);
	swap_out_report(way, folio_owner(way, folio), pages, folio_is_anon(way, folio) ? 0 : pages);
	return 0;
}

static __always_inline int swap_out(const void *folio)
{
	return BY_WAY(swap_out_by, folio);
}

#endif
