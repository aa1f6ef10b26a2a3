// SPDX-License-Identifier: GPL-2.0-only
/* The summary for people: every line of it within the terminal, or 80 columns. */
#include "term_summary.h"

#include <inttypes.h>
#include <string.h>

#include "common/human.h"
#include "common/terminal.h"
#include "core/cgroups.h"
#include "core/names.h"
#include "core/stats.h"
#include "record.h"
#include "tables.h"

/* A sentence of the summary is wrapped wherever it goes. */
static unsigned int width(const struct sink_env *env)
{
	return env->columns ? env->columns : TERMINAL_COLUMNS;
}

/* Names a row that is no single cgroup's. */
static const char *row_name(uint32_t row)
{
	if (row == OOMN_CGROUP_NONE)
		return "-";
	return row == OOMN_CGROUP_GONE ? "(removed)" : "(other)";
}

const char *term_cgroup(const struct sink_env *env, uint32_t row, char *buf, size_t size)
{
	if (!cgroup_path(env->cgroups, row, buf, size))
		return row_name(row);
	return layout_harmless(buf, env->utf8);
}

static bool is_quiet(const struct stats *s)
{
	for (int i = 0; i < OOMN_NR_KINDS; i++)
		if (s->kind[i].hits)
			return false;
	return true;
}

static void put_row(struct layout *l, const char *kind, const char *what, uint64_t counted,
		    uint64_t told, uint64_t waiting, uint64_t dropped)
{
	layout_put(l, "%-14s %-5s %12" PRIu64 " %12" PRIu64 " %12" PRIu64 " %12" PRIu64, kind, what,
		   counted, told, waiting, dropped);
}

static void put_kinds(struct layout *l, const struct sink_env *env, const struct stats *s)
{
	char size[HUMAN_LEN];

	if (is_quiet(s)) {
		layout_put(l, "no swap-out, reclaim, kswapd work or OOM kill was seen\n");
		return;
	}
	layout_put(l, "%-20s %12s %12s %12s %12s  %5s\n", "EVENT", "COUNTED", "TOLD", "WAITING",
		   "DROPPED", "SIZE");
	for (int i = 0; i < OOMN_NR_KINDS; i++) {
		const struct kind_stats *k = &s->kind[i];

		if (!k->hits)
			continue;
		put_row(l, kind_names[i], "hits", k->hits, k->told, k->waiting, k->dropped);
		layout_put(l, "\n");
		if (!k->pages)
			continue;
		put_row(l, "", "pages", k->pages, k->pages_told, k->pages_waiting,
			k->pages_dropped);
		layout_put(l, "  %5s\n", human_size(k->pages * env->page_bytes, size));
	}
}

static void put_stalls(struct layout *l, const struct sink_env *env, const struct stats *s)
{
	const struct oomn_stall *stall = &s->stall;
	char a[HUMAN_LEN], b[HUMAN_LEN];
	uint64_t most = 1;

	if (!stall->count)
		return;
	layout_put(l, "\n");
	layout_wrap(l, width(env), 2,
		    "stalls: %" PRIu64 " (memcg %" PRIu64 ", direct %" PRIu64 ", node %" PRIu64
		    "), together %s, longest %s",
		    (uint64_t)stall->count, s->stalls[OOMN_CAUSE_MEMCG].count,
		    s->stalls[OOMN_CAUSE_DIRECT].count, s->stalls[OOMN_CAUSE_NODE].count,
		    human_time(stall->sum_ns, a), human_time(stall->max_ns, b));
	for (int i = 0; i < OOMN_STALL_BUCKETS; i++)
		most = stall->bucket[i] > most ? stall->bucket[i] : most;
	for (int i = 0; i < OOMN_STALL_BUCKETS; i++)
		if (stall->bucket[i])
			layout_put(l, "  < %5s %8" PRIu64 " %.*s\n",
				   i < OOMN_STALL_BUCKETS - 1 ?
					   human_time(1ULL << (i + OOMN_STALL_SHIFT), a) :
					   "ever",
				   (uint64_t)stall->bucket[i],
				   (int)(40 * (double)stall->bucket[i] / (double)most),
				   "########################################");
}

#define CGROUPS_HEADER "SWAPPED   STALLS  STALL  OOM  "

