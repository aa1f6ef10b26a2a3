// SPDX-License-Identifier: GPL-2.0-only
/* The way of a row from a cgroup that is gone to the next one. */
#include "rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "stats.h"

/* As in bpf/cgroup.bpf.c: rows that one run of tend() looks after. */
#define TEND_ROWS 64
/* When too many cgroups live, a look at all rows in vain costs a millisecond. */
#define VAIN_NS 1000000000ULL

int rows_init(struct rows *r, struct oomn_cgroup *table, struct oomn_cpu *cpus, int nr_cpus,
	      rows_tend_fn tend, void *ctx)
{
	memset(r, 0, sizeof(*r));
	r->table = table;
	r->cpus = cpus;
	r->nr_cpus = nr_cpus;
	r->tend = tend;
	r->ctx = ctx;
	r->is_quiet = calloc((size_t)nr_cpus, sizeof(*r->is_quiet));
	return r->is_quiet ? rows_tend_all(r) : -ENOMEM;
}

void rows_free(struct rows *r)
{
	free(r->is_quiet);
	r->is_quiet = NULL;
}

int rows_tend_some(struct rows *r)
{
	uint32_t row = r->next_row;

	r->next_row = row + TEND_ROWS < OOMN_NR_CGROUPS ? row + TEND_ROWS : 0;
	return r->tend(r->ctx, row);
}

int rows_tend_all(struct rows *r)
{
	int err = 0;

	for (uint32_t row = 0; row < OOMN_NR_CGROUPS && !err; row += TEND_ROWS)
		err = r->tend(r->ctx, row);
	return err;
}

static bool is_row(uint32_t row)
{
	return row >= OOMN_CGROUP_FIRST && row < OOMN_NR_CGROUPS;
}

/* The BPF side writes these while we read. */
static uint64_t read_once(const __u64 *p)
{
	return *(const volatile __u64 *)p;
}

static bool is_among(const struct stats *largest, uint32_t row)
{
	for (uint32_t i = 0; i < largest->nr_cgroups; i++)
		if (largest->cgroup[i].row == row)
			return true;
	return false;
}

/* Returns how many are on their way now, those of earlier calls included. */
static uint32_t retire(struct rows *r)
{
	static struct stats largest;
	uint32_t n = 0;

	stats_top_cgroups(&largest, r->table);
	for (uint32_t row = OOMN_CGROUP_FIRST; row < OOMN_NR_CGROUPS; row++) {
		struct oomn_cgroup *cg = &r->table[row];

		if (cg->state == OOMN_ROW_USED && read_once(&cg->removed_id) == cg->id &&
		    !is_among(&largest, row))
			cg->state = OOMN_ROW_RETIRED;
		n += cg->state == OOMN_ROW_RETIRED || cg->state == OOMN_ROW_UNLINKED;
	}
	return n;
}

/* Once for each CPU since the rows were unlinked: a report that began before has ended. */
static bool all_were_quiet(struct rows *r)
{
	bool all = true;

	for (int i = 0; i < r->nr_cpus; i++) {
		if (!read_once(&r->cpus[i].busy))
			r->is_quiet[i] = true;
		all &= r->is_quiet[i];
	}
	return all;
}

static bool is_unlinked(const struct rows *r, uint32_t row)
{
	return is_row(row) && r->table[row].state == OOMN_ROW_UNLINKED;
}

/*
 * A gate that waits for nothing loses its key: the next hit claims it anew. The CPU may be about to
 * count one there; then that hit waits under the old name, and the next look finds it. So the row
 * is held until the gate is seen without both.
 */
static void look_at_gate(struct rows *r, struct oomn_gate *gate)
{
	uint32_t row = gate->rec.hdr.cgroup_row;
	bool waits = read_once(&gate->rec.hdr.hits);

	if (!is_unlinked(r, row) || (!waits && !read_once(&gate->key)))
		return;
	r->held[row] = true;
	if (!waits)
		*(volatile __u64 *)&gate->key = 0;
}

/* Holds the rows that gates, and rows below them, refer to. */
static void look(struct rows *r)
{
	memset(r->held, 0, sizeof(r->held));
	memset(r->children, 0, sizeof(r->children));
	for (int i = 0; i < r->nr_cpus; i++)
		for (int j = 0; j < OOMN_NR_GATES; j++)
			look_at_gate(r, &r->cpus[i].gate[j]);
	for (uint32_t row = OOMN_CGROUP_FIRST; row < OOMN_NR_CGROUPS; row++) {
		const struct oomn_cgroup *cg = &r->table[row];

		if (cg->id && is_row(cg->parent) && r->table[cg->parent].id == cg->parent_id)
			r->children[cg->parent]++;
	}
}

bool rows_begin(struct rows *r, uint64_t taken, uint64_t now_ns)
{
	if (!r->on_way) {
		if (taken - r->released < ROWS_ENOUGH || now_ns < r->not_before)
			return false;
		if (rows_tend_all(r)) /* finds removals that nobody told */
			return false;
		r->on_way = retire(r);
		r->not_before = now_ns + VAIN_NS;
		memset(r->is_quiet, 0, (size_t)r->nr_cpus * sizeof(*r->is_quiet));
		if (!r->on_way || rows_tend_all(r))
			return false;
	}
	if (!all_were_quiet(r))
		return false;
	look(r);
	return true;
}

void rows_hold(struct rows *r, uint32_t row, uint64_t id)
{
	if (is_row(row) && r->table[row].id == id)
		r->held[row] = true;
}

static void move(__u64 *to, __u64 *from)
{
	__atomic_fetch_add(to, __atomic_exchange_n(from, 0, __ATOMIC_RELAXED), __ATOMIC_RELAXED);
}

/* Without an id first: what a gate adds from here on goes where the rest goes. */
static void release(struct rows *r, struct oomn_cgroup *cg)
{
	struct oomn_cgroup *gone = &r->table[OOMN_CGROUP_GONE];

	__atomic_store_n(&cg->id, 0, __ATOMIC_SEQ_CST);
	for (int i = 0; i < OOMN_KIND_ROWS; i++) {
		move(&gone->total[i].hits, &cg->total[i].hits);
		move(&gone->total[i].pages, &cg->total[i].pages);
	}
	move(&gone->stall_ns, &cg->stall_ns);
	cg->removed_id = cg->parent_id = 0;
	cg->parent = OOMN_CGROUP_OTHER;
	memset(cg->name, 0, sizeof(cg->name));
	__atomic_store_n(&cg->state, OOMN_ROW_EMPTY, __ATOMIC_SEQ_CST);
	r->released++;
}

static bool is_free_to_go(const struct rows *r, uint32_t row)
{
	return is_unlinked(r, row) && !r->held[row] && !r->children[row];
}

uint32_t rows_end(struct rows *r, uint64_t now_ns)
{
	uint64_t before = r->released;
	uint32_t n;

	for (uint32_t first = OOMN_CGROUP_FIRST; first < OOMN_NR_CGROUPS; first++) {
		/* A directory waits for those below it, then goes with them. */
		for (uint32_t row = first; is_free_to_go(r, row);) {
			uint32_t up = r->table[row].parent;

			if (is_row(up) && r->table[up].id == r->table[row].parent_id)
				r->children[up]--;
			release(r, &r->table[row]);
			row = up;
		}
	}
	n = (uint32_t)(r->released - before);
	r->on_way = 0;
	r->not_before = n ? 0 : now_ns + VAIN_NS / 10;
	if (n)
		rows_tend_all(r);
	return n;
}
