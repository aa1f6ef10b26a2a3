// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads tracepoints out of BTF. For each tracepoint NAME the kernel has a typedef btf_trace_NAME of
 * a pointer to a function type; its parameters after the first (void *) are what a raw tracepoint
 * program is passed. They are written out as text and compared with the shapes we know, so that a
 * kernel that swaps or adds an argument switches a program off instead of feeding it nonsense.
 */
#include "features.h"

#include <bpf/btf.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "kernel_btf.h"
#include "record.h"

#define KIND(k) (1U << OOMN_##k)

/*
 * The type of the guard that stands around a tracepoint's programs since 7.0, in place of disabled
 * preemption. Types that nothing uses are not in BTF, and 6.18 has none of the name. Were it ever
 * there for another use, classic tracepoints would be taken without need, which only costs time.
 */
#define TP_GUARD "class_srcu_fast_notrace_t"

/* The member of struct features that a shape makes true. */
#define SAYS(member) offsetof(struct features, member)

const struct feature_tp_info feature_tps[NR_FEATURE_TPS] = {
	[TP_SWAP_OUT] = { "mm_vmscan_write_folio",
			  { { "struct folio *" } },
			  KIND(SWAP_OUT),
			  .cost = "Swap-out is not seen.",
			  .old_name = "mm_vmscan_writepage",
			  .old_args = "struct page *" },
	[TP_WAKEUP_KSWAPD] = { "mm_vmscan_wakeup_kswapd",
			       { { "int, int, int, gfp_t" } },
			       KIND(WAKEUP_KSWAPD),
			       .cost = "The earliest sign, a task that found a watermark low, is "
				       "not "
				       "told." },
	[TP_KSWAPD_WAKE] = { "mm_vmscan_kswapd_wake",
			     { { "int, int, int" } },
			     KIND(KSWAPD_WAKE),
			     .cost = "It is not told when kswapd begins to reclaim." },
	[TP_KSWAPD_SLEEP] = { "mm_vmscan_kswapd_sleep",
			      { { "int" } },
			      KIND(KSWAPD_SLEEP),
			      .cost = "It is not told when kswapd is done." },
	[TP_DIRECT_BEGIN] = { "mm_vmscan_direct_reclaim_begin",
			      { { "int, gfp_t" },
				{ "gfp_t, int, struct mem_cgroup *", SAYS(begin_gfp_first) } },
			      KIND(RECLAIM_BEGIN),
			      .cost = "Tasks that begin to stall on a full machine are not told." },
	[TP_DIRECT_END] = { "mm_vmscan_direct_reclaim_end",
			    { { "unsigned long" },
			      { "unsigned long, struct mem_cgroup *", SAYS(end_has_memcg) } },
			    KIND(RECLAIM_END),
			    .cost = "How long tasks stall on a full machine is not known." },
	[TP_MEMCG_BEGIN] = { "mm_vmscan_memcg_reclaim_begin",
			     { { "int, gfp_t" },
			       { "gfp_t, int, struct mem_cgroup *", SAYS(begin_gfp_first) } },
			     KIND(RECLAIM_BEGIN),
			     .cost = "Tasks that begin to stall on their cgroup's limit are not "
				     "told.",
			     .like = TP_DIRECT_BEGIN },
	[TP_MEMCG_END] = { "mm_vmscan_memcg_reclaim_end",
			   { { "unsigned long" },
			     { "unsigned long, struct mem_cgroup *", SAYS(end_has_memcg) } },
			   KIND(RECLAIM_END),
			   .cost = "How long tasks stall on their cgroup's limit is not known.",
			   .like = TP_DIRECT_END },
	[TP_NODE_BEGIN] = { "mm_vmscan_node_reclaim_begin",
			    { { "int, int, gfp_t" } },
			    KIND(RECLAIM_BEGIN),
			    .cost = "Node reclaim (vm.zone_reclaim_mode) is not told." },
	[TP_NODE_END] = { "mm_vmscan_node_reclaim_end",
			  { { "unsigned long" }, { "unsigned long, struct mem_cgroup *" } },
			  KIND(RECLAIM_END),
			  .cost = "How long node reclaim (vm.zone_reclaim_mode) takes is not "
				  "known." },
	[TP_THROTTLED] = { "mm_vmscan_throttled",
			   { { "int, int, int, int" } },
			   KIND(THROTTLED),
			   .cost = "Reclaimers that are put to sleep are not told." },
	[TP_LRU_ISOLATE] = { "mm_vmscan_lru_isolate",
			     { { "int, int, unsigned long, unsigned long, unsigned long, "
				 "unsigned long, int" },
			       { "int, int, unsigned long, unsigned long, unsigned long, "
				 "unsigned long, isolate_mode_t, int",
				 SAYS(isolate_has_mode) } },
			     0,
			     .cost = "Pages that reclaim only passes over count as scanned in "
				     "vain: a "
				     "level "
				     "may rise without need." },
	[TP_SHRINK_INACTIVE] = { "mm_vmscan_lru_shrink_inactive",
				 { { "int, unsigned long, unsigned long, struct reclaim_stat *, "
				     "int, int" } },
				 0,
				 .cost = "How little reclaim frees of what it scans is not "
					 "known: levels "
					 "follow swap-out, stalls and OOM kills alone." },
	[TP_MARK_VICTIM] = { "mark_victim",
			     { { "int" },
			       { "struct task_struct *, uid_t", SAYS(victim_has_task) } },
			     KIND(OOM_KILL),
			     .cost = "OOM kills are not told." },
	[TP_SIGNAL_GENERATE] = { "signal_generate",
				 { { "int, struct kernel_siginfo *, struct task_struct *, int, "
				     "int" } },
				 0,
				 .cost = "Threads that die anyway may be told as OOM kills of "
					 "their own." },
	[TP_CGROUP_RMDIR] = { "cgroup_rmdir",
			      { { "struct cgroup *, char *" } },
			      0,
			      .cost = "A cgroup that is removed is told as \"(deleted)\" seconds "
				      "later." },
	[TP_CGROUP_RENAME] = { "cgroup_rename",
			       { { "struct cgroup *, char *" } },
			       0,
			       .cost = "A cgroup that is renamed (version 1) keeps its name for "
				       "seconds." },
};

