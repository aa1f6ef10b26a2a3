/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * This kernel's tracepoints and the arguments that they pass, asked of its BTF and never of
 * its version. One probe, used by the loader to choose programs and by `check` to explain them.
 */
#ifndef OOMN_FEATURES_H
#define OOMN_FEATURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct btf;

/* The tracepoints we attach to; an index of feature_tps[] and of the arrays in struct features. */
enum feature_tp {
	TP_SWAP_OUT, /* mm_vmscan_write_folio, or mm_vmscan_writepage before 5.18 */
	TP_WAKEUP_KSWAPD,
	TP_KSWAPD_WAKE,
	TP_KSWAPD_SLEEP,
	TP_DIRECT_BEGIN,
	TP_DIRECT_END,
	TP_MEMCG_BEGIN,
	TP_MEMCG_END,
	TP_NODE_BEGIN,
	TP_NODE_END,
	TP_THROTTLED,
	TP_LRU_ISOLATE,
	TP_SHRINK_INACTIVE,
	TP_MARK_VICTIM,
	TP_SIGNAL_GENERATE,
	TP_CGROUP_RMDIR,
	TP_CGROUP_RENAME,
	NR_FEATURE_TPS,
};

enum tp_state {
	TP_MISSING,	  /* this kernel has no such tracepoint */
	TP_UNKNOWN_SHAPE, /* it has, but with arguments we do not know: not to be used */
	TP_USABLE,
};

/* Arguments that our programs can take. */
struct tp_shape {
	const char *args; /* as in struct features; NULL: no such shape */
	size_t says;	  /* offset of a bool in struct features that it makes true; 0: none */
};

#define FEATURE_TP_SHAPES 2

/* Properties of a tracepoint that are the same on every kernel. */
struct feature_tp_info {
	const char *name; /* as in the raw tracepoint to attach to */
	struct tp_shape shape[FEATURE_TP_SHAPES];
	uint32_t kinds;	      /* 1 << enum oomn_kind of what it tells; 0: it only helps others */
	enum feature_tp like; /* its arguments must be this one's, where both are; 0: nobody's */
	const char *cost;     /* a sentence: what is not told or goes wrong without it */
	const char *old_name; /* looked for where @name does not exist; NULL for none */
	const char *old_args; /* that it must have */
};

extern const struct feature_tp_info feature_tps[NR_FEATURE_TPS];

#define FEATURE_ARGS_LEN 96

struct features {
	enum tp_state tp[NR_FEATURE_TPS];
	const char *tp_name[NR_FEATURE_TPS];		/* the one this kernel has; never NULL */
	char tp_args[NR_FEATURE_TPS][FEATURE_ARGS_LEN]; /* "int, gfp_t"; "" when missing */

	/*
	 * Made true by the shape of a usable tracepoint. Those of *_reclaim_* hold for direct and
	 * memcg reclaim alike: where the two differ, the memcg one is TP_UNKNOWN_SHAPE. Their
	 * cgroup came with "mm: vmscan: add cgroup IDs to vmscan tracepoints" (7.1).
	 */
	bool begin_gfp_first; /* *_reclaim_begin(gfp, order, memcg), not (order, gfp) */
	bool end_has_memcg;   /* *_reclaim_end(nr_reclaimed, memcg), not (nr_reclaimed) */

	/*
	 * mm_vmscan_lru_isolate(..., isolate_mode_t, int lru), until 3dfbb555c98a ("mm, vmscan:
	 * remove ISOLATE_UNMAPPED", 6.7).
	 */
	bool isolate_has_mode;

	/*
	 * mark_victim(struct task_struct *, uid_t), not (int pid), since 72ba14deb40a ("mm: update
	 * mark_victim tracepoints fields", 6.9 and in stable kernels).
	 */
	bool victim_has_task;

	/*
	 * Raw tracepoint programs run with preemption on, since a46023d5616e ("tracing: Guard
	 * __DECLARE_TRACE() use of __DO_TRACE_CALL() with SRCU-fast", 7.0); the kernel skips such a
	 * program for other tasks on the CPU where one was preempted inside it.
	 */
	bool raw_tp_preemptible;

	/* Ids in the kernel's BTF for programs that read by plain loads (direct.h); 0: none. */
	uint32_t tp_id[NR_FEATURE_TPS]; /* of the typedef that names a tracepoint's arguments */
	uint32_t cast_func;		/* bpf_rdonly_cast(), since 6.2 */
	uint32_t folio_type, memcg_type, objcg_type, stat_type, task_type;
	bool has_task_btf; /* bpf_get_current_task_btf(), since 5.11 */
	/*
	 * Atomic instructions that return a value came with 5ffa25502b5a ("bpf: Add instructions
	 * for atomic_[cmp]xchg", 5.12), which left no mark in types. The next helper did, of 5.13.
	 */
	bool has_fetch;

	bool has_ringbuf;	  /* the BPF ring buffer map type, since 5.8 */
	bool has_timers;	  /* of BPF programs, since 5.15 */
	bool maps_charge_memlock; /* maps count against RLIMIT_MEMLOCK (before 5.11) */
	bool mglru_tells_scans;	  /* lru_shrink_inactive fires with multi-gen LRU too (since 6.7) */
};

/*
 * Fills @f from @btf, which may be that of any kernel. 0, or -EINVAL when @btf is no kernel's (it
 * has no tracepoint at all); @f then says that nothing is there.
 */
int features_probe(const struct btf *btf, struct features *f);

/* The same for the running kernel. Negative errno when it has no readable BTF. */
int features_probe_running(struct features *f);

#endif
