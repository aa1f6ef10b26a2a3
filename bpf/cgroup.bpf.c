// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of cgroups: a row a directory, linked to its parent's, with the name taken from the
 * kernel's own tree, so that user space can name a cgroup that is gone by the time it looks. Rows
 * are found by id. Whoever sees a cgroup first takes rows for it and what is above it; user space
 * decides when a row is given back (user/core/rows.c), and tend() does it.
 *
 * Functions without __hidden are verified by themselves, once a program instead of once a call.
 */
#include "cgroup.bpf.h"
#include <bpf/bpf_tracing.h>
#include "compat.bpf.h"

#define WALK_LEVELS 16 /* directories linked in one go; tend() goes on from there */
#define TEND_ROWS   64

struct cgroups_map cgroups SEC(".maps");

/* The directory of a row, and the name that was taken: a rename puts another in its place. */
struct source {
	__u64 kn;
	__u64 name;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, OOMN_NR_CGROUPS);
	__type(key, __u32);
	__type(value, struct source);
} row_sources SEC(".maps");

/* cgroup id -> row */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, OOMN_NR_CGROUPS);
	__type(key, __u64);
	__type(value, __u32);
} cgroup_rows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, OOMN_NR_CGROUPS);
	__type(value, __u32);
} free_rows SEC(".maps");

volatile __u64 rows_taken = 0; /* since the start */
/* Rows whose name or parent is not what it should be, so far: tend() puts them right. */
volatile __u64 rows_stale = 0;

static __always_inline struct oomn_cgroup *row_at(__u32 row)
{
	return bpf_map_lookup_elem(&cgroups, &row);
}

static __always_inline struct source *source_at(__u32 row)
{
	return bpf_map_lookup_elem(&row_sources, &row);
}

/*
 * Whether @kn is still the directory with this id, and its cgroup not being removed. What a freed
 * directory's memory holds has another id.
 */
static __always_inline bool is_alive(const struct kernfs_node *kn, __u64 id)
{
	const struct cgroup *cgrp = BPF_CORE_READ(kn, priv);

	return BPF_CORE_READ(kn, id) == id && cgrp &&
	       (BPF_CORE_READ(cgrp, self.flags) & CSS_ONLINE);
}

static __always_inline void name_take(struct oomn_cgroup *entry, struct source *source)
{
	const struct kernfs_node *kn = (const struct kernfs_node *)source->kn;

	source->name = (__u64)BPF_CORE_READ(kn, name);
	bpf_probe_read_kernel_str(entry->name, sizeof(entry->name), (const void *)source->name);
}

/* A row for directory @kn, without its parent. */
__noinline __u32 row_take(__u64 kn_addr)
{
	const struct kernfs_node *kn = (const struct kernfs_node *)kn_addr;
	struct oomn_cgroup *entry;
	struct source *source;
	__u32 row = 0;

	if (bpf_map_pop_elem(&free_rows, &row))
		return OOMN_CGROUP_OTHER;
	entry = row_at(row);
	source = source_at(row);
	if (!entry || !source)
		return OOMN_CGROUP_OTHER;
	__sync_fetch_and_add(&rows_taken, 1);
	source->kn = kn_addr;
	entry->id = BPF_CORE_READ(kn, id);
	name_take(entry, source);
	entry->state = OOMN_ROW_NEW;
	return row;
}

/*
 * Links @row, directory @kn's, to its parent's. Returns that one if it is new and wants a parent
 * too.
 */
__noinline __u32 row_link(__u32 row, __u64 kn)
{
	const struct kernfs_node *parent = kernfs_parent((const struct kernfs_node *)kn);
	struct oomn_cgroup *entry = row_at(row);
	__u32 *known, up;
	__u64 id;

	if (row < OOMN_CGROUP_FIRST || !entry)
		return 0;
	if (!parent) {
		entry->parent = OOMN_CGROUP_NONE;
		return 0;
	}
	id = BPF_CORE_READ(parent, id);
	if (!id)
		return 0;
	known = bpf_map_lookup_elem(&cgroup_rows, &id);
	up = known ? *known : row_take((__u64)parent);
	entry->parent_id = id;
	entry->parent = up;
	return known ? 0 : up;
}

/*
 * Makes @row known by its id. Returns its parent's row, which may be new too; 0 when there is
 * nothing to do. A removal that came before anybody could find the row left its mark on the cgroup.
 */
__noinline __u32 row_publish(__u32 row)
{
	struct oomn_cgroup *entry = row_at(row);
	struct source *source = source_at(row);
	__u64 id;

	if (row < OOMN_CGROUP_FIRST || !entry || !source || entry->state != OOMN_ROW_NEW)
		return 0;
	id = entry->id;
	if (bpf_map_update_elem(&cgroup_rows, &id, &row, BPF_NOEXIST)) {
		entry->state = OOMN_ROW_UNLINKED; /* another CPU was faster */
		return entry->parent;
	}
	entry->state = OOMN_ROW_USED;
	if (!is_alive((const struct kernfs_node *)source->kn, id))
		entry->removed_id = id;
	return entry->parent;
}

