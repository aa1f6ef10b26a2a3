/* SPDX-License-Identifier: GPL-2.0-only */
/* Counts of how hard reclaim works for what it gets: no event of their own. */
#ifndef OOMN_SCAN_BPF_H
#define OOMN_SCAN_BPF_H

#include "task.bpf.h"

/* One look at pages of an inactive list, all of files or none. */
struct scanned {
	__u64 scanned_pages;
	__u64 freed_pages;
	__u64 dirty_pages; /* of files: to be written, or being so */
	__u64 kept_pages;  /* of files: activated, just used or still mapped; the dirty ones too */
	bool file;
};

__hidden int scanned_report(const struct scanned *s);
/* Comes before the scanned_report() of the same pages, whose scanned ones include the skipped. */
__hidden int skipped_report(__u64 skipped_pages, __u64 taken_pages, __u32 lru);

#endif
