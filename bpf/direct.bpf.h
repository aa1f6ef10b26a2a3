/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading the kernel's memory by plain loads where the verifier knows a pointer's type, and by
 * bpf_probe_read_kernel() elsewhere: a load costs 1 to 3 ns, the helper 31, cold 47. Of three ways
 * a kernel gets the first that it has:
 *
 *	cast	bpf_rdonly_cast() gives any address a type (6.2)
 *	tp_btf	the tracepoint's own arguments have theirs (5.5)
 *	probe	nothing has
 *
 * and the current task's type is known from 5.11 on. The loader decides, before it loads
 * (user/core/direct.c); the verifier follows and drops what this kernel does not need.
 */
#ifndef OOMN_DIRECT_BPF_H
#define OOMN_DIRECT_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "config.h"

extern const volatile struct oomn_config cfg;

/* @p with the type of this id in the kernel's BTF, a constant; only where cfg.can_cast. */
static void *(*const rdonly_cast)(const void *p, __u32 type_id) = (void *)OOMN_CAST_CALL;

/*
 * A member by the helper; from a copy of @ptr, lest its address is worked out for a plain load as
 * well.
 */
#define READ_PROBED(ptr, member)                                       \
	({                                                             \
		typeof((ptr)->member) probed_;                         \
		typeof(ptr) p_ = (ptr);                                \
                                                                       \
		barrier_var(p_);                                       \
		bpf_core_read(&probed_, sizeof(probed_), &p_->member); \
		probed_;                                               \
	})

/*
 * Code that runs for every hit has a copy for each way, chosen once (BY_WAY): a look at @cfg before
 * each member would be a fifth of its instructions. The rest asks each time.
 */
enum way { WAY_ASK, WAY_PROBE, WAY_TP_BTF, WAY_CAST };

#define BY_WAY(fn, ...)                               \
	(cfg.can_cast ? fn(WAY_CAST, __VA_ARGS__) :   \
	 cfg.typed    ? fn(WAY_TP_BTF, __VA_ARGS__) : \
			fn(WAY_PROBE, __VA_ARGS__))

static __always_inline bool way_casts(enum way way)
{
	return way ? way == WAY_CAST : cfg.can_cast;
}

static __always_inline bool way_is_typed(enum way way)
{
	return way ? way != WAY_PROBE : cfg.typed;
}

static __always_inline bool way_types_task(enum way way)
{
	return way == WAY_CAST || cfg.task_typed;
}

/* A member of what a tracepoint passed, or of what was cast. */
#define READ_TYPED(way, ptr, member) (way_is_typed(way) ? (ptr)->member : READ_PROBED(ptr, member))

/* A member of a type with this id, by an address of any origin. */
#define READ_CAST(way, ptr, type_id, member)                                     \
	(way_casts(way) ? ((typeof(ptr))rdonly_cast((ptr), (type_id)))->member : \
			  READ_PROBED(ptr, member))

static __always_inline const void *folio_typed(enum way way, const void *folio)
{
	return way_casts(way) ? rdonly_cast(folio, cfg.folio_type) : folio;
}

static __always_inline struct reclaim_stat *stat_typed(struct reclaim_stat *stat)
{
	return cfg.can_cast ? rdonly_cast(stat, cfg.stat_type) : stat;
}

/*
 * Its type is known to the verifier where cfg.task_typed, else only an address. By a cast it costs
 * the verifier 2 ms less a program: of each pointer in a trusted task it asks all types of the
 * kernel whether that is trusted as well. A report asks for it once: each helper costs 8 to 20 ns.
 */
static __always_inline struct task_struct *current_task(enum way way)
{
	if (way_casts(way))
		return rdonly_cast((const void *)bpf_get_current_task(), cfg.task_type);
	if (way_types_task(way))
		return bpf_get_current_task_btf();
	return (struct task_struct *)bpf_get_current_task();
}

/* @task is the current one. */
static __always_inline __u32 task_tid(enum way way, const struct task_struct *task)
{
	return way_types_task(way) ? (__u32)task->pid : (__u32)bpf_get_current_pid_tgid();
}

/* Bits of a pointer, on which the verifier allows no logic: a 32-bit move makes a number of it. */
static __always_inline __u32 low_bits(const void *p)
{
	__u32 bits;

	asm volatile("%0 = %1" : "=w"(bits) : "w"((__u32)(unsigned long)p));
	return bits;
}

#endif