/* Findings of one pass over all types; 0 is no type's id. */
struct found {
	uint32_t tp_id[NR_FEATURE_TPS];
	uint32_t tp_old_id[NR_FEATURE_TPS];
	bool any_tp;
};

/* Past const, volatile and restrict. NULL stands for void. */
static const struct btf_type *skip_mods(const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = btf__type_by_id(btf, id);

	while (t && btf_is_mod(t))
		t = btf__type_by_id(btf, t->type);
	return !t || btf_is_void(t) ? NULL : t;
}

/* A typedef keeps its name, since that is all that tells a gfp_t from any other number. */
static const char *value_name(const struct btf *btf, const struct btf_type *t)
{
	const char *name = btf__name_by_offset(btf, t->name_off);

	if (!name || !(btf_is_int(t) || btf_is_typedef(t)))
		return NULL;
	/* gcc writes it the one way, clang the other */
	return strcmp(name, "long unsigned int") ? name : "unsigned long";
}

/* Writes the type of one argument; "?" for what none of our programs takes. */
static void render_type(const struct btf *btf, uint32_t id, char *buf, size_t size)
{
	const struct btf_type *t = skip_mods(btf, id);
	bool is_ptr = t && btf_is_ptr(t);
	const char *name = NULL;
	const char *tag = "";

	if (is_ptr)
		t = skip_mods(btf, t->type);
	if (t && is_ptr && (btf_is_struct(t) || (btf_is_fwd(t) && !btf_kflag(t)))) {
		name = btf__name_by_offset(btf, t->name_off);
		tag = "struct ";
	} else if (t) {
		name = value_name(btf, t);
	}
	if (name)
		(void)snprintf(buf, size, "%s%s%s", tag, name, is_ptr ? " *" : "");
	else
		(void)snprintf(buf, size, "?");
}

