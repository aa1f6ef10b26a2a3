// SPDX-License-Identifier: GPL-2.0-only
/* One JSON object a line: for programs. */
#include "common/json.h"
#include "common/wall.h"
#include "core/cgroups.h"
#include "core/decode.h"
#include "core/names.h"
#include "core/stats.h"
#include "sink.h"

/* In each line, for a line may be stored, and read, without those around it. */
static void put_when(struct json *j, const struct sink_env *env, const struct notice *n,
		     uint64_t time_ns)
{
	char time[WALL_LEN];

	json_u64(j, "time_ns", time_ns);
	json_str(j, "time", wall_time(notice_wall_ns(n, time_ns), time));
	if (env->boot_id)
		json_str(j, "boot_id", env->boot_id);
	else
		json_nil(j, "boot_id");
}

static void put_cgroup(struct json *j, const struct sink_env *env, uint32_t row, uint64_t id)
{
	char path[CGROUP_PATH_MAX];
	const char *p = cgroup_path(env->cgroups, row, path, sizeof(path));

	if (p)
		json_str(j, "cgroup", p);
	else
		json_nil(j, "cgroup");
	json_u64(j, "cgroup_id", id);
}

static void put_told(struct json *j, const char *key, uint64_t v)
{
	if (v == OOMN_NOT_TOLD)
		json_nil(j, key);
	else
		json_u64(j, key, v);
}

static void put_alloc(struct json *j, const struct oomn_alloc *a)
{
	json_i64(j, "order", a->order);
	if (a->hdr.kind == OOMN_WAKEUP_KSWAPD || a->hdr.kind == OOMN_RECLAIM_BEGIN)
		json_u64(j, "gfp", a->gfp);
}

static void put_reclaim_end(struct json *j, const struct oomn_reclaim_end *e)
{
	if (e->hdr.flags & OOMN_F_START_UNSEEN)
		json_nil(j, "duration_ns");
	else
		json_u64(j, "duration_ns", e->duration_ns);
	json_u64(j, "reclaimed_pages", e->reclaimed_pages);
	json_i64(j, "order", e->order);
	json_u64(j, "gfp", e->gfp);
	json_u64(j, "stall_ns", e->stall_ns);
	json_u64(j, "scanned_pages", e->scanned_pages);
}

static void put_oom_kill(struct json *j, const struct oomn_oom_kill *k)
{
	put_told(j, "uid", k->uid);
	if (k->has_task)
		json_i64(j, "oom_score_adj", k->oom_score_adj);
	else
		json_nil(j, "oom_score_adj");
	put_told(j, "total_vm_kb", k->total_vm_kb);
	put_told(j, "anon_rss_kb", k->anon_rss_kb);
	put_told(j, "file_rss_kb", k->file_rss_kb);
	put_told(j, "shmem_rss_kb", k->shmem_rss_kb);
	put_told(j, "pgtables_kb", k->pgtables_kb);
}

static void put_details(struct json *j, const union oomn_record *rec)
{
	switch (rec->hdr.kind) {
	case OOMN_SWAP_OUT:
		json_u64(j, "anon_pages", rec->hdr.pages - rec->swap_out.shmem_pages);
		json_u64(j, "shmem_pages", rec->swap_out.shmem_pages);
		break;
	case OOMN_WAKEUP_KSWAPD:
	case OOMN_KSWAPD_WAKE:
	case OOMN_RECLAIM_BEGIN:
		put_alloc(j, &rec->alloc);
		break;
	case OOMN_RECLAIM_END:
		put_reclaim_end(j, &rec->reclaim_end);
		break;
	case OOMN_THROTTLED:
		json_u64(j, "timeout_us", rec->throttled.timeout_us);
		json_str(j, "reason", throttle_reason_name(rec->throttled.reason));
		break;
	case OOMN_OOM_KILL:
		put_oom_kill(j, &rec->oom_kill);
		break;
	default:
		break;
	}
}

