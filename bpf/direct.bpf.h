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

/* A member of what a tracepoint passed, or of what was cast. */
#define READ_TYPED(ptr, member)                                                 \
	({                                                                      \
		typeof((ptr)->member) value_ = 0;                               \
                                                                                \
		if (cfg.typed)                                                  \
			value_ = (ptr)->member;                                 \
		else                                                            \
			bpf_core_read(&value_, sizeof(value_), &(ptr)->member); \
		value_;                                                         \
	})

/* A member of a type with this id, by an address of any origin. */
#define READ_CAST(ptr, type_id, member)                                                \
	({                                                                             \
		typeof((ptr)->member) value_ = 0;                                      \
                                                                                       \
		if (cfg.can_cast)                                                      \
			value_ = ((typeof(ptr))rdonly_cast((ptr), (type_id)))->member; \
		else                                                                   \
			bpf_core_read(&value_, sizeof(value_), &(ptr)->member);        \
		value_;                                                                \
	})

static __always_inline const void *folio_typed(const void *folio)
{
	return cfg.can_cast ? rdonly_cast(folio, cfg.folio_type) : folio;
}

static __always_inline struct reclaim_stat *stat_typed(struct reclaim_stat *stat)
{
	return cfg.can_cast ? rdonly_cast(stat, cfg.stat_type) : stat;
}

/*
 * Of a type that the verifier knows where cfg.task_typed, else only an address. By a cast it costs
 * the verifier 2 ms less a program: of each pointer in a trusted task it asks all types of the
 * kernel whether that is trusted as well. A report asks for it once: each helper costs 8 to 20 ns.
 */
static __always_inline struct task_struct *current_task(void)
{
	if (cfg.can_cast)
		return rdonly_cast((const void *)bpf_get_current_task(), cfg.task_type);
	if (cfg.task_typed)
		return bpf_get_current_task_btf();
	return (struct task_struct *)bpf_get_current_task();
}

/* @task is the current one. */
static __always_inline __u32 task_tid(const struct task_struct *task)
{
	return cfg.task_typed ? (__u32)task->pid : (__u32)bpf_get_current_pid_tgid();
}

/* Bits of a pointer, on which the verifier allows no logic: a 32-bit move makes a number of it. */
static __always_inline __u32 low_bits(const void *p)
{
	__u32 bits;

	asm volatile("%0 = %1" : "=w"(bits) : "w"((__u32)(unsigned long)p));
	return bits;
}

#endif
