// SPDX-License-Identifier: GPL-2.0-only
/* Aligned lines: for people. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/short.h"
#include "core/cgroups.h"
#include "core/names.h"
#include "core/stats.h"
#include "sink.h"

struct text {
	char *buf;
	size_t size;
	size_t len;
	bool full; /* something did not fit */
};

__attribute__((format(printf, 2, 3))) static void put(struct text *t, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(t->buf + t->len, t->size - t->len, fmt, args);
	va_end(args);
	if (n < 0 || (size_t)n >= t->size - t->len)
		t->full = true;
	else
		t->len += (size_t)n;
}

static void put_wall_time(struct text *t, const struct notice *n, uint64_t time_ns)
{
	char clock[SHORT_LEN];

	put(t, "%s", short_clock(notice_wall_ns(n, time_ns), clock));
}

static void put_level_name(struct text *t, const struct sink_env *env, enum level level)
{
	static const char *const colour[NR_LEVELS] = { "\033[32m", "\033[33m", "\033[35m",
						       "\033[1;31m" };

	put(t, "%s%-4s%s ", env->colour ? colour[level] : "", short_level_names[level],
	    env->colour ? "\033[0m" : "");
}

/* Control characters in names, U+0080 to U+009F too, would move the cursor, or worse. */
static const char *printable(char *s)
{
	for (unsigned char *p = (unsigned char *)s; *p; p++) {
		if (*p < 0x20 || *p == 0x7f)
			*p = '?';
		else if (*p == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0)
			p[0] = p[1] = '?';
	}
	return s;
}

/* Cut to @room: of what is above the last directory as much as fits, else of that its beginning. */
static void put_cut(struct text *t, const char *path, size_t room)
{
	const char *leaf = strrchr(path, '/');
	size_t len = strlen(path);

	if (len <= room)
		put(t, "%s", path);
	else if (leaf && strlen(leaf) + 2 > room)
		put(t, "%.*s..", (int)room - 2, leaf);
	else
		put(t, "..%s", path + len - (room - 2));
}

/* Of a row that is no single cgroup's. */
static const char *row_name(uint32_t row)
{
	if (row == OOMN_CGROUP_NONE)
		return "-";
	return row == OOMN_CGROUP_GONE ? "(removed)" : "(other)";
}

static void put_cgroup(struct text *t, const struct sink_env *env, uint32_t row, size_t used)
{
	char path[CGROUP_PATH_MAX];

	if (!cgroup_path(env->cgroups, row, path, sizeof(path)))
		put(t, "%s", row_name(row));
	else if (!env->columns)
		put(t, "%s", printable(path));
	else
		put_cut(t, printable(path), env->columns > used + 8 ? env->columns - used : 8);
}

#define HEADER "TIME         LATE  LVL  EVENT         CAUSE     PAGES STALL TASK        CGROUP"

/* Columns before the cgroup. */
#define USED (sizeof(HEADER) - sizeof("CGROUP"))

static long term_header(const struct sink_env *env, char *buf, size_t size)
{
	struct text t = { .buf = buf, .size = size };

	put(&t, "%s" HEADER "%s\n", env->colour ? "\033[1m" : "", env->colour ? "\033[0m" : "");
	return t.full ? -ENOSPC : (long)t.len;
}

static const char *stall_text(const union oomn_record *rec, char buf[SHORT_LEN])
{
	if (rec->hdr.kind == OOMN_RECLAIM_END && !(rec->hdr.flags & OOMN_F_START_UNSEEN))
		return short_time(rec->reclaim_end.stall_ns, buf);
	if (rec->hdr.kind == OOMN_THROTTLED)
		return short_time(rec->throttled.timeout_us * NS_PER_US, buf);
	return "-";
}

static void put_victim(struct text *t, const struct oomn_oom_kill *k)
{
	put(t,
	    "             killed: %" PRIu64 " MiB anonymous, %" PRIu64 " MiB file, %" PRIu64
	    " MiB shared, uid %" PRIu64 ", oom_score_adj %" PRId64 "\n",
	    (uint64_t)k->anon_rss_kb >> 10, (uint64_t)k->file_rss_kb >> 10,
	    (uint64_t)k->shmem_rss_kb >> 10, (uint64_t)k->uid, (int64_t)k->oom_score_adj);
}

static void put_event(struct text *t, const struct sink_env *env, const struct notice *n)
{
	const struct oomn_hdr *h = &n->rec.hdr;
	char late[SHORT_LEN], pages[SHORT_LEN], stall[SHORT_LEN], comm[OOMN_COMM_LEN + 1], task[32];

	snprintf(comm, sizeof(comm), "%.*s", OOMN_COMM_LEN, h->comm);
	snprintf(task, sizeof(task), "%u/%s", h->pid, printable(comm));
	put_wall_time(t, n, h->time_ns);
	put(t, " %5s ", short_time(env->now_ns - h->time_ns, late));
	put_level_name(t, env, n->level);
	put(t, "%-13s %-9s %5s %5s %-11.11s ", kind_names[h->kind], cause_names[h->cause],
	    short_count(h->pages, pages), stall_text(&n->rec, stall), task);
	put_cgroup(t, env, h->cgroup_row, USED);
	put(t, "\n");
	if (h->kind == OOMN_OOM_KILL && n->rec.oom_kill.has_task &&
	    n->rec.oom_kill.total_vm_kb != OOMN_NOT_TOLD)
		put_victim(t, &n->rec.oom_kill);
}

