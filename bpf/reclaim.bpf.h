/* SPDX-License-Identifier: GPL-2.0-only */
/* Reports of a task's own reclaim, apart from where their values come from. */
#ifndef OOMN_RECLAIM_BPF_H
#define OOMN_RECLAIM_BPF_H

#include "emit.bpf.h"
#include "task.bpf.h"

/* What a task last reclaimed for, for a while after its end: the OOM killer comes next or never. */
struct recent {
	__u64 end_ns;
	__u32 tid;
	__u32 cause;
};

#define NR_RECENT 1024

struct recents_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, NR_RECENT);
	__type(key, __u32);
	__type(value, struct recent);
};

extern struct recents_map recents SEC(".maps");

__hidden int reclaim_begin_report(__u32 cause, __s32 node, __s32 order, __u32 gfp, __u64 memcg);
__hidden int reclaim_end_report(__u32 cause, __u64 reclaimed_pages, __u64 memcg);
__hidden int throttled_report(__s32 node, __u32 timeout_us, __u32 reason);

/* One look at pages of an inactive list, all of files or none. */
struct scanned {
	__u64 scanned_pages;
	__u64 freed_pages;
	__u64 dirty_pages; /* of files: to be written, or being so */
	__u64 kept_pages;  /* of files: activated, just used or still mapped; the dirty ones too */
	bool file;
};

/* How hard reclaim works for what it gets: no event of its own. */
__hidden int scanned_report(const struct scanned *s);
/* Comes before the scanned_report() of the same pages, whose scanned ones include the skipped. */
__hidden int skipped_report(__u64 skipped_pages, __u64 taken_pages, __u32 lru);

#endif
