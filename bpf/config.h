/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Decisions of the loader for the BPF programs, between open and load. Read-only in the kernel, so
 * the verifier drops the branches that this machine does not need.
 */
#ifndef OOMN_CONFIG_H
#define OOMN_CONFIG_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

struct oomn_config {
	__u64 gap_ns;	   /* shortest time between two records of one gate; 0: every hit (raw) */
	__u64 flush_ns;	   /* a gate silent for so long will hardly be opened by another hit */
	__u64 wake_gap_ns; /* shortest time between two wake-ups for one kind and cause */
	__u64 gap_ticks;   /* gap_ns in whole ticks; 0: too short for that, read the clock */
	__u64 growth_ns_per_page; /* a memory cgroup grows by a base page in no less */
	__u32 begin_gfp_first;	  /* *_reclaim_begin(gfp, order, memcg), since 7.1 */
	__u32 end_has_memcg;	  /* *_reclaim_end(nr_reclaimed, memcg), since 7.1 */
	__u32 victim_has_task;	  /* mark_victim(task, uid) instead of (pid) */
	__u32 psi_on;		  /* task->in_memstall is kept */
	__u32 isolate_has_mode;	  /* mm_vmscan_lru_isolate(..., isolate_mode, lru), before 6.7 */
	__u32 kills_signalled;	  /* signal_generate is attached: see bpf/oom.bpf.c */
	/* The way that pointers are read: bpf/direct.bpf.h. An id is that in the kernel's BTF. */
	__u32 typed;	/* the verifier knows their types: by the tracepoint or by a cast */
	__u32 can_cast; /* bpf_rdonly_cast() is there, and so are the ids */
	__u32 folio_type;
	__u32 memcg_type;
	__u32 objcg_type;
	__u32 stat_type; /* struct reclaim_stat */
	__u32 task_type;
	__u32 task_typed; /* by a cast or by bpf_get_current_task_btf() */
	__u32 has_slots;  /* atomic instructions that return a value are */
};

/*
 * Programs that others end in (bpf/tails.bpf.h), each called tail_NAME among the raw and
 * tp_tail_NAME among the classic ones.
 */
enum oomn_tail { OOMN_TAIL_BEGIN, OOMN_TAIL_END, OOMN_TAIL_PLAIN, OOMN_NR_TAILS };

/*
 * Called in place of bpf_rdonly_cast(), whose number only the running kernel knows: the loader puts
 * it in. Far above any helper's number.
 */
#define OOMN_CAST_CALL 0x6f6f6d6e

#endif
