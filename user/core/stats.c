// SPDX-License-Identifier: GPL-2.0-only
#include "stats.h"

#include <string.h>

#include "totals.h"

void stats_told(struct stats *s, const struct oomn_hdr *h, uint64_t latency_ns)
{
	s->kind[h->kind].told += h->hits;
	s->kind[h->kind].pages_told += h->pages;
	if (h->flags & OOMN_F_TRAILING)
		s->trailing++;
	else
		hist_add(&s->latency, latency_ns);
}

void stats_dropped(struct stats *s, const struct oomn_hdr *h)
{
	s->kind[h->kind].dropped += h->hits;
	s->kind[h->kind].pages_dropped += h->pages;
}

bool stats_adds_up(const struct kind_stats *k)
{
	return k->hits == k->told + k->waiting + k->dropped &&
	       k->pages == k->pages_told + k->pages_waiting + k->pages_dropped;
}

/* A nested report is counted and cannot be told: see struct oomn_cpu. */
static void add_counts(struct kind_stats *k, const struct oomn_cpu *c, int kind)
{
	const struct oomn_count *n = &c->count[kind];

	k->hits += n->hits + c->nested[kind];
	k->pages += n->pages + c->nested_pages[kind];
	k->dropped += n->dropped_hits + c->nested[kind];
	k->pages_dropped += n->dropped_pages + c->nested_pages[kind];
}

/* A missed swap-out was of one page at least, and more is not known of it. */
void stats_missed(struct stats *s, uint32_t kinds, uint64_t runs)
{
	s->missed_runs += runs;
	for (int i = 0; i < OOMN_NR_KINDS; i++) {
		if (!(kinds & 1U << i))
			continue;
		s->kind[i].hits += runs;
		s->kind[i].dropped += runs;
		if (i == OOMN_SWAP_OUT) {
			s->kind[i].pages += runs;
			s->kind[i].pages_dropped += runs;
		}
	}
}

const char *stats_kills_why(const struct stats *s)
{
	uint64_t hits = s->kind[OOMN_OOM_KILL].hits, counted = (uint64_t)s->vmstat.oom_kill;

	if (!s->has_vmstat || s->vmstat.oom_kill < 0 || counted == hits)
		return NULL;
	if (counted == hits + s->kills_again)
		return "the kernel killed and counted who was dying already (memory.oom.group: the "
		       "first victim)";
	if (counted > hits)
		return "the kernel counted kills that it did not report, or just before the "
		       "start or "
		       "after the end";
	return "threads that were dying anyway are among those told, or a kill that the kernel "
	       "counted just before the start";
}

static void add_stall(struct oomn_stall *to, const struct oomn_stall *from)
{
	to->count += from->count;
	to->sum_ns += from->sum_ns;
	if (from->max_ns > to->max_ns)
		to->max_ns = from->max_ns;
	for (int i = 0; i < OOMN_STALL_BUCKETS; i++)
		to->bucket[i] += from->bucket[i];
}

/* Whether reclaim for this cause holds up a task that only wanted memory. */
static const enum oomn_cause stalling[] = { OOMN_CAUSE_DIRECT, OOMN_CAUSE_MEMCG, OOMN_CAUSE_NODE };

static void add_waiting(struct stats *s, const struct oomn_gate *gate)
{
	const struct oomn_hdr *h = &gate->rec.hdr;
	const uint64_t hits = totals_read(&h->hits);

	if (!hits || h->kind >= OOMN_NR_KINDS)
		return;
	s->kind[h->kind].waiting += hits;
	s->kind[h->kind].pages_waiting += totals_read(&h->pages);
}

/*
 * A hit is counted before it waits, so what waits is read first: the CPU counts on meanwhile, and
 * nothing may seem to wait that was not counted.
 */
void stats_add_cpu(struct stats *s, const struct oomn_cpu *c)
{
	for (int i = 0; i < OOMN_NR_GATES; i++)
		add_waiting(s, &c->gate[i]);
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	for (int i = 0; i < OOMN_NR_KINDS; i++)
		add_counts(&s->kind[i], c, i);
	for (size_t i = 0; i < sizeof(stalling) / sizeof(stalling[0]); i++) {
		const struct oomn_stall *stall = &c->stall[stalling[i]];

		add_stall(&s->stall, stall);
		s->stalls[stalling[i]].count += stall->count;
		s->stalls[stalling[i]].sum_ns += stall->sum_ns;
	}
	s->unended += c->unended;
	s->untracked += c->untracked;
}

static struct cgroup_stats row_stats(const struct oomn_cgroup *rows, uint32_t row)
{
	const struct oomn_cgroup *cg = &rows[row];

	return (struct cgroup_stats){
		.row = row,
		.id = cg->id,
		.swap_out_pages = cg->total[OOMN_SWAP_OUT].pages,
		.stalls = cg->total[OOMN_RECLAIM_END].hits,
		.stall_ns = cg->stall_ns,
		.oom_kills = cg->total[OOMN_OOM_KILL].hits,
	};
}

static bool is_nothing(const struct cgroup_stats *c)
{
	return !c->swap_out_pages && !c->stalls && !c->oom_kills;
}

static bool is_larger(const struct cgroup_stats *a, const struct cgroup_stats *b)
{
	if (a->swap_out_pages != b->swap_out_pages)
		return a->swap_out_pages > b->swap_out_pages;
	return a->stall_ns > b->stall_ns;
}

/* Insertion into a short sorted list; what falls off its end was not among the largest. */
static void insert(struct stats *s, const struct cgroup_stats *c)
{
	uint32_t i = s->nr_cgroups;

	if (i < STATS_TOP_CGROUPS)
		s->nr_cgroups++;
	else if (!is_larger(c, &s->cgroup[--i]))
		return;
	for (; i > 0 && is_larger(c, &s->cgroup[i - 1]); i--)
		s->cgroup[i] = s->cgroup[i - 1];
	s->cgroup[i] = *c;
}

void stats_top_cgroups(struct stats *s, const struct oomn_cgroup *rows)
{
	static const uint32_t last[] = { OOMN_CGROUP_OTHER, OOMN_CGROUP_GONE };
	struct cgroup_stats c;

	s->nr_cgroups = 0;
	for (uint32_t row = OOMN_CGROUP_FIRST; row < OOMN_NR_CGROUPS; row++) {
		c = row_stats(rows, row);
		if (!is_nothing(&c))
			insert(s, &c);
	}
	for (size_t i = 0; i < sizeof(last) / sizeof(last[0]); i++) {
		c = row_stats(rows, last[i]);
		if (!is_nothing(&c))
			s->cgroup[s->nr_cgroups++] = c;
	}
}

uint64_t stats_nameless_hits(const struct oomn_cgroup *rows)
{
	uint64_t n = 0;

	for (int kind = 0; kind < OOMN_NR_KINDS; kind++)
		n += *(const volatile __u64 *)&rows[OOMN_CGROUP_OTHER].total[kind].hits;
	return n;
}