static bool is_void_ptr(const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = skip_mods(btf, id);

	return t && btf_is_ptr(t) && !skip_mods(btf, t->type);
}

/* The function type behind tracepoint typedef @id; NULL if it is not of the known build. */
static const struct btf_type *find_proto(const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = skip_mods(btf, btf__type_by_id(btf, id)->type);

	if (t && btf_is_ptr(t))
		t = skip_mods(btf, t->type);
	if (!t || !btf_is_func_proto(t) || !btf_vlen(t))
		return NULL;
	return is_void_ptr(btf, btf_params(t)[0].type) ? t : NULL;
}

/* Writes the arguments of tracepoint typedef @id, the leading void * left out. */
static void render_args(const struct btf *btf, uint32_t id, char *buf, size_t size)
{
	const struct btf_type *t = find_proto(btf, id);
	size_t len = 0;

	(void)snprintf(buf, size, "%s", t ? "" : "?");
	for (int i = 1; t && i < btf_vlen(t) && len < size; i++) {
		if (i > 1)
			len += (size_t)snprintf(buf + len, size - len, ", ");
		if (len < size) {
			render_type(btf, btf_params(t)[i].type, buf + len, size - len);
			len += strlen(buf + len);
		}
	}
}

static void note_typedef(const char *name, uint32_t id, struct found *found)
{
	static const char prefix[] = "btf_trace_";

	if (strncmp(name, prefix, sizeof(prefix) - 1) != 0)
		return;
	found->any_tp = true;
	name += sizeof(prefix) - 1;
	for (int i = 0; i < NR_FEATURE_TPS; i++) {
		const struct feature_tp_info *info = &feature_tps[i];

		if (!strcmp(name, info->name))
			found->tp_id[i] = id;
		else if (info->old_name && !strcmp(name, info->old_name))
			found->tp_old_id[i] = id;
	}
}

static bool enum_has(const struct btf *btf, const struct btf_type *t, const char *value)
{
	const struct btf_enum *e = btf_enum(t);

	for (int i = 0; i < btf_vlen(t); i++) {
		const char *name = btf__name_by_offset(btf, e[i].name_off);

		if (name && !strcmp(name, value))
			return true;
	}
	return false;
}

static void note_enum(const struct btf *btf, const struct btf_type *t, const char *name,
		      struct features *f)
{
	if (!strcmp(name, "bpf_map_type"))
		f->has_ringbuf = enum_has(btf, t, "BPF_MAP_TYPE_RINGBUF");
	if (strcmp(name, "bpf_func_id") != 0)
		return;
	f->has_task_btf = enum_has(btf, t, "BPF_FUNC_get_current_task_btf");
	f->has_fetch = enum_has(btf, t, "BPF_FUNC_for_each_map_elem");
}

static void note_struct(const char *name, uint32_t id, struct features *f)
{
	const struct {
		const char *name;
		uint32_t *id;
	} wanted[] = {
		{ "folio", &f->folio_type },	  { "mem_cgroup", &f->memcg_type },
		{ "obj_cgroup", &f->objcg_type }, { "reclaim_stat", &f->stat_type },
		{ "task_struct", &f->task_type },
	};

	f->maps_charge_memlock |= !strcmp(name, "bpf_map_memory");
	f->has_timers |= !strcmp(name, "bpf_timer");
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (!strcmp(name, wanted[i].name))
			*wanted[i].id = id;
}

