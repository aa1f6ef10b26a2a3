/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory cgroups: which one a page or a task belongs to, and its row in the table of totals. */
#ifndef OOMN_CGROUP_BPF_H
#define OOMN_CGROUP_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "direct.bpf.h"
#include "tables.h"

struct cgroups_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, OOMN_NR_CGROUPS);
	__type(key, __u32);
	__type(value, struct oomn_cgroup);
};

extern struct cgroups_map cgroups SEC(".maps");

/* 0 for none. */
static __always_inline __u64 memcg_serial(enum way way, const struct mem_cgroup *memcg)
{
	return memcg ? READ_CAST(way, (struct mem_cgroup *)memcg, cfg.memcg_type, css.serial_nr) :
		       0;
}

/* The id of the cgroup's directory: its inode number. 0 for none. */
static __always_inline __u64 memcg_id(const struct mem_cgroup *memcg)
{
	return memcg ? BPF_CORE_READ(memcg, css.cgroup, kn, id) : 0;
}

/* css is the first member, as the kernel's own container_of() finds. */
static __always_inline struct mem_cgroup *css_memcg(const struct cgroup_subsys_state *css)
{
	return css ? (void *)css - bpf_core_field_offset(struct mem_cgroup, css) : NULL;
}

static __always_inline struct mem_cgroup *task_memcg(struct task_struct *task)
{
	struct css_set *set = BPF_CORE_READ(task, cgroups);
	struct cgroup_subsys_state *css = NULL;

	if (!set)
		return NULL;
	bpf_core_read(&css, sizeof(css),
		      &set->subsys[bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id)]);
	return css_memcg(css);
}

/*
 * The row of this cgroup; a new one on first sight, with one for each directory above it, or
 * OOMN_CGROUP_OTHER when the table is full. Only inside a report: user space gives a row to another
 * cgroup when every CPU has been outside of one.
 */
__hidden __u32 cgroup_row(__u64 memcg);

#endif
