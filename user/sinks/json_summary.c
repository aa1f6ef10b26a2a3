// SPDX-License-Identifier: GPL-2.0-only
/* The summary, and interim figures, as JSON. */
#include "json_summary.h"

#include "core/cgroups.h"
#include "core/names.h"
#include "record.h"
#include "tables.h"

void json_put_cgroup(struct json *j, const struct sink_env *env, uint32_t row, uint64_t id)
{
	char path[CGROUP_PATH_MAX];
	const char *p = cgroup_path(env->cgroups, row, path, sizeof(path));

	if (p)
		json_str(j, "cgroup", p);
	else
		json_nil(j, "cgroup");
	json_u64(j, "cgroup_id", id);
}

void json_put_loss(struct json *j, const struct loss *l)
{
	json_u64(j, "hits", l->ring_hits + l->queue_hits);
	json_u64(j, "ring_hits", l->ring_hits);
	json_u64(j, "queue_hits", l->queue_hits);
	json_u64(j, "queue_levels", l->queue_levels);
	json_u64(j, "level_hits", l->level_hits);
	json_u64(j, "row_hits", l->row_hits);
	json_u64(j, "queue_headroom", l->queue_headroom);
	json_u64(j, "unwatched_cgroups", l->unwatched);
}

static void put_kinds(struct json *j, const struct stats *s)
{
	json_open(j, "kinds", '{');
	for (int i = 0; i < OOMN_NR_KINDS; i++) {
		const struct kind_stats *k = &s->kind[i];

		json_open(j, kind_names[i], '{');
		json_u64(j, "hits", k->hits);
		json_u64(j, "told", k->told);
		json_u64(j, "waiting", k->waiting);
		json_u64(j, "dropped", k->dropped);
		json_u64(j, "pages", k->pages);
		json_u64(j, "pages_told", k->pages_told);
		json_u64(j, "pages_waiting", k->pages_waiting);
		json_u64(j, "pages_dropped", k->pages_dropped);
		json_close(j, '}');
	}
	json_close(j, '}');
}

static void put_latency(struct json *j, const struct stats *s)
{
	json_open(j, "latency_ns", '{');
	json_u64(j, "p50", hist_quantile(&s->latency, 500));
	json_u64(j, "p90", hist_quantile(&s->latency, 900));
	json_u64(j, "p99", hist_quantile(&s->latency, 990));
	json_u64(j, "max", s->latency.max);
	json_u64(j, "count", s->latency.count);
	json_close(j, '}');
}

/* "direct" is what /proc/vmstat calls allocstall; the kernel counts no others. */
static void put_stall_causes(struct json *j, const struct stats *s)
{
	static const enum oomn_cause causes[] = { OOMN_CAUSE_DIRECT, OOMN_CAUSE_MEMCG,
						  OOMN_CAUSE_NODE };

	json_open(j, "causes", '{');
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++) {
		json_open(j, cause_names[causes[i]], '{');
		json_u64(j, "count", s->stalls[causes[i]].count);
		json_u64(j, "sum_ns", s->stalls[causes[i]].sum_ns);
		json_close(j, '}');
	}
	json_close(j, '}');
}

static void put_stall(struct json *j, const struct stats *stats)
{
	const struct oomn_stall *s = &stats->stall;

	json_open(j, "stall", '{');
	json_u64(j, "count", s->count);
	json_u64(j, "sum_ns", s->sum_ns);
	json_u64(j, "max_ns", s->max_ns);
	json_open(j, "buckets", '[');
	for (int i = 0; i < OOMN_STALL_BUCKETS; i++) {
		json_open(j, NULL, '{');
		if (i < OOMN_STALL_BUCKETS - 1)
			json_u64(j, "le_ns", (1ULL << (i + OOMN_STALL_SHIFT)) - 1);
		else
			json_nil(j, "le_ns");
		json_u64(j, "count", s->bucket[i]);
		json_close(j, '}');
	}
	json_close(j, ']');
	put_stall_causes(j, stats);
	json_close(j, '}');
}

