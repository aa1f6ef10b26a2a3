// SPDX-License-Identifier: GPL-2.0-only
/* From the files of a cgroup, and of those above it, to what is told of its headroom. */
#include "headroom_watch_priv.h"

#include <string.h>

#include "common/clock.h"
#include "headroom_read.h"
#include "loader.h"
#include "tables.h"

/* Deeper cgroups are judged by the nearest so many. */
#define CHAIN_MAX 32
/* While nothing happens; that a limit was changed comes as an event. */
#define REST_GAP_NS (500 * NS_PER_MS)
/*
 * A look at files takes 20 us: at a limit where page cache streams this is what bounds the looks.
 */
#define MIN_FILE_GAP_NS (2 * NS_PER_MS)
/*
 * A smaller limit is filled in half a millisecond, before anybody could do something about it, and
 * counters that lag by 64 pages for each processor say little of it: it is looked at when a charge
 * has met it.
 */
#define SMALL_LIMIT_BYTES (4ULL << 20)
#define SMALL_GAP_NS	  (100 * NS_PER_MS)
/* The machine's own, of which there is no counter to look at. */
#define MACHINE_MIN_GAP_NS (10 * NS_PER_MS)
#define MACHINE_MAX_GAP_NS (2 * NS_PER_S)
#define SWAP_AGE_NS	   (10 * NS_PER_MS)

void headroom_tell(struct headroom_watch *w, const struct watched *c, enum headroom_edge edge,
		   const struct headroom *h, const struct headroom_verdict *v, uint64_t now)
{
	const struct headroom_fact fact = {
		.scope = c ? SCOPE_CGROUP : SCOPE_GLOBAL,
		.edge = edge,
		.level = v->level,
		.cgroup_row = c ? c->row : OOMN_CGROUP_NONE,
		.cgroup_id = c ? c->id : 0,
		.time_ns = now,
		.left_bytes = h->left_bytes,
		.limit_bytes = h->limit_bytes,
		.growth_bytes_s = v->growth_bytes_s,
		.time_left_ns = v->time_left_ns,
		.to_free_bytes = v->to_free_bytes,
	};

	w->fn(w->ctx, &fact);
}

static void tell_edges(struct headroom_watch *w, const struct watched *c, const struct headroom *h,
		       const struct headroom_verdict *v, uint64_t now)
{
	if (v->falls)
		headroom_tell(w, c, HEADROOM_FALLS, h, v, now);
	else if (v->recovers)
		headroom_tell(w, c, HEADROOM_RECOVERS, h, v, now);
}

/* The time that the fastest growth takes for @bytes. */
static uint64_t growth_ns(uint64_t bytes, uint64_t min_ns, uint64_t max_ns)
{
	const uint64_t ns = bytes / LOADER_GROWTH_BYTES_NS;

	return ns < min_ns ? min_ns : ns > max_ns ? max_ns : ns;
}

static int read_machine(struct headroom_watch *w, uint64_t now)
{
	w->machine_read_ns = now;
	return headroom_read_machine("/proc/meminfo", "/proc/sys/vm/swappiness", &w->machine);
}

/* Swap may have been switched on, or be used up, since the machine was looked at. */
static void refresh_swap(struct headroom_watch *w, uint64_t now)
{
	if (now - w->machine_read_ns >= SWAP_AGE_NS && read_machine(w, now))
		w->stats.unread++;
}

void headroom_judge_machine(struct headroom_watch *w, uint64_t now)
{
	struct headroom_verdict v;
	struct headroom h;

	w->stats.looks++;
	if (read_machine(w, now)) {
		w->stats.unread++;
		w->machine_due_ns = now + MACHINE_MAX_GAP_NS;
		return;
	}
	w->machine.reserve_bytes = w->machine.total_bytes / 100 * w->opts.reserve_percent;
	h = headroom_of_machine(&w->machine);
	headroom_judge(&w->machine_line, &w->opts, &h, now, &v);
	tell_edges(w, NULL, &h, &v, now);
	w->machine_due_ns = now + growth_ns(h.left_bytes - v.look_left_bytes, MACHINE_MIN_GAP_NS,
					    v.look_ns ?: MACHINE_MAX_GAP_NS);
}

/* A cgroup and those above it that have a limit, with what their files say. */
struct chain {
	int n;
	int dir_fd[CHAIN_MAX];
	struct headroom_memory memory[CHAIN_MAX];
};

/* All but memory.stat. 0 or negative errno. */
static int read_chain(const struct headroom_watch *w, const struct watched *c, struct chain *chain)
{
	const int version = cgroup_tree_version(w->tree);
	uint32_t node = c->node;
	int err;

	memset(chain, 0, sizeof(*chain));
	for (; node != CGROUP_TREE_NONE && chain->n < CHAIN_MAX;
	     node = cgroup_tree_node(w->tree, node)->parent) {
		const int dir_fd = cgroup_tree_node(w->tree, node)->dir_fd;
		struct headroom_memory *m = &chain->memory[chain->n];

		if (node != c->node && w->place[node].slot == SLOT_NONE)
			continue; /* no limit */
		err = headroom_read_cgroup(dir_fd, version, m);
		if (err)
			return err;
		if (version == 2)
			m->never_swaps = w->machine.never_swaps;
		chain->dir_fd[chain->n++] = dir_fd;
	}
	return 0;
}

static int read_droppable(const struct headroom_watch *w, struct chain *chain)
{
	const int version = cgroup_tree_version(w->tree);
	int err = 0;

	for (int i = 0; !err && i < chain->n; i++)
		err = headroom_read_droppable(chain->dir_fd[i], version, &chain->memory[i]);
	return err;
}

