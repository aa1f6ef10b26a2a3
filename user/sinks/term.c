// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rows for people: when, how bad, what, how much, who and whose, within the terminal's width. Where
 * there is no terminal, names are printed whole and a row is as wide as they need.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/layout.h"
#include "common/human.h"
#include "core/cgroup_tree.h"
#include "core/cgroups.h"
#include "core/names.h"
#include "core/stats.h"
#include "record.h"
#include "sink.h"
#include "tables.h"
#include "term_summary.h"

/* "TIME LATE LVL", "EVENT, CAUSE  SIZE/STALL" and the blanks behind each of them. */
#define EVENT_COLUMNS  18
#define AMOUNT_COLUMNS 5
#define WHAT_COLUMNS   (EVENT_COLUMNS + 1 + AMOUNT_COLUMNS)
#define USED_COLUMNS   (12 + 1 + 5 + 1 + 4 + 1 + WHAT_COLUMNS + 1)

/* "oom-notify/98765" and "systemd-journal/4194304" */
#define MIN_TASK_COLUMNS 16
#define MAX_TASK_COLUMNS 23
/* On a terminal so narrow that it wraps anyway. */
#define MIN_WHO_COLUMNS 20

/* The longest path, as many bytes as it may have. */
#define NO_LIMIT ((size_t)CGROUP_PATH_MAX)

/* Causes in six columns; the others are as short by themselves. */
static const char *short_cause(uint32_t cause)
{
	if (cause == OOMN_CAUSE_PROACTIVE)
		return "proact";
	return cause == OOMN_CAUSE_UNKNOWN ? "?" : cause_names[cause];
}

/* Columns for task and cgroup together. */
static size_t who_columns(const struct sink_env *env)
{
	if (!env->columns)
		return NO_LIMIT;
	return env->columns > USED_COLUMNS + MIN_WHO_COLUMNS ? env->columns - USED_COLUMNS :
							       MIN_WHO_COLUMNS;
}

/* A half of them, while that is enough for the cgroup. */
static size_t task_columns(const struct sink_env *env)
{
	size_t half = who_columns(env) / 2;

	if (half > MAX_TASK_COLUMNS)
		return MAX_TASK_COLUMNS;
	return half > MIN_TASK_COLUMNS ? half : MIN_TASK_COLUMNS;
}

static long term_header(const struct sink_env *env, char *buf, size_t size)
{
	struct layout l = { .buf = buf, .size = size, .utf8 = env->utf8 };

	layout_put(&l, "%s%-12s %5s %-4s %-*s%*s %-*s %s%s\n", env->colour ? "\033[1m" : "", "TIME",
		   "LATE", "LVL", WHAT_COLUMNS - 10, "EVENT, CAUSE", 10, "SIZE/STALL",
		   (int)task_columns(env), "TASK", "CGROUP", env->colour ? "\033[0m" : "");
	if (env->legend)
		layout_wrap(&l, env->columns, 1,
			    "(burst: all of its kind since its last row; still: a reclaim that "
			    "goes on)");
	return layout_end(&l);
}

static void put_time(struct layout *l, uint64_t wall_ns)
{
	char clock[HUMAN_LEN];

	layout_put(l, "%s ", human_clock(wall_ns, clock));
}

static void put_level_name(struct layout *l, const struct sink_env *env, enum level level)
{
	static const char *const colour[NR_LEVELS] = { "\033[32m", "\033[33m", "\033[35m",
						       "\033[1;31m" };

	layout_put(l, "%s%-4s%s ", env->colour ? colour[level] : "", short_level_names[level],
		   env->colour ? "\033[0m" : "");
}

/* The pid stays whole, for that is what one acts on. */
static void put_task(struct layout *l, const char *comm, const char *pid, size_t columns)
{
	size_t end = l->len;

	layout_cut(l, comm, columns - strlen(pid));
	layout_put(l, "%s", pid);
	if (l->full)
		return;
	for (size_t width = layout_width(l->buf + end); width < columns; width++)
		layout_put(l, " ");
}

/*
 * Both below their headings. If that cuts the name of one, what the other leaves free is its own as
 * well: a name printed whole is worth more than a straight edge.
 */
static void put_who(struct layout *l, const struct sink_env *env, const char *comm, const char *pid,
		    const char *path)
{
	const size_t columns = who_columns(env);
	const size_t need = layout_width(comm) + strlen(pid);
	size_t task = task_columns(env);

	if (need > task && need + 1 + layout_width(path) <= columns)
		task = need;
	while (task > need && !layout_path_fits(path, columns - 1 - task) &&
	       layout_path_fits(path, columns - 1 - need))
		task--;
	put_task(l, comm, pid, task);
	layout_put(l, " ");
	layout_path(l, path, columns - 1 - task);
	layout_put(l, "\n");
}