static void put_counter(struct json *j, const char *key, int64_t v)
{
	if (v < 0)
		json_nil(j, key);
	else
		json_i64(j, key, v);
}

static void put_vmstat(struct json *j, const struct stats *s)
{
	static const struct vmstat unknown = { -1, -1, -1, -1, -1 };
	const struct vmstat *v = s->has_vmstat ? &s->vmstat : &unknown;

	json_open(j, "vmstat", '{');
	put_counter(j, "pswpout", v->pswpout);
	put_counter(j, "swpout_zero", v->swpout_zero);
	put_counter(j, "zswpout", v->zswpout);
	put_counter(j, "allocstall", v->allocstall);
	put_counter(j, "oom_kill", v->oom_kill);
	json_close(j, '}');
}

static void put_cgroups(struct json *j, const struct sink_env *env, const struct stats *s)
{
	json_open(j, "cgroups", '[');
	for (uint32_t i = 0; i < s->nr_cgroups; i++) {
		const struct cgroup_stats *c = &s->cgroup[i];

		json_open(j, NULL, '{');
		if (c->row == OOMN_CGROUP_OTHER)
			json_str(j, "cgroup", "other");
		else if (c->row == OOMN_CGROUP_GONE)
			json_str(j, "cgroup", "removed");
		else
			json_put_cgroup(j, env, c->row, c->id);
		json_u64(j, "swap_out_pages", c->swap_out_pages);
		json_u64(j, "stalls", c->stalls);
		json_u64(j, "stall_ns", c->stall_ns);
		json_u64(j, "oom_kills", c->oom_kills);
		json_close(j, '}');
	}
	json_close(j, ']');
}

/* With what explains a difference from vmstat.oom_kill. */
static void put_kills(struct json *j, const struct stats *s)
{
	const char *why = stats_kills_why(s);

	json_open(j, "oom_kills", '{');
	json_u64(j, "unknown_scope", s->unknown_kills);
	json_u64(j, "killed_again", s->kills_again);
	if (why)
		json_str(j, "why_not_vmstat", why);
	else
		json_nil(j, "why_not_vmstat");
	json_close(j, '}');
}

static void put_headroom_stats(struct json *j, const struct stats *s)
{
	json_open(j, "headroom", '{');
	json_u64(j, "told", s->headroom_told);
	json_u64(j, "cgroups", s->headroom.cgroups);
	json_u64(j, "unwatched_cgroups", s->headroom.beyond);
	json_u64(j, "unread", s->headroom.unread);
	json_u64(j, "looks", s->headroom.looks);
	json_u64(j, "bpf_looks", s->headroom.bpf_looks);
	json_close(j, '}');
}

static void put_fed(struct json *j, const struct stats *s)
{
	json_open(j, "fed", '{');
	json_u64(j, "told", s->fed);
	json_u64(j, "failed", s->fed_failed);
	json_close(j, '}');
}

void json_summary_put(struct json *j, const struct sink_env *env, const struct stats *s)
{
	put_kinds(j, s);
	put_latency(j, s);
	json_u64(j, "trailing_records", s->trailing);
	put_stall(j, s);
	put_vmstat(j, s);
	put_kills(j, s);
	json_open(j, "lost", '{');
	json_put_loss(j, &s->lost);
	json_close(j, '}');
	put_cgroups(j, env, s);
	put_headroom_stats(j, s);
	json_u64(j, "in_reclaim", s->in_reclaim);
	json_u64(j, "unended", s->unended);
	json_u64(j, "untracked", s->untracked);
	json_u64(j, "missed_runs", s->missed_runs);
	json_u64(j, "bad_records", s->bad_records);
	json_fixed(j, "ready_ms", (double)s->ready_ns / 1e6);
	json_u64(j, "max_rss_kb", s->max_rss_kb);
	json_u64(j, "major_faults", s->major_faults);
	if (s->feeds)
		put_fed(j, s);
}
