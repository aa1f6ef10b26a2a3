// SPDX-License-Identifier: GPL-2.0-only
/*
 * Joins what headroom takes. A cgroup with a limit has a slot in the table that the BPF side looks
 * at. When its usage has come near a line its files are read (headroom_look.c), with those of the
 * cgroups above it; what they say decides from which usage on to look again.
 */
#include "headroom_watch_priv.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "headroom_read.h"

/* In one go, so that a thousand cgroups at their limit do not keep us from the ring. */
#define LOOKS_A_RUN 64

static void count_slot(struct headroom_watch *w, uint32_t node, int add)
{
	while ((node = cgroup_tree_node(w->tree, node)->parent) != CGROUP_TREE_NONE)
		w->place[node].slots_below += (uint32_t)add;
	w->stats.cgroups += (uint64_t)(int64_t)add;
}

static void let_go(struct headroom_watch *w, uint32_t node, uint64_t now)
{
	static const struct headroom unlimited = { HEADROOM_UNLIMITED, HEADROOM_UNLIMITED };
	const struct headroom_verdict v = { .time_left_ns = HEADROOM_UNLIMITED };
	const uint32_t slot = w->place[node].slot;
	struct watched *c = &w->watched[slot];

	limits_remove(w->limits, slot);
	if (c->line.level != LEVEL_NONE)
		headroom_tell(w, c, HEADROOM_RECOVERS, &unlimited, &v, now);
	c->due_ns = 0;
	w->place[node].slot = SLOT_NONE;
	w->free[w->nr_free++] = slot;
	count_slot(w, node, -1);
}

static bool take_slot(struct headroom_watch *w, uint32_t node)
{
	const uint32_t slot = w->free[w->nr_free - 1];
	const struct cgroup_node *n = cgroup_tree_node(w->tree, node);

	/* There are as many slots as nodes, so one is free. */
	if (limits_add(w->limits, slot, n->dir_fd))
		return false;
	w->nr_free--;
	w->place[node].slot = slot;
	w->watched[slot] = (struct watched){ .node = node,
					     .id = n->id,
					     .row = limits_table(w->limits)[slot].row };
	count_slot(w, node, 1);
	return true;
}

static bool has_limit(const struct headroom_memory *m)
{
	return m->limit_bytes != HEADROOM_UNLIMITED || m->both_limit_bytes != HEADROOM_UNLIMITED ||
	       m->high_bytes != HEADROOM_UNLIMITED;
}

static void on_changed(void *ctx, uint32_t node)
{
	struct headroom_watch *w = ctx;
	const struct cgroup_node *n = cgroup_tree_node(w->tree, node);
	struct headroom_memory m = { 0 };
	const int err = headroom_read_cgroup(n->dir_fd, cgroup_tree_version(w->tree), &m);
	const bool wanted = !err && (has_limit(&m) || n->id == w->asked_id);
	const bool is_watched = w->place[node].slot != SLOT_NONE;
	const uint64_t now = now_ns();

	if (is_watched && !wanted)
		let_go(w, node, now);
	else if (!is_watched && (!wanted || !take_slot(w, node)))
		return;
	headroom_judge_within(w, node, now);
}

static void on_gone(void *ctx, uint32_t node)
{
	struct headroom_watch *w = ctx;

	if (w->place[node].slot != SLOT_NONE)
		let_go(w, node, now_ns());
}

/*
 * Between memory.high, which was crossed, and the limit, if there is one: then it is what is used
 * of it.
 */
static uint64_t left_above_high(const struct oomn_limit *s)
{
	return s->limit_pages > s->usage_pages ? s->limit_pages - s->usage_pages : 0;
}

static void on_ring(void *ctx, uint32_t slot, uint32_t why)
{
	struct headroom_watch *w = ctx;
	struct oomn_limit *s = &limits_table(w->limits)[slot];
	struct watched *c = &w->watched[slot];
	const struct headroom_verdict none = { .time_left_ns = HEADROOM_UNLIMITED };
	const uint64_t now = now_ns();

	if (why & OOMN_WHY_GONE)
		return; /* inotify tells, or has told */
	if (why & OOMN_WHY_HIGH) {
		const struct headroom high = {
			.left_bytes = left_above_high(s) * w->page_bytes,
			.limit_bytes = s->high_pages * w->page_bytes,
		};

		headroom_tell(w, c, HEADROOM_HIGH, &high, &none, now);
	}
	headroom_judge_within(w, c->node, now);
	s->why = 0;
	w->changed = true;
}