/* The size that was swapped out, or the time that somebody was held up. */
static const char *amount(const struct sink_env *env, const union oomn_record *rec,
			  char buf[HUMAN_LEN])
{
	switch (rec->hdr.kind) {
	case OOMN_SWAP_OUT:
		return human_size(rec->hdr.pages * env->page_bytes, buf);
	case OOMN_RECLAIM_END:
		return (rec->hdr.flags & OOMN_F_START_UNSEEN) ?
			       "-" :
			       human_time(rec->reclaim_end.stall_ns, buf);
	case OOMN_THROTTLED:
		return human_time(rec->throttled.timeout_us * NS_PER_US, buf);
	default:
		return "-";
	}
}

/*
 * A row that waited is printed by a word: how late it is says nothing of us. Its time is when it is
 * printed, or rows would go back in time.
 */
static void put_when(struct layout *l, const struct sink_env *env, const struct notice *n)
{
	const struct oomn_hdr *h = &n->rec.hdr;
	char late[HUMAN_LEN];

	if (n->waited == WAITED_FOR_END || h->flags & OOMN_F_TRAILING) {
		put_time(l, n->at.wall_ns);
		layout_put(l, "%5s ", n->waited == WAITED_FOR_END ? "still" : "burst");
	} else {
		put_time(l, notice_wall_ns(n, h->time_ns));
		layout_put(l, "%5s ", human_time(env->now_ns - h->time_ns, late));
	}
}

/* Leaves out the cause of kswapd's own doings, which would be the same word again. */
static const char *cause_shown(const struct oomn_hdr *h)
{
	if (h->kind == OOMN_WAKEUP_KSWAPD || h->kind == OOMN_KSWAPD_WAKE ||
	    h->kind == OOMN_KSWAPD_SLEEP)
		return "";
	return short_cause(h->cause);
}

static void put_victim(struct layout *l, const struct sink_env *env, const struct oomn_oom_kill *k)
{
	char anon[HUMAN_LEN], file[HUMAN_LEN], shmem[HUMAN_LEN];

	layout_wrap(l, env->columns, 15,
		    "%13skilled: %s anonymous, %s file, %s shared, uid %" PRIu64
		    ", oom_score_adj %" PRId64,
		    "", human_size((uint64_t)k->anon_rss_kb << 10, anon),
		    human_size((uint64_t)k->file_rss_kb << 10, file),
		    human_size((uint64_t)k->shmem_rss_kb << 10, shmem), (uint64_t)k->uid,
		    (int64_t)k->oom_score_adj);
}

static void put_event(struct layout *l, const struct sink_env *env, const struct notice *n)
{
	const struct oomn_hdr *h = &n->rec.hdr;
	char much[HUMAN_LEN], comm[OOMN_COMM_LEN + 1], pid[16], what[64], path[CGROUP_PATH_MAX];

	(void)snprintf(comm, sizeof(comm), "%.*s", OOMN_COMM_LEN, h->comm);
	(void)snprintf(pid, sizeof(pid), "/%u", h->pid);
	(void)snprintf(what, sizeof(what), "%s %s", kind_names[h->kind], cause_shown(h));
	put_when(l, env, n);
	put_level_name(l, env, n->level);
	layout_put(l, "%-*s %*s ", EVENT_COLUMNS, what,
		   WHAT_COLUMNS - 1 -
			   (int)(strlen(what) > EVENT_COLUMNS ? strlen(what) : EVENT_COLUMNS),
		   amount(env, &n->rec, much));
	put_who(l, env, layout_harmless(comm, env->utf8), pid,
		term_cgroup(env, h->cgroup_row, path, sizeof(path)));
	if (h->kind == OOMN_OOM_KILL && n->rec.oom_kill.has_task &&
	    n->rec.oom_kill.total_vm_kb != OOMN_NOT_TOLD)
		put_victim(l, env, &n->rec.oom_kill);
}

static const char *whose(const struct sink_env *env, enum scope scope, uint32_t row,
			 char path[CGROUP_PATH_MAX])
{
	return scope == SCOPE_GLOBAL ? "(machine)" : term_cgroup(env, row, path, CGROUP_PATH_MAX);
}

static void put_level(struct layout *l, const struct sink_env *env, const struct notice *n)
{
	const struct level_change *c = &n->change;
	char late[HUMAN_LEN], what[32], path[CGROUP_PATH_MAX];

	put_time(l, notice_wall_ns(n, c->time_ns));
	layout_put(l, "%5s ", human_time(env->now_ns - c->time_ns, late));
	put_level_name(l, env, c->to);
	(void)snprintf(what, sizeof(what), "level was %s", short_level_names[c->from]);
	layout_put(l, "%-*s ", WHAT_COLUMNS, what);
	put_who(l, env, c->to == LEVEL_NONE ? "(all clear)" : "", "",
		whose(env, c->scope, c->cgroup_row, path));
}