static void put_cgroups(struct layout *l, const struct sink_env *env, const struct stats *s)
{
	char stall[HUMAN_LEN], size[HUMAN_LEN], path[CGROUP_PATH_MAX];
	const size_t used = sizeof(CGROUPS_HEADER) - 1;

	if (s->nr_cgroups)
		layout_put(l, "\n" CGROUPS_HEADER "CGROUP\n");
	for (uint32_t i = 0; i < s->nr_cgroups; i++) {
		const struct cgroup_stats *c = &s->cgroup[i];

		layout_put(l, "%7s %8" PRIu64 " %6s %4" PRIu64 "  ",
			   human_size(c->swap_out_pages * env->page_bytes, size), c->stalls,
			   human_time(c->stall_ns, stall), c->oom_kills);
		layout_path(l, term_cgroup(env, c->row, path, sizeof(path)),
			    !env->columns	    ? sizeof(path) :
			    env->columns > used + 8 ? env->columns - used :
						      8);
		layout_put(l, "\n");
	}
}

/*
 * allocstall counts what the cause "direct" does. Limit reclaim of cgroups, most of the stalls on a
 * machine of many, is counted nowhere in /proc/vmstat.
 */
static void put_kernel_side(struct layout *l, const struct sink_env *env, const struct stats *s)
{
	const struct vmstat *v = &s->vmstat;
	char size[HUMAN_LEN];
	int64_t pages;

	if (!s->has_vmstat)
		return;
	pages = vmstat_swapped_out(v);
	layout_put(l, "\n");
	layout_wrap(l, width(env), 2,
		    "the kernel's own count: %" PRId64 " pages (%s) swapped out, %" PRId64
		    " OOM kills, %" PRId64
		    " direct reclaims (stalls at cgroups' limits, memcg, it does not count)",
		    pages, human_size((uint64_t)pages * env->page_bytes, size), v->oom_kill,
		    v->allocstall);
}

static void put_kills(struct layout *l, const struct sink_env *env, const struct stats *s)
{
	const char *why = stats_kills_why(s);

	if (s->unknown_kills)
		layout_put(l, "OOM kills of which is not known whose memory ran out: %" PRIu64 "\n",
			   s->unknown_kills);
	if (why)
		layout_wrap(l, width(env), 2, "OOM kills told: %" PRIu64 ", not %" PRId64 ": %s",
			    s->kind[OOMN_OOM_KILL].hits, s->vmstat.oom_kill, why);
}

static void put_troubles(struct layout *l, const struct stats *s)
{
	if (s->in_reclaim)
		layout_put(l, "still in reclaim: %" PRIu64 " tasks\n", s->in_reclaim);
	if (s->unended)
		layout_put(l, "reclaims whose end was never seen: %" PRIu64 "\n", s->unended);
	if (s->untracked)
		layout_put(l, "reclaims beyond the table of reclaimers: %" PRIu64 "\n",
			   s->untracked);
	if (s->lost.level_hits)
		layout_put(l, "hits whose cgroup had no level, beyond %d at once: %" PRIu64 "\n",
			   LEVELS_CGROUPS, s->lost.level_hits);
	if (s->lost.row_hits)
		layout_put(l, "hits whose cgroup had no name, beyond %d directories: %" PRIu64 "\n",
			   OOMN_NR_CGROUPS - OOMN_CGROUP_FIRST, s->lost.row_hits);
	if (s->missed_runs)
		layout_put(l, "hits that the kernel did not let us see: %" PRIu64 "\n",
			   s->missed_runs);
	if (s->bad_records)
		layout_put(l, "records that could not be decoded: %" PRIu64 "\n", s->bad_records);
}

static void put_latency(struct layout *l, const struct sink_env *env, const struct stats *s)
{
	char a[HUMAN_LEN], b[HUMAN_LEN], c[HUMAN_LEN], d[HUMAN_LEN];

	if (!s->latency.count)
		return;
	layout_wrap(l, width(env), 2,
		    "told after: p50 %s, p90 %s, p99 %s, at most %s (%" PRIu64 " records; %" PRIu64
		    " more closed a burst)",
		    human_time(hist_quantile(&s->latency, 500), a),
		    human_time(hist_quantile(&s->latency, 900), b),
		    human_time(hist_quantile(&s->latency, 990), c), human_time(s->latency.max, d),
		    s->latency.count, s->trailing);
}

void term_summary_put(struct layout *l, const struct sink_env *env, const struct stats *s)
{
	char ready[HUMAN_LEN];

	layout_put(l, "\n");
	put_kinds(l, env, s);
	put_stalls(l, env, s);
	put_cgroups(l, env, s);
	put_kernel_side(l, env, s);
	put_kills(l, env, s);
	put_latency(l, env, s);
	put_troubles(l, s);
	if (s->feeds)
		layout_put(l, "fed to the device: %" PRIu64 " records, %" PRIu64 " failed\n",
			   s->fed, s->fed_failed);
	layout_wrap(l, width(env), 2,
		    "ready in %s, %" PRIu64 " KiB resident at most, %" PRIu64 " major faults",
		    human_time(s->ready_ns, ready), s->max_rss_kb, s->major_faults);
}
