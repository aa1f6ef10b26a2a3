/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where kernels from 5.10 on differ: one accessor a difference, found by asking BTF for the field
 * or type, never the version. Each names the kernel commit that made the difference.
 */
#ifndef OOMN_COMPAT_BPF_H
#define OOMN_COMPAT_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "direct.bpf.h"

/* Macros, so not in BTF; unchanged from 5.10 to 7.3 (include/linux/sched.h, page-flags.h). */
#define PF_MEMALLOC	  0x00000800 /* for as long as a task reclaims */
#define PF_KSWAPD	  0x00020000
#define PAGE_MAPPING_ANON 0x1UL
#define MEMCG_DATA_MASK	  0x7UL
#define RECLAIM_WB_ANON	  0x1 /* include/trace/events/vmscan.h */
#define RECLAIM_WB_FILE	  0x2
#define PF_EXITING	  0x00000004
#define SIGKILL		  9
#define SI_KERNEL	  0x80 /* the kernel's own signal, in a record */
#define SIGNAL_DELIVERED  0    /* include/trace/events/signal.h */
/* The same in place of a siginfo (include/linux/sched/signal.h). */
#define SEND_SIG_PRIV ((void *)1)

/*
 * 7b230db3b8d3 ("mm: Introduce struct folio", 5.16) gave the head page a type of its own, at the
 * same place, so one pointer serves both. The page flavours may go when 5.10 and 5.15 are no longer
 * built for.
 */
struct page___v5 {
	unsigned long flags;
	struct address_space *mapping;
	unsigned char compound_order;
	struct mem_cgroup *mem_cgroup; /* see folio_memcg() */
	unsigned long memcg_data;
} __attribute__((preserve_access_index));

/* 53fbef56e07d ("mm: introduce memdesc_flags_t", 6.18) wrapped the flags word. */
typedef struct {
	unsigned long f;
} memdesc_flags_t___v618;

struct folio___v618 {
	memdesc_flags_t___v618 flags;
} __attribute__((preserve_access_index));

struct folio___v516 {
	unsigned long flags;
	struct address_space *mapping;
	unsigned int _folio_nr_pages; /* see folio_pages() */
	unsigned long memcg_data;
} __attribute__((preserve_access_index));

struct folio___v615 {
	unsigned int _nr_pages;
} __attribute__((preserve_access_index));

static __always_inline unsigned long folio_flags(enum way way, const void *folio)
{
	if (bpf_core_type_exists(memdesc_flags_t___v618))
		return READ_TYPED(way, (struct folio___v618 *)folio, flags.f);
	if (bpf_core_type_exists(struct folio___v516))
		return READ_TYPED(way, (struct folio___v516 *)folio, flags);
	return READ_TYPED(way, (struct page___v5 *)folio, flags);
}

/*
 * Base pages of a folio, of which only a large one has its number written down: as an order, since
 * 379708ffde1b ("mm: add the first tail page to struct folio", 6.1) in _folio_nr_pages, and since
 * 4996fc547f5b ("mm: let _folio_nr_pages overlay memcg_data in first tail page", 6.15) in
 * _nr_pages.
 */
static __always_inline __u64 folio_pages(enum way way, const void *folio, unsigned long flags)
{
	const struct page___v5 *tail;
	unsigned char order = 0;
	unsigned int pages = 1;

	if (!(flags & (1UL << bpf_core_enum_value(enum pageflags, PG_head))))
		return 1;
	if (bpf_core_field_exists(((struct folio___v615 *)0)->_nr_pages)) {
		pages = READ_TYPED(way, (struct folio___v615 *)folio, _nr_pages);
	} else if (bpf_core_field_exists(((struct folio___v516 *)0)->_folio_nr_pages)) {
		pages = READ_TYPED(way, (struct folio___v516 *)folio, _folio_nr_pages);
	} else {
		tail = (const void *)((const char *)folio + bpf_core_type_size(struct page));
		bpf_core_read(&order, sizeof(order), &tail->compound_order);
		pages = 1U << (order & 31);
	}
	return pages;
}

static __always_inline bool folio_is_anon(enum way way, const void *folio)
{
	const struct address_space *mapping;

	if (bpf_core_type_exists(struct folio___v516))
		mapping = READ_TYPED(way, (struct folio___v516 *)folio, mapping);
	else
		mapping = READ_TYPED(way, (struct page___v5 *)folio, mapping);
	return low_bits(mapping) & PAGE_MAPPING_ANON;
}