/* The files of those that are due are read, of some of them now if they are many. */
static void run_due(struct headroom_watch *w, uint64_t now)
{
	uint32_t looks = 0;

	if (!w->first_due_ns || w->first_due_ns > now)
		return;
	w->first_due_ns = 0;
	for (uint32_t i = 0; i < OOMN_NR_LIMITS; i++) {
		const uint32_t slot = w->next_slot % OOMN_NR_LIMITS;
		struct watched *c = &w->watched[slot];

		if (c->due_ns && c->due_ns <= now && looks < LOOKS_A_RUN) {
			headroom_judge_slot(w, slot, now);
			looks++;
		}
		w->next_slot++;
		headroom_set_due(w, c, c->due_ns);
	}
	w->next_slot += looks;
}

void headroom_watch_run(struct headroom_watch *w, uint64_t now)
{
	const uint64_t bpf_due_ns = limits_due_ns(w->limits);

	w->changed = limits_stopped(w->limits);
	if (now >= w->machine_due_ns)
		headroom_judge_machine(w, now);
	if (bpf_due_ns && now >= bpf_due_ns && limits_look(w->limits))
		w->stats.unread++;
	if (w->tree) {
		cgroup_tree_run(w->tree);
		w->stats.beyond = cgroup_tree_beyond(w->tree);
	}
	limits_take(w->limits, on_ring, w);
	run_due(w, now);
	if (w->changed && limits_changed(w->limits))
		w->stats.unread++;
}

uint64_t headroom_watch_due_ns(const struct headroom_watch *w)
{
	const uint64_t bpf_due_ns = limits_due_ns(w->limits);
	uint64_t first = w->machine_due_ns ?: 1;

	if (bpf_due_ns && bpf_due_ns < first)
		first = bpf_due_ns;
	return w->first_due_ns && w->first_due_ns < first ? w->first_due_ns : first;
}

int headroom_watch_fd(const struct headroom_watch *w)
{
	return w->epoll;
}

static int add_fd(const struct headroom_watch *w, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN };

	return epoll_ctl(w->epoll, EPOLL_CTL_ADD, fd, &ev) ? -errno : 0;
}

static int set_up(struct headroom_watch *w)
{
	const struct cgroup_tree_ops ops = { .changed = on_changed, .gone = on_gone, .ctx = w };
	int err;

	w->page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	for (uint32_t i = OOMN_NR_LIMITS; i > 0; i--)
		w->free[w->nr_free++] = i - 1;
	for (uint32_t i = 0; i < CGROUP_TREE_MAX; i++)
		w->place[i].slot = SLOT_NONE;
	w->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (w->epoll < 0)
		return -errno;
	w->tree = cgroup_tree_new(&ops);
	if (!w->tree && errno != ENODEV)
		return -errno;
	err = add_fd(w, limits_fd(w->limits));
	return err || !w->tree ? err : add_fd(w, cgroup_tree_fd(w->tree));
}

struct headroom_watch *headroom_watch_new(struct limits *limits, const struct headroom_opts *opts,
					  uint64_t cgroup_id, headroom_fn fn, void *ctx)
{
	struct headroom_watch *w = calloc(1, sizeof(*w));
	int err;

	if (!w)
		return NULL;
	w->limits = limits;
	w->opts = *opts;
	w->asked_id = cgroup_id;
	w->fn = fn;
	w->ctx = ctx;
	w->epoll = -1;
	err = set_up(w);
	if (!err)
		return w;
	headroom_watch_free(w);
	errno = -err;
	return NULL;
}

void headroom_watch_free(struct headroom_watch *w)
{
	if (!w)
		return;
	cgroup_tree_free(w->tree);
	cleanup_close(&w->epoll);
	free(w);
}

void headroom_watch_stats(const struct headroom_watch *w, struct headroom_stats *s)
{
	*s = w->stats;
	s->bpf_looks = limits_looks(w->limits);
}
