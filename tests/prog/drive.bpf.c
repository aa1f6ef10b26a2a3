// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lets a test call the real reports with values of its own, which come in as the arguments of a
 * tracepoint that never fires. Linked with the real programs: what runs is what is shipped.
 */
#include "emit.bpf.h"
#include "compat.bpf.h"
#include "swap.bpf.h"
#include "task.bpf.h"

/* Answers of drive_who(): where the current task and its memory cgroup are, and which it is. */
__u64 who_task, who_memcg, who_memcg_id;
/* An address in the kernel that the fakes below can be found at. */
__u64 fake_memcg, fake_folio, fake_cgroup;

SEC("raw_tp")
int drive_who(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct mem_cgroup *memcg = task_memcg(task);

	who_task = (__u64)task;
	who_memcg = (__u64)memcg;
	who_memcg_id = memcg_id(memcg);
	return 0;
}

/* The first of all tasks, the idle one: it has no memory of its own. */
SEC("raw_tp")
int drive_idle_task(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	for (int i = 0; i < 64 && BPF_CORE_READ(task, pid); i++)
		task = BPF_CORE_READ(task, real_parent);
	who_task = BPF_CORE_READ(task, pid) ? 0 : (__u64)task;
	return 0;
}

/* (kind, cause, memcg, pages) */
SEC("raw_tp")
int drive_hit(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 kind = ctx->args[0] & (OOMN_KIND_ROWS - 1);
	struct report r;

	barrier_var(kind);
	kind &= OOMN_KIND_ROWS - 1;
	if (!report_enter(&r, kind, ctx->args[3]))
		return 0;
	report_gate(&r, ctx->args[1], memcg_owner(WAY_ASK, (void *)ctx->args[2]), ctx->args[3]);
	report_leave(&r);
	return 0;
}

/* (memcg, pages, shmem_pages) */
SEC("raw_tp")
int drive_swap_out(struct bpf_raw_tracepoint_args *ctx)
{
	swap_out_report(WAY_ASK, memcg_owner(WAY_ASK, (void *)ctx->args[0]), ctx->args[1],
			ctx->args[2]);
	return 0;
}

/*
 * Kernel objects that do not exist: memory of ours, with the members that the programs read at the
 * places where this kernel has them.
 */
#define FAKE_BYTES 1024

struct fake {
	__u8 memcg[FAKE_BYTES];
	__u8 cgroup[FAKE_BYTES];
	__u8 root[FAKE_BYTES]; /* of a hierarchy without any controller */
	__u8 kn[FAKE_BYTES];
	__u8 objcg[FAKE_BYTES];
	__u8 folio[FAKE_BYTES];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct fake);
} fakes SEC(".maps");

/* Larger than any struct task_struct yet. */
#define FAKE_TASK_BYTES 32768

struct fake_task {
	__u8 task[FAKE_TASK_BYTES];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct fake_task);
} fake_tasks SEC(".maps");

/* (tid, flags) */
SEC("raw_tp")
int drive_fake_task(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 zero = 0;
	struct fake_task *f = bpf_map_lookup_elem(&fake_tasks, &zero);

	if (!f)
		return 1;
	*(__u32 *)(f->task + bpf_core_field_offset(struct task_struct, pid)) = ctx->args[0];
	*(__u32 *)(f->task + bpf_core_field_offset(struct task_struct, flags)) = ctx->args[1];
	who_task = (__u64)f->task;
	return 0;
}

#define PUT(object, offset, value) (*(__u64 *)((object) + (offset)) = (value))