/* One pass instead of a search for each name: 0.5 ms for the 127,000 types of a 6.18 kernel. */
static void find_types(const struct btf *btf, struct features *f, struct found *found)
{
	uint32_t n = btf__type_cnt(btf);

	for (uint32_t id = 1; id < n; id++) {
		const struct btf_type *t = btf__type_by_id(btf, id);
		const char *name = btf__name_by_offset(btf, t->name_off);

		/* all that we look for begin with one of these */
		if (!name || !*name || !strchr("bcfmort", *name))
			continue;
		if (btf_is_typedef(t) && !strcmp(name, TP_GUARD))
			f->raw_tp_preemptible = true;
		else if (btf_is_typedef(t))
			note_typedef(name, id, found);
		else if (btf_is_enum(t))
			note_enum(btf, t, name, f);
		else if (btf_is_struct(t))
			note_struct(name, id, f);
		else if (btf_is_func(t) && !strcmp(name, "bpf_rdonly_cast"))
			f->cast_func = id;
	}
}

static const struct tp_shape *find_shape(enum feature_tp tp, const char *args)
{
	for (size_t i = 0; i < FEATURE_TP_SHAPES; i++) {
		const struct tp_shape *shape = &feature_tps[tp].shape[i];

		if (shape->args && !strcmp(shape->args, args))
			return shape;
	}
	return NULL;
}

static void judge_tp(const struct btf *btf, enum feature_tp tp, const struct found *found,
		     struct features *f)
{
	const struct feature_tp_info *info = &feature_tps[tp];
	char *args = f->tp_args[tp];
	bool known;

	f->tp_name[tp] = info->name;
	f->tp_id[tp] = found->tp_id[tp] ? found->tp_id[tp] : found->tp_old_id[tp];
	if (found->tp_id[tp]) {
		render_args(btf, found->tp_id[tp], args, FEATURE_ARGS_LEN);
		known = find_shape(tp, args);
	} else if (found->tp_old_id[tp]) {
		f->tp_name[tp] = info->old_name;
		render_args(btf, found->tp_old_id[tp], args, FEATURE_ARGS_LEN);
		known = !strcmp(args, info->old_args);
	} else {
		return;
	}
	f->tp[tp] = known ? TP_USABLE : TP_UNKNOWN_SHAPE;
}

/* A tracepoint that is read by the same code as another is of no use with other arguments. */
static void judge_like(struct features *f, enum feature_tp tp)
{
	enum feature_tp like = feature_tps[tp].like;

	if (like && f->tp[like] == TP_USABLE && f->tp[tp] == TP_USABLE &&
	    strcmp(f->tp_args[like], f->tp_args[tp]) != 0)
		f->tp[tp] = TP_UNKNOWN_SHAPE;
}

static void note_shape(struct features *f, enum feature_tp tp)
{
	const struct tp_shape *shape = find_shape(tp, f->tp_args[tp]);

	if (f->tp[tp] == TP_USABLE && shape && shape->says)
		*(bool *)((char *)f + shape->says) = true;
}

int features_probe(const struct btf *btf, struct features *f)
{
	struct found found = { 0 };

	memset(f, 0, sizeof(*f));
	find_types(btf, f, &found);
	for (int i = 0; i < NR_FEATURE_TPS; i++)
		judge_tp(btf, (enum feature_tp)i, &found, f);
	for (int i = 0; i < NR_FEATURE_TPS; i++) {
		judge_like(f, (enum feature_tp)i);
		note_shape(f, (enum feature_tp)i);
	}

	/*
	 * Multi-gen LRU calls the classic scan tracepoints since 8c2214fc9a47 (6.7). That commit
	 * left no mark in the types, but 3dfbb555c98a of the same release took the isolate_mode_t
	 * out of mm_vmscan_lru_isolate.
	 */
	f->mglru_tells_scans = f->tp[TP_LRU_ISOLATE] != TP_MISSING &&
			       !strstr(f->tp_args[TP_LRU_ISOLATE], "isolate_mode_t");
	return found.any_tp ? 0 : -EINVAL;
}

int features_probe_running(struct features *f)
{
	struct btf *btf = kernel_btf_load();
	int err;

	if (!btf) {
		err = -errno;
		memset(f, 0, sizeof(*f));
		return err;
	}
	err = features_probe(btf, f);
	btf__free(btf);
	return err;
}