/* The share that is left, and for how long, where rows of events have the task. */
static void put_left(const struct headroom_fact *f, char *buf, size_t size)
{
	char time[HUMAN_LEN];
	double percent;
	int len;

	if (!headroom_left_percent(f, &percent)) {
		(void)snprintf(buf, size, "%s", f->limit_bytes ? "no limit" : "limit 0");
		return;
	}
	len = snprintf(buf, size, "%.1f%%", percent);
	if (f->time_left_ns != HEADROOM_UNLIMITED)
		(void)snprintf(buf + len, size - (size_t)len, ", %s",
			       human_time(f->time_left_ns, time));
}

static void put_headroom(struct layout *l, const struct sink_env *env, const struct notice *n)
{
	const struct headroom_fact *f = &n->headroom;
	char late[HUMAN_LEN], much[HUMAN_LEN], what[32], left[64], path[CGROUP_PATH_MAX];

	put_time(l, notice_wall_ns(n, f->time_ns));
	layout_put(l, "%5s ", human_time(env->now_ns - f->time_ns, late));
	put_level_name(l, env, f->level);
	(void)snprintf(what, sizeof(what), "headroom %s", headroom_edge_names[f->edge]);
	layout_put(l, "%-*s %*s ", EVENT_COLUMNS, what, AMOUNT_COLUMNS,
		   f->left_bytes == HEADROOM_UNLIMITED ? "-" : human_size(f->left_bytes, much));
	put_left(f, left, sizeof(left));
	put_who(l, env, left, "", whose(env, f->scope, f->cgroup_row, path));
}

static void put_untold(struct layout *l, const struct sink_env *env, const struct loss *loss)
{
	char ring[80] = "", headroom[48] = "", slow[192] = "";
	const bool is_slow = loss->queue_hits || loss->queue_levels || loss->queue_headroom;

	if (loss->ring_hits)
		(void)snprintf(ring, sizeof(ring), " %" PRIu64 " hits, the ring was full%s",
			       loss->ring_hits, is_slow ? ";" : "");
	if (loss->queue_headroom)
		(void)snprintf(headroom, sizeof(headroom), ", %" PRIu64 " of headroom",
			       loss->queue_headroom);
	if (is_slow)
		(void)snprintf(slow, sizeof(slow),
			       " %" PRIu64 " hits and %" PRIu64
			       " level changes%s, this output was too slow",
			       loss->queue_hits, loss->queue_levels, headroom);
	layout_wrap(l, env->columns, 15, "! lost:%s%s", ring, slow);
}

static void put_lost(struct layout *l, const struct sink_env *env, const struct notice *n)
{
	const struct loss *loss = &n->loss;

	if (loss->ring_hits || loss->queue_hits || loss->queue_levels || loss->queue_headroom) {
		put_time(l, n->at.wall_ns);
		put_untold(l, env, loss);
	}
	if (loss->level_hits) {
		put_time(l, n->at.wall_ns);
		layout_wrap(l, env->columns, 15,
			    "! lost: the level after %" PRIu64
			    " hits, of more cgroups at once than %d",
			    loss->level_hits, LEVELS_CGROUPS);
	}
	if (loss->unwatched) {
		put_time(l, n->at.wall_ns);
		layout_wrap(l, env->columns, 15,
			    "! not watched: the headroom of %" PRIu64
			    " cgroups, beyond %d directories or the limit of open files",
			    loss->unwatched, CGROUP_TREE_MAX);
	}
	if (loss->row_hits) {
		put_time(l, n->at.wall_ns);
		layout_wrap(l, env->columns, 15,
			    "! lost: the cgroup's name at %" PRIu64
			    " hits, of more directories at once than %d",
			    loss->row_hits, OOMN_NR_CGROUPS - OOMN_CGROUP_FIRST);
	}
}

static void put_interim(struct layout *l, const struct sink_env *env, const struct notice *n)
{
	const struct stats *s = n->stats;
	char stall[HUMAN_LEN], size[HUMAN_LEN];

	put_time(l, n->at.wall_ns);
	layout_wrap(l, env->columns, 15,
		    "# swapped out %s, %" PRIu64 " stalls of %s, %" PRIu64 " OOM kills, %" PRIu64
		    " in reclaim",
		    human_size(s->kind[OOMN_SWAP_OUT].pages * env->page_bytes, size),
		    (uint64_t)s->stall.count, human_time(s->stall.sum_ns, stall),
		    s->kind[OOMN_OOM_KILL].hits, s->in_reclaim);
}

static long term_format(const struct sink_env *env, const struct notice *n, char *buf, size_t size)
{
	struct layout l = { .buf = buf, .size = size, .utf8 = env->utf8 };

	switch (n->type) {
	case NOTICE_EVENT:
		put_event(&l, env, n);
		break;
	case NOTICE_LEVEL:
		put_level(&l, env, n);
		break;
	case NOTICE_HEADROOM:
		put_headroom(&l, env, n);
		break;
	case NOTICE_LOST:
		put_lost(&l, env, n);
		break;
	case NOTICE_STATS:
		put_interim(&l, env, n);
		break;
	case NOTICE_SUMMARY:
		term_summary_put(&l, env, n->stats);
		break;
	}
	return layout_end(&l);
}

const struct sink sink_term = { .header = term_header, .format = term_format };