/* (css serial number, id) */
SEC("raw_tp")
int drive_fake_memcg(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 zero = 0;
	struct fake *f = bpf_map_lookup_elem(&fakes, &zero);

	if (!f)
		return 1;
	PUT(f->memcg, bpf_core_field_offset(struct mem_cgroup, css.serial_nr), ctx->args[0]);
	PUT(f->memcg, bpf_core_field_offset(struct mem_cgroup, css.cgroup), (__u64)f->cgroup);
	PUT(f->cgroup, bpf_core_field_offset(struct cgroup, kn), (__u64)f->kn);
	PUT(f->cgroup, bpf_core_field_offset(struct cgroup, root), (__u64)f->root);
	PUT(f->kn, bpf_core_field_offset(struct kernfs_node, id), ctx->args[1]);
	PUT(f->kn, bpf_core_field_offset(struct kernfs_node, priv), (__u64)f->cgroup);
	*(__u32 *)(f->cgroup + bpf_core_field_offset(struct cgroup, self.flags)) = CSS_ONLINE;
	fake_memcg = (__u64)f->memcg;
	fake_cgroup = (__u64)f->cgroup;
	return 0;
}

static __always_inline __u32 flags_offset(void)
{
	if (bpf_core_type_exists(memdesc_flags_t___v618))
		return bpf_core_field_offset(struct folio___v618, flags);
	if (bpf_core_type_exists(struct folio___v516))
		return bpf_core_field_offset(struct folio___v516, flags);
	return bpf_core_field_offset(struct page___v5, flags);
}

static __always_inline void put_pages(struct fake *f, __u32 pages)
{
	__u32 second_page = bpf_core_type_size(struct page);
	__u8 order = 0;

	for (; order < 10 && 1U << order < pages; order++)
		;
	if (bpf_core_field_exists(((struct folio___v615 *)0)->_nr_pages))
		*(__u32 *)(f->folio + bpf_core_field_offset(struct folio___v615, _nr_pages)) =
			pages;
	else if (bpf_core_field_exists(((struct folio___v516 *)0)->_folio_nr_pages))
		*(__u32 *)(f->folio + bpf_core_field_offset(struct folio___v516, _folio_nr_pages)) =
			pages;
	else
		*(f->folio + second_page +
		  bpf_core_field_offset(struct page___v5, compound_order)) = order;
}

static __always_inline void put_owner(struct fake *f, __u64 memcg)
{
	if (bpf_core_field_exists(((struct obj_cgroup___v71 *)0)->is_root)) {
		PUT(f->objcg, bpf_core_field_offset(struct obj_cgroup___v71, memcg), memcg);
		memcg = (__u64)f->objcg;
	}
	if (bpf_core_type_exists(struct folio___v516))
		PUT(f->folio, bpf_core_field_offset(struct folio___v516, memcg_data), memcg);
	else if (bpf_core_field_exists(((struct page___v5 *)0)->memcg_data))
		PUT(f->folio, bpf_core_field_offset(struct page___v5, memcg_data), memcg);
	else
		PUT(f->folio, bpf_core_field_offset(struct page___v5, mem_cgroup), memcg);
}

/* (memcg, pages, is anonymous, is swap-backed) */
SEC("raw_tp")
int drive_fake_folio(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 flags = 0, mapping = 0xffff888000001000ULL;
	__u32 zero = 0, pages = ctx->args[1];
	struct fake *f = bpf_map_lookup_elem(&fakes, &zero);

	if (!f)
		return 1;
	if (ctx->args[3])
		flags |= 1UL << bpf_core_enum_value(enum pageflags, PG_swapbacked);
	if (pages > 1)
		flags |= 1UL << bpf_core_enum_value(enum pageflags, PG_head);
	if (ctx->args[2])
		mapping |= PAGE_MAPPING_ANON;
	PUT(f->folio, flags_offset(), flags);
	if (bpf_core_type_exists(struct folio___v516))
		PUT(f->folio, bpf_core_field_offset(struct folio___v516, mapping), mapping);
	else
		PUT(f->folio, bpf_core_field_offset(struct page___v5, mapping), mapping);
	/* A small folio's neighbour is no business of a reader. */
	put_pages(f, pages > 1 ? pages : 512);
	put_owner(f, ctx->args[0]);
	fake_folio = (__u64)f->folio;
	return 0;
}