/*
 * The owner of a page. bcfe06bf2622 ("mm: memcontrol: Use helpers to read page's memcg data", 5.11)
 * made mem_cgroup a word with flags in it. f1cf8d2f36dc ("mm: memcontrol: eliminate the problem of
 * dying memory cgroup for LRU folios", 7.1) has an LRU folio point to an obj_cgroup; the commit
 * before, 01b9da291c49 ("mm: memcontrol: convert objcg to be per-memcg per-node type"), gave that
 * one is_root.
 */
struct obj_cgroup___v71 {
	struct mem_cgroup *memcg;
	bool is_root;
} __attribute__((preserve_access_index));

static __always_inline bool page_has_memcg(void)
{
	return bpf_core_field_exists(((struct page___v5 *)0)->mem_cgroup);
}

/* The address of its mem_cgroup, or since 7.1 obj_cgroup; 0 for none. */
static __always_inline __u64 folio_memcg_data(enum way way, const void *folio)
{
	unsigned long data = 0;

	if (bpf_core_type_exists(struct folio___v516))
		data = READ_TYPED(way, (struct folio___v516 *)folio, memcg_data);
	else if (bpf_core_field_exists(((struct page___v5 *)0)->memcg_data))
		data = READ_TYPED(way, (struct page___v5 *)folio, memcg_data);
	else if (page_has_memcg())
		data = (unsigned long)READ_PROBED((struct page___v5 *)folio, mem_cgroup);
	return data & ~MEMCG_DATA_MASK;
}

/* Through a pointer whose type is known; the owner's address above has to be a number. */
static __always_inline __u64 page_memcg_serial(const void *page)
{
	return ((struct page___v5 *)page)->mem_cgroup->css.serial_nr;
}

static __always_inline bool folio_has_objcg(void)
{
	return bpf_core_field_exists(((struct obj_cgroup___v71 *)0)->is_root);
}

static __always_inline struct mem_cgroup *objcg_memcg(enum way way, __u64 objcg)
{
	return READ_CAST(way, (struct obj_cgroup___v71 *)objcg, cfg.objcg_type, memcg);
}

/*
 * 633488947ef6 ("kernfs: Use RCU to access kernfs_node::parent.", 6.15) renamed the member, to say
 * that readers must not take it as it is.
 */
struct kernfs_node___v614 {
	struct kernfs_node *parent;
} __attribute__((preserve_access_index));

struct kernfs_node___v615 {
	struct kernfs_node *__parent;
} __attribute__((preserve_access_index));

static __always_inline const struct kernfs_node *kernfs_parent(const struct kernfs_node *kn)
{
	struct kernfs_node *parent = NULL;

	if (bpf_core_field_exists(((struct kernfs_node___v615 *)0)->__parent))
		bpf_core_read(&parent, sizeof(parent),
			      &((const struct kernfs_node___v615 *)kn)->__parent);
	else
		bpf_core_read(&parent, sizeof(parent),
			      &((const struct kernfs_node___v614 *)kn)->parent);
	return parent;
}

/*
 * "mm: vmscan: add cgroup IDs to vmscan tracepoints" (7.1) has the trace records of *_reclaim_begin
 * and _end name the cgroup whose limit it is, by the id of its directory.
 */
struct trace_event_raw_mm_vmscan_direct_reclaim_begin_template___v71 {
	__u64 memcg_id;
} __attribute__((preserve_access_index));

struct trace_event_raw_mm_vmscan_direct_reclaim_end_template___v71 {
	__u64 memcg_id;
} __attribute__((preserve_access_index));

/*
 * f1a7941243c1 ("mm: convert mm's rss stats into percpu_counter", 6.2): the OOM killer prints their
 * central part, and so do we.
 */
struct mm_rss_stat___v61 {
	atomic_long_t count[4];
} __attribute__((preserve_access_index));

struct mm_struct___v61 {
	struct mm_rss_stat___v61 rss_stat;
} __attribute__((preserve_access_index));

struct mm_struct___v62 {
	struct percpu_counter rss_stat[4];
} __attribute__((preserve_access_index));

static __always_inline __u64 mm_counter_pages(const struct mm_struct *mm, __u32 member)
{
	const struct mm_struct___v61 *old = (const void *)mm;
	const struct mm_struct___v62 *new = (const void *)mm;
	__s64 pages = 0;

	if (bpf_core_type_exists(struct mm_rss_stat___v61))
		bpf_core_read(&pages, sizeof(pages), &old->rss_stat.count[member]);
	else
		bpf_core_read(&pages, sizeof(pages), &new->rss_stat[member].count);
	return pages > 0 ? pages : 0;
}

#endif
