// SPDX-License-Identifier: GPL-2.0-only
/* One JSON object a line: for programs. */
#include "common/json.h"
#include "common/wall_clock.h"
#include "core/decode.h"
#include "core/names.h"
#include "json_summary.h"
#include "record.h"
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
	json_put_cgroup(j, env, h->cgroup_row, h->cgroup_id);
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
	json_put_cgroup(j, env, c->cgroup_row, c->cgroup_id);
}

static void put_share(struct json *j, const struct headroom_fact *f)
{
	double percent;

	if (headroom_left_percent(f, &percent))
		json_fixed(j, "left_percent", percent);
	else
		json_nil(j, "left_percent");
}

static void put_limited(struct json *j, const char *key, uint64_t v)
{
	if (v == HEADROOM_UNLIMITED)
		json_nil(j, key);
	else
		json_u64(j, key, v);
}

static void put_headroom(struct json *j, const struct sink_env *env, const struct notice *n)
{
	const struct headroom_fact *f = &n->headroom;

	json_str(j, "event", "headroom");
	put_when(j, env, n, f->time_ns);
	json_u64(j, "latency_ns", env->now_ns - f->time_ns);
	json_str(j, "scope", scope_name(f->scope));
	json_str(j, "edge", headroom_edge_names[f->edge]);
	json_str(j, "level", level_names[f->level]);
	put_limited(j, "left_bytes", f->left_bytes);
	put_limited(j, "limit_bytes", f->limit_bytes);
	put_share(j, f);
	json_u64(j, "growth_bytes_per_s", f->growth_bytes_s);
	put_limited(j, "time_left_ns", f->time_left_ns);
	json_u64(j, "to_free_bytes", f->to_free_bytes);
	json_put_cgroup(j, env, f->cgroup_row, f->cgroup_id);
}

static void put_stats(struct json *j, const struct sink_env *env, const struct notice *n)
{
	json_str(j, "event", n->type == NOTICE_SUMMARY ? "summary" : "stats");
	put_when(j, env, n, n->at.time_ns);
	json_summary_put(j, env, n->stats);
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
	case NOTICE_HEADROOM:
		put_headroom(&j, env, n);
		break;
	case NOTICE_LOST:
		json_str(&j, "event", "lost");
		put_when(&j, env, n, n->at.time_ns);
		json_put_loss(&j, &n->loss);
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