/* Is so little left, if page cache is taken for what cannot be dropped, that it has to be known? */
static bool is_near(const struct headroom_watch *w, const struct chain *chain, struct headroom *h)
{
	static const struct headroom_machine no_swap;

	*h = headroom_of_cgroup(chain->memory, (size_t)chain->n, &no_swap);
	return h->left_bytes != HEADROOM_UNLIMITED &&
	       h->left_bytes <= headroom_first_look(&w->opts, h->limit_bytes);
}

/* From which usage on, or after how long, it has to be looked at again. */
static void look_again(struct headroom_watch *w, uint32_t slot, const struct headroom_memory *own,
		       uint64_t to_go_bytes)
{
	struct oomn_limit *s = &limits_table(w->limits)[slot];
	const uint64_t pages = to_go_bytes / w->page_bytes;

	s->wake_pages = own->usage_bytes / w->page_bytes + (pages ?: 1);
	s->max_gap_ns = REST_GAP_NS;
	/* With page cache that makes room for it usage stays where it is: at the limit. */
	s->want_max = own->usage_bytes + to_go_bytes >= own->limit_bytes;
	if (s->want_max)
		s->max_gap_ns = growth_ns(to_go_bytes, MIN_FILE_GAP_NS, REST_GAP_NS);
	if (own->limit_bytes < SMALL_LIMIT_BYTES) {
		s->wake_pages = OOMN_LIMIT_NEVER;
		s->want_max = 1;
		s->max_gap_ns = SMALL_GAP_NS;
	}
	s->due_ns = 0;
	w->changed = true;
}

static uint64_t look_gap_ns(const struct headroom_memory *own, uint64_t look_ns)
{
	return look_ns && own->limit_bytes < SMALL_LIMIT_BYTES ? REST_GAP_NS : look_ns;
}

void headroom_set_due(struct headroom_watch *w, struct watched *c, uint64_t due_ns)
{
	c->due_ns = due_ns;
	if (due_ns && (!w->first_due_ns || due_ns < w->first_due_ns))
		w->first_due_ns = due_ns;
}

/*
 * Not known is never worse than known: it raises no level. There is another try, but no other ring.
 */
static void not_known(struct headroom_watch *w, uint32_t slot, uint64_t now)
{
	struct oomn_limit *s = &limits_table(w->limits)[slot];

	w->stats.unread++;
	headroom_set_due(w, &w->watched[slot], now + REST_GAP_NS);
	s->wake_pages = OOMN_LIMIT_NEVER;
	s->want_max = 0;
	s->max_gap_ns = REST_GAP_NS;
}

static uint64_t to_go(uint64_t left_bytes, uint64_t look_left_bytes)
{
	return left_bytes == HEADROOM_UNLIMITED ? HEADROOM_UNLIMITED / 2 :
						  left_bytes - look_left_bytes;
}

/* With page cache counted as what it is, and all that is told. */
static void judge_near(struct headroom_watch *w, uint32_t slot, uint64_t now,
		       const struct chain *chain)
{
	const struct headroom_memory *own = &chain->memory[0];
	struct watched *c = &w->watched[slot];
	struct headroom_verdict v;
	struct headroom h;
	uint64_t look_ns;

	refresh_swap(w, now);
	h = headroom_of_cgroup(chain->memory, (size_t)chain->n, &w->machine);
	headroom_judge(&c->line, &w->opts, &h, now, &v);
	tell_edges(w, c, &h, &v, now);
	look_ns = look_gap_ns(own, v.look_ns);
	headroom_set_due(w, c, look_ns ? now + look_ns : 0);
	look_again(w, slot, own, to_go(h.left_bytes, v.look_left_bytes));
}

void headroom_judge_slot(struct headroom_watch *w, uint32_t slot, uint64_t now)
{
	struct watched *c = &w->watched[slot];
	struct chain chain;
	struct headroom h;
	bool near = false;
	int err;

	w->stats.looks++;
	err = read_chain(w, c, &chain);
	if (!err) {
		near = is_near(w, &chain, &h) || c->line.level != LEVEL_NONE;
		err = near ? read_droppable(w, &chain) : 0;
	}
	if (err) {
		not_known(w, slot, now);
		return;
	}
	if (near) {
		judge_near(w, slot, now, &chain);
		return;
	}
	c->line.nr_looks = 0; /* growth is not known from looks without page cache */
	c->due_ns = 0;
	look_again(w, slot, &chain.memory[0],
		   to_go(h.left_bytes, headroom_first_look(&w->opts, h.limit_bytes)));
}

static bool is_above(const struct headroom_watch *w, uint32_t above, uint32_t node)
{
	do
		node = cgroup_tree_node(w->tree, node)->parent;
	while (node != CGROUP_TREE_NONE && node != above);
	return node == above;
}

/* All that is within @node as well: its limit is theirs. */
void headroom_judge_within(struct headroom_watch *w, uint32_t node, uint64_t now)
{
	struct oomn_limit *table = limits_table(w->limits);

	if (w->place[node].slot != SLOT_NONE)
		headroom_judge_slot(w, w->place[node].slot, now);
	if (!w->place[node].slots_below)
		return;
	for (uint32_t i = 0; i < OOMN_NR_LIMITS; i++)
		if (table[i].id && is_above(w, node, w->watched[i].node))
			headroom_judge_slot(w, i, now);
}