static void put_event(struct json *j, const struct sink_env *env, const struct notice *n)
{
	const struct oomn_hdr *h = &n->rec.hdr;

	json_str(j, "event", kind_names[h->kind]);
	put_when(j, env, n, h->time_ns);
	json_u64(j, "latency_ns", env->now_ns - h->time_ns);
	json_u64(j, "cpu", h->cpu);
	if (h->node >= 0)
		json_i64(j, "node", h->node);
	else
		json_nil(j, "node");
	json_str(j, "cause", cause_names[h->cause]);
	json_str(j, "scope", scope_name(record_scope(&n->rec)));
	json_str(j, "level", level_names[n->level]);
	json_u64(j, "hits", h->hits);
	json_u64(j, "pages", h->pages);
	json_u64(j, "pid", h->pid);
	json_u64(j, "tid", h->tid);
	if (h->kind == OOMN_OOM_KILL && !n->rec.oom_kill.has_task)
		json_nil(j, "comm");
	else
		json_strn(j, "comm", h->comm, sizeof(h->comm));
	put_cgroup(j, env, h->cgroup_row, h->cgroup_id);
	json_u64(j, "held_ns", h->held_ns);
	json_bool(j, "trailing", h->flags & OOMN_F_TRAILING);
	put_details(j, &n->rec);
}

static void put_level(struct json *j, const struct sink_env *env, const struct notice *n)
{
	const struct level_change *c = &n->change;

	json_str(j, "event", "level");
	put_when(j, env, n, c->time_ns);
	json_u64(j, "latency_ns", env->now_ns - c->time_ns);
	json_str(j, "scope", scope_name(c->scope));
	json_str(j, "level", level_names[c->to]);
	json_str(j, "from", level_names[c->from]);
	put_cgroup(j, env, c->cgroup_row, c->cgroup_id);
}

static void put_loss(struct json *j, const struct loss *l)
{
	json_u64(j, "hits", l->ring_hits + l->queue_hits);
	json_u64(j, "ring_hits", l->ring_hits);
	json_u64(j, "queue_hits", l->queue_hits);
	json_u64(j, "queue_levels", l->queue_levels);
	json_u64(j, "level_hits", l->level_hits);
	json_u64(j, "row_hits", l->row_hits);
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
	static const enum oomn_cause causes[] = { OOMN_DIRECT, OOMN_MEMCG, OOMN_NODE };

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
			put_cgroup(j, env, c->row, c->id);
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

static void put_fed(struct json *j, const struct stats *s)
{
	json_open(j, "fed", '{');
	json_u64(j, "told", s->fed);
	json_u64(j, "failed", s->fed_failed);
	json_close(j, '}');
}

static void put_stats(struct json *j, const struct sink_env *env, const struct notice *n)
{
	const struct stats *s = n->stats;

	json_str(j, "event", n->type == NOTICE_SUMMARY ? "summary" : "stats");
	put_when(j, env, n, n->at.time_ns);
	put_kinds(j, s);
	put_latency(j, s);
	json_u64(j, "trailing_records", s->trailing);
	put_stall(j, s);
	put_vmstat(j, s);
	put_kills(j, s);
	json_open(j, "lost", '{');
	put_loss(j, &s->lost);
	json_close(j, '}');
	put_cgroups(j, env, s);
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

static long json_header(const struct sink_env *env, char *buf, size_t size)
{
	(void)env;
	(void)buf;
	(void)size;
	return 0;
}

static long json_format(const struct sink_env *env, const struct notice *n, char *buf, size_t size)
{
	struct json j;

	json_init(&j, buf, size);
	json_open(&j, NULL, '{');
	switch (n->type) {
	case NOTICE_EVENT:
		put_event(&j, env, n);
		break;
	case NOTICE_LEVEL:
		put_level(&j, env, n);
		break;
	case NOTICE_LOST:
		json_str(&j, "event", "lost");
		put_when(&j, env, n, n->at.time_ns);
		put_loss(&j, &n->loss);
		break;
	case NOTICE_STATS:
	case NOTICE_SUMMARY:
		put_stats(&j, env, n);
		break;
	}
	json_close(&j, '}');
	return json_end_line(&j);
}

const struct sink sink_json = { .header = json_header, .format = json_format };