static void put_level(struct text *t, const struct sink_env *env, const struct notice *n)
{
	const struct level_change *c = &n->change;
	char late[SHORT_LEN];

	put_wall_time(t, n, c->time_ns);
	put(t, " %5s ", short_time(env->now_ns - c->time_ns, late));
	put_level_name(t, env, c->to);
	put(t, "%-13s was %-5s %5s %5s %-11s ", "level", short_level_names[c->from], "-", "-",
	    c->to == LEVEL_NONE ? "(all clear)" : "-");
	if (c->scope == SCOPE_GLOBAL)
		put(t, "(machine)");
	else
		put_cgroup(t, env, c->cgroup_row, USED);
	put(t, "\n");
}

static void put_lost(struct text *t, const struct notice *n)
{
	const struct loss *l = &n->loss;

	if (l->ring_hits || l->queue_hits || l->queue_levels || (!l->level_hits && !l->row_hits)) {
		put_wall_time(t, n, n->at.time_ns);
		put(t,
		    "     ! lost: %" PRIu64 " hits, the ring was full; %" PRIu64
		    " hits and %" PRIu64 " level changes, this output was too slow\n",
		    l->ring_hits, l->queue_hits, l->queue_levels);
	}
	if (l->level_hits) {
		put_wall_time(t, n, n->at.time_ns);
		put(t,
		    "     ! lost: the level after %" PRIu64
		    " hits, of more cgroups at once than %d\n",
		    l->level_hits, LEVELS_CGROUPS);
	}
	if (l->row_hits) {
		put_wall_time(t, n, n->at.time_ns);
		put(t,
		    "     ! lost: the cgroup's name at %" PRIu64
		    " hits, of more directories at once than %d\n",
		    l->row_hits, OOMN_NR_CGROUPS - OOMN_CGROUP_FIRST);
	}
}

static void put_interim(struct text *t, const struct notice *n)
{
	const struct stats *s = n->stats;
	char stall[SHORT_LEN];

	put_wall_time(t, n, n->at.time_ns);
	put(t,
	    "     # swapped out %" PRIu64 " pages, %" PRIu64 " stalls of %s, %" PRIu64
	    " OOM kills; %" PRIu64 " in reclaim now\n",
	    s->kind[OOMN_SWAP_OUT].pages, (uint64_t)s->stall.count,
	    short_time(s->stall.sum_ns, stall), s->kind[OOMN_OOM_KILL].hits, s->in_reclaim);
}

static bool is_quiet(const struct stats *s)
{
	for (int i = 0; i < OOMN_NR_KINDS; i++)
		if (s->kind[i].hits)
			return false;
	return true;
}

static void put_row(struct text *t, const char *kind, const char *what, uint64_t counted,
		    uint64_t told, uint64_t waiting, uint64_t dropped)
{
	put(t, "%-14s %-5s %12" PRIu64 " %12" PRIu64 " %12" PRIu64 " %12" PRIu64 "\n", kind, what,
	    counted, told, waiting, dropped);
}

static void put_kinds(struct text *t, const struct stats *s)
{
	if (is_quiet(s)) {
		put(t, "no swap-out, reclaim, kswapd work or OOM kill was seen\n");
		return;
	}
	put(t, "%-20s %12s %12s %12s %12s\n", "EVENT", "COUNTED", "TOLD", "WAITING", "DROPPED");
	for (int i = 0; i < OOMN_NR_KINDS; i++) {
		const struct kind_stats *k = &s->kind[i];

		if (k->hits)
			put_row(t, kind_names[i], "hits", k->hits, k->told, k->waiting, k->dropped);
		if (k->pages)
			put_row(t, "", "pages", k->pages, k->pages_told, k->pages_waiting,
				k->pages_dropped);
	}
}

static void put_stalls(struct text *t, const struct oomn_stall *s)
{
	char a[SHORT_LEN], b[SHORT_LEN];
	uint64_t most = 1;

	if (!s->count)
		return;
	put(t, "\nstalls: %" PRIu64 ", together %s, longest %s\n", (uint64_t)s->count,
	    short_time(s->sum_ns, a), short_time(s->max_ns, b));
	for (int i = 0; i < OOMN_STALL_BUCKETS; i++)
		most = s->bucket[i] > most ? s->bucket[i] : most;
	for (int i = 0; i < OOMN_STALL_BUCKETS; i++)
		if (s->bucket[i])
			put(t, "  < %5s %8" PRIu64 " %.*s\n",
			    i < OOMN_STALL_BUCKETS - 1 ?
				    short_time(1ULL << (i + OOMN_STALL_SHIFT), a) :
				    "ever",
			    (uint64_t)s->bucket[i], (int)(40 * s->bucket[i] / most),
			    "########################################");
}

