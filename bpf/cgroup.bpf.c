// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of cgroups. A row is written once, by whoever saw the cgroup first, and published by
 * its entry in `cgroup_rows`; its path is taken from the kernel's own tree, so user space can name
 * a cgroup that is gone by the time it looks.
 */
#include "cgroup.bpf.h"
#include "compat.bpf.h"

#define CLAIM_TRIES 8 /* CPUs that see a new cgroup in the same microsecond */

struct cgroups_map cgroups SEC(".maps");

/* cgroup id -> row */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, OOMN_NR_CGROUPS);
	__type(key, __u64);
	__type(value, __u32);
} cgroup_rows SEC(".maps");

/*
 * Rows in use. Inserting with BPF_NOEXIST succeeds for one CPU only: that is the compare-and-swap
 * that BPF does not have before 5.12.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, OOMN_NR_CGROUPS);
	__type(key, __u32);
	__type(value, __u8);
} row_claims SEC(".maps");

static volatile __u32 next_row = OOMN_CGROUP_FIRST; /* a hint: where to try first */

static __u32 row_claim(void)
{
	__u32 row = next_row;
	__u8 used = 1;

	for (int i = 0; i < CLAIM_TRIES && row < OOMN_NR_CGROUPS; i++, row++) {
		if (!bpf_map_update_elem(&row_claims, &row, &used, BPF_NOEXIST)) {
			next_row = row + 1;
			return row;
		}
	}
	return OOMN_CGROUP_OTHER;
}

/*
 * Notes the names from @kn up to the root. Reading past the root, from NULL, fails harmlessly and
 * spares the verifier a branch each level.
 */
static void names_write(struct oomn_cgroup *row, const struct kernfs_node *kn)
{
	for (int i = 0; i < OOMN_CGROUP_DEPTH; i++) {
		bpf_probe_read_kernel_str(row->name[i], OOMN_CGROUP_NAME_LEN,
					  BPF_CORE_READ(kn, name));
		kn = kernfs_parent(kn);
	}
	/* The root has no name to miss. */
	row->truncated = kernfs_parent(kn) != NULL;
}

__hidden __u32 cgroup_row(__u64 memcg_addr)
{
	const struct mem_cgroup *memcg = (void *)memcg_addr;
	struct oomn_cgroup *entry;
	__u32 *known, row;
	__u64 id;

	id = memcg_id(memcg);
	if (!id)
		return OOMN_CGROUP_NONE;
	known = bpf_map_lookup_elem(&cgroup_rows, &id);
	if (known)
		return *known;
	row = row_claim();
	entry = bpf_map_lookup_elem(&cgroups, &row);
	if (!entry || row == OOMN_CGROUP_OTHER)
		return OOMN_CGROUP_OTHER;
	entry->id = id;
	names_write(entry, BPF_CORE_READ(memcg, css.cgroup, kn));
	if (bpf_map_update_elem(&cgroup_rows, &id, &row, BPF_NOEXIST)) {
		/* Another CPU was faster. */
		entry->id = 0;
		bpf_map_delete_elem(&row_claims, &row);
		known = bpf_map_lookup_elem(&cgroup_rows, &id);
		return known ? *known : OOMN_CGROUP_OTHER;
	}
	return row;
}

/* Only memory cgroups have rows, and ids are unique within one hierarchy only. */
static __always_inline bool in_memory_hierarchy(const struct cgroup *cgrp)
{
	__u32 memory = 1U << bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id);

	return BPF_CORE_READ(cgrp, root, subsys_mask) & memory;
}

SEC("raw_tp/cgroup_rmdir")
int cgroup_removed(struct bpf_raw_tracepoint_args *ctx)
{
	const struct cgroup *cgrp = (void *)ctx->args[0];
	struct oomn_cgroup *entry;
	__u32 *row;
	__u64 id;

	if (!in_memory_hierarchy(cgrp))
		return 0;
	id = BPF_CORE_READ(cgrp, kn, id);
	row = bpf_map_lookup_elem(&cgroup_rows, &id);
	entry = row ? bpf_map_lookup_elem(&cgroups, row) : NULL;
	if (entry)
		entry->removed = 1;
	return 0;
}