/* Links @row and what is above it. Without branches: the verifier follows one path. */
static __always_inline void rows_link(__u32 row, __u64 kn)
{
	for (int i = 0; i < WALK_LEVELS; i++) {
		row = row_link(row, kn);
		kn = (__u64)kernfs_parent((const struct kernfs_node *)kn);
	}
	if (row)
		__sync_fetch_and_add(&rows_stale, 1);
}

/* The lowest first, when all above it are linked: whoever finds it finds its whole path. */
static __always_inline void rows_publish(__u32 row)
{
	for (int i = 0; i <= WALK_LEVELS; i++)
		row = row_publish(row);
}

__noinline __u32 cgroup_row_add(__u64 kn_addr)
{
	const struct kernfs_node *kn = (const struct kernfs_node *)kn_addr;
	__u64 id = BPF_CORE_READ(kn, id);
	__u32 row = row_take(kn_addr), *known;

	rows_link(row, kn_addr);
	rows_publish(row);
	known = bpf_map_lookup_elem(&cgroup_rows, &id);
	return known ? *known : OOMN_CGROUP_OTHER;
}

__hidden __u32 cgroup_row(__u64 memcg_addr)
{
	const struct mem_cgroup *memcg = (void *)memcg_addr;
	__u64 id = memcg_id(memcg);
	__u32 *known;

	if (!id)
		return OOMN_CGROUP_NONE;
	known = bpf_map_lookup_elem(&cgroup_rows, &id);
	return known ? *known : cgroup_row_add((__u64)BPF_CORE_READ(memcg, css.cgroup, kn));
}

/* Only memory cgroups have rows, and ids are unique within one hierarchy only. */
static __always_inline bool in_memory_hierarchy(const struct cgroup *cgrp)
{
	__u32 memory = 1U << bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id);

	return BPF_CORE_READ(cgrp, root, subsys_mask) & memory;
}

static __always_inline __u32 *row_of(const struct cgroup *cgrp, __u64 *id)
{
	*id = BPF_CORE_READ(cgrp, kn, id);
	return in_memory_hierarchy(cgrp) ? bpf_map_lookup_elem(&cgroup_rows, id) : NULL;
}

SEC("raw_tp/cgroup_rmdir")
int BPF_PROG(cgroup_removed, struct cgroup *cgrp)
{
	struct oomn_cgroup *entry = NULL;
	__u64 id;
	__u32 *row = row_of(cgrp, &id);

	if (row)
		entry = row_at(*row);
	if (entry)
		entry->removed_id = id;
	return 0;
}

/* Only version 1 has renames. The name is left to tend(), which runs when nobody reads it. */
SEC("raw_tp/cgroup_rename")
int BPF_PROG(cgroup_renamed, struct cgroup *cgrp)
{
	__u64 id;

	if (row_of(cgrp, &id))
		__sync_fetch_and_add(&rows_stale, 1);
	return 0;
}

static __always_inline void row_refresh(__u32 row, struct oomn_cgroup *entry, struct source *source)
{
	const struct kernfs_node *kn = (const struct kernfs_node *)source->kn;

	if (entry->removed_id == entry->id)
		return;
	if (!is_alive(kn, entry->id)) {
		entry->removed_id = entry->id;
		return;
	}
	if (source->name != (__u64)BPF_CORE_READ(kn, name))
		name_take(entry, source);
	if (entry->parent == OOMN_CGROUP_OTHER) {
		rows_link(row, source->kn);
		rows_publish(entry->parent);
	}
}

static __always_inline void row_unlink(__u32 row, struct oomn_cgroup *entry)
{
	__u64 id = entry->id;
	__u32 *known = bpf_map_lookup_elem(&cgroup_rows, &id);

	if (known && *known == row)
		bpf_map_delete_elem(&cgroup_rows, &id);
	entry->state = OOMN_ROW_UNLINKED;
}

__noinline __u32 row_tend(__u32 row)
{
	struct oomn_cgroup *entry = row_at(row);
	struct source *source = source_at(row);

	if (row < OOMN_CGROUP_FIRST || !entry || !source)
		return 0;
	if (entry->state == OOMN_ROW_USED) {
		row_refresh(row, entry, source);
	} else if (entry->state == OOMN_ROW_RETIRED) {
		row_unlink(row, entry);
	} else if (entry->state == OOMN_ROW_EMPTY) {
		entry->state = OOMN_ROW_FREE;
		bpf_map_push_elem(&free_rows, &row, BPF_ANY);
	}
	return 0;
}

/*
 * Run by the loader, which reads no row meanwhile: looks after TEND_ROWS rows from @row on. Finds
 * removals and renames that no tracepoint told, completes what is deeper than WALK_LEVELS, and
 * moves rows that user space gives up on their way.
 */
SEC("raw_tp")
int BPF_PROG(tend, __u32 row)
{
	for (int i = 0; i < TEND_ROWS; i++)
		row_tend(row + i);
	return 0;
}