static void put_cgroups(struct text *t, const struct sink_env *env, const struct stats *s)
{
	char stall[SHORT_LEN];

	if (s->nr_cgroups)
		put(t, "\n%10s %8s %6s %4s  %s\n", "SWAPPED", "STALLS", "STALL", "OOM", "CGROUP");
	for (uint32_t i = 0; i < s->nr_cgroups; i++) {
		const struct cgroup_stats *c = &s->cgroup[i];

		put(t, "%10" PRIu64 " %8" PRIu64 " %6s %4" PRIu64 "  ", c->swap_out_pages,
		    c->stalls, short_time(c->stall_ns, stall), c->oom_kills);
		put_cgroup(t, env, c->row, 33);
		put(t, "\n");
	}
}

static void put_kernel_side(struct text *t, const struct stats *s)
{
	const struct vmstat *v = &s->vmstat;

	if (!s->has_vmstat)
		return;
	put(t,
	    "\nthe kernel's own count: %" PRId64 " pages swapped out, %" PRId64
	    " direct reclaims, %" PRId64 " OOM kills\n",
	    vmstat_swapped_out(v), v->allocstall, v->oom_kill);
}

static void put_kills(struct text *t, const struct stats *s)
{
	const char *why = stats_kills_why(s);

	if (s->unknown_kills)
		put(t, "OOM kills of which is not known whose memory ran out: %" PRIu64 "\n",
		    s->unknown_kills);
	if (why)
		put(t, "OOM kills told: %" PRIu64 ", not %" PRId64 ": %s\n",
		    s->kind[OOMN_OOM_KILL].hits, s->vmstat.oom_kill, why);
}

static void put_troubles(struct text *t, const struct stats *s)
{
	if (s->in_reclaim)
		put(t, "still in reclaim: %" PRIu64 " tasks\n", s->in_reclaim);
	if (s->unended)
		put(t, "reclaims whose end was never seen: %" PRIu64 "\n", s->unended);
	if (s->untracked)
		put(t, "reclaims beyond the table of reclaimers: %" PRIu64 "\n", s->untracked);
	if (s->lost.level_hits)
		put(t, "hits whose cgroup had no level, beyond %d at once: %" PRIu64 "\n",
		    LEVELS_CGROUPS, s->lost.level_hits);
	if (s->lost.row_hits)
		put(t,
		    "hits whose cgroup had no name, beyond %d directories at once: %" PRIu64 "\n",
		    OOMN_NR_CGROUPS - OOMN_CGROUP_FIRST, s->lost.row_hits);
	if (s->missed_runs)
		put(t, "hits that the kernel did not let us see: %" PRIu64 "\n", s->missed_runs);
	if (s->bad_records)
		put(t, "records that could not be decoded: %" PRIu64 "\n", s->bad_records);
}

static void put_summary(struct text *t, const struct sink_env *env, const struct stats *s)
{
	char a[SHORT_LEN], b[SHORT_LEN], c[SHORT_LEN], d[SHORT_LEN];

	put(t, "\n");
	put_kinds(t, s);
	put_stalls(t, &s->stall);
	put_cgroups(t, env, s);
	put_kernel_side(t, s);
	put_kills(t, s);
	if (s->latency.count)
		put(t,
		    "told after: p50 %s, p90 %s, p99 %s, at most %s (%" PRIu64 " records; %" PRIu64
		    " more closed a burst)\n",
		    short_time(hist_quantile(&s->latency, 500), a),
		    short_time(hist_quantile(&s->latency, 900), b),
		    short_time(hist_quantile(&s->latency, 990), c), short_time(s->latency.max, d),
		    s->latency.count, s->trailing);
	put_troubles(t, s);
	if (s->feeds)
		put(t, "fed to the device: %" PRIu64 " records, %" PRIu64 " failed\n", s->fed,
		    s->fed_failed);
	put(t, "ready in %s, %" PRIu64 " KiB resident at most, %" PRIu64 " major faults\n",
	    short_time(s->ready_ns, a), s->max_rss_kb, s->major_faults);
}

static long term_format(const struct sink_env *env, const struct notice *n, char *buf, size_t size)
{
	struct text t = { .buf = buf, .size = size };

	switch (n->type) {
	case NOTICE_EVENT:
		put_event(&t, env, n);
		break;
	case NOTICE_LEVEL:
		put_level(&t, env, n);
		break;
	case NOTICE_LOST:
		put_lost(&t, n);
		break;
	case NOTICE_STATS:
		put_interim(&t, n);
		break;
	case NOTICE_SUMMARY:
		put_summary(&t, env, n->stats);
		break;
	}
	return t.full ? -ENOSPC : (long)t.len;
}

const struct sink sink_term = { .header = term_header, .format = term_format };
