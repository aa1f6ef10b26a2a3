/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory cgroup that a page or a task belongs to: its serial number, which every hit needs, and
 * where to find the rest, which only the first hit does.
 */
#ifndef OOMN_OWNER_BPF_H
#define OOMN_OWNER_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "cgroup.bpf.h"
#include "compat.bpf.h"
#include "direct.bpf.h"

struct owner {
	__u64 serial; /* of its css; 0: none */
	__u64 at;     /* the address of the mem_cgroup, or: */
};

#define OWNER_TASK  1ULL /* that of the current task */
#define OWNER_OBJCG 2ULL /* a bit: that of the obj_cgroup at the rest */

static __always_inline struct owner memcg_owner(enum way way, const struct mem_cgroup *memcg)
{
	return (struct owner){ memcg_serial(way, memcg), (__u64)memcg };
}

static __always_inline struct owner folio_owner(enum way way, const void *folio)
{
	__u64 data = folio_memcg_data(way, folio);

	if (data && way == WAY_TP_BTF && page_has_memcg())
		return (struct owner){ page_memcg_serial(folio), data };
	if (!data || !folio_has_objcg())
		return memcg_owner(way, (const struct mem_cgroup *)data);
	return (struct owner){ memcg_serial(way, objcg_memcg(way, data)), data | OWNER_OBJCG };
}

/* The current task's. */
static __always_inline struct owner task_owner(struct task_struct *task)
{
	const __u32 memory = bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id);
	const struct cgroup_subsys_state *css;

	if (!cfg.task_typed)
		return memcg_owner(WAY_PROBE, task_memcg(task));
	css = task->cgroups->subsys[memory];
	return (struct owner){ css ? css->serial_nr : 0, OWNER_TASK };
}

/* The address of the mem_cgroup; 0: none. */
static __always_inline __u64 owner_memcg(__u64 at)
{
	if (at == OWNER_TASK)
		return (__u64)task_memcg((void *)bpf_get_current_task());
	if (at & OWNER_OBJCG)
		return (__u64)BPF_CORE_READ((struct obj_cgroup___v71 *)(at & ~OWNER_OBJCG), memcg);
	return at;
}

#endif
