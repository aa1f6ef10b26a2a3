// SPDX-License-Identifier: GPL-2.0-only
#include "listen_text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "common/json.h"
#include "common/human.h"
#include "common/wall_clock.h"
#include "core/device.h"
#include "core/names.h"

/* A later version of the module may know more of them. */
static bool has_unknown(const struct oom_notify_record *rec)
{
	return rec->reasons >> DEVICE_NR_REASONS;
}

static long result(int n, size_t size)
{
	return n < 0 || (size_t)n >= size ? -ENOSPC : n;
}

/* The clocks of two processors may differ by some nanoseconds. */
static uint64_t elapsed_ns(uint64_t from_ns, uint64_t to_ns)
{
	return to_ns > from_ns ? to_ns - from_ns : 0;
}

long listen_header(const struct listen_env *env, char *buf, size_t size)
{
	return env->json ? 0 :
			   result(snprintf(buf, size,
					   "TIME          TOLD  READ LVL  PAGES  FREE TO-FREE NODE "
					   "REASONS\n"),
				  size);
}

static void put_reasons(const struct oom_notify_record *rec, char *buf, size_t size)
{
	const char *comma = "";
	size_t len = 0;

	for (int i = 0; i < DEVICE_NR_REASONS; i++) {
		if (!(rec->reasons & 1U << i))
			continue;
		len += (size_t)snprintf(buf + len, size - len, "%s%s", comma,
					device_short_reasons[i]);
		comma = ",";
	}
	if (has_unknown(rec))
		(void)snprintf(buf + len, size - len, "%sunknown", comma);
}

static long put_text(const struct listen_env *env, const struct oom_notify_record *rec,
		     uint64_t missed, char *buf, size_t size)
{
	char clock[HUMAN_LEN], told[HUMAN_LEN], taken[HUMAN_LEN], pages[HUMAN_LEN];
	char free_size[HUMAN_LEN], to_free[HUMAN_LEN], reasons[128], gap[128] = "", node[16] = "-";

	human_clock(moment_wall_ns(&env->now, rec->event_ns), clock);
	put_reasons(rec, reasons, sizeof(reasons));
	if (missed)
		(void)snprintf(gap, sizeof(gap),
			       "%s ! %" PRIu64
			       " records not read in time: the next stands for them\n",
			       clock, missed);
	if (rec->node >= 0)
		(void)snprintf(node, sizeof(node), "%d", rec->node);
	return result(snprintf(buf, size, "%s%s %5s %5s %-4s %5s %5s %7s %4s %s\n", gap, clock,
			       human_time(elapsed_ns(rec->event_ns, rec->notified_ns), told),
			       human_time(elapsed_ns(rec->notified_ns, env->now.time_ns), taken),
			       short_level_names[rec->level],
			       human_count(rec->swapped_pages, pages),
			       human_size(rec->free_pages * env->page_bytes, free_size),
			       human_size(rec->pages_to_free * env->page_bytes, to_free), node,
			       reasons),
		      size);
}

static void put_when(struct json *j, const struct listen_env *env, uint64_t time_ns)
{
	char time[WALL_LEN];

	json_u64(j, "time_ns", time_ns);
	json_str(j, "time", wall_time(moment_wall_ns(&env->now, time_ns), time));
	if (env->boot_id)
		json_str(j, "boot_id", env->boot_id);
	else
		json_nil(j, "boot_id");
}

static long put_json(const struct listen_env *env, const struct oom_notify_record *rec,
		     uint64_t missed, char *buf, size_t size)
{
	struct json j;

	json_init(&j, buf, size);
	json_open(&j, NULL, '{');
	json_str(&j, "event", "notify");
	put_when(&j, env, rec->event_ns);
	json_u64(&j, "told_ns", rec->notified_ns);
	json_u64(&j, "latency_ns", elapsed_ns(rec->event_ns, env->now.time_ns));
	json_u64(&j, "sequence", rec->sequence);
	json_u64(&j, "missed", missed);
	json_str(&j, "level", level_names[rec->level]);
	json_open(&j, "reasons", '[');
	for (int i = 0; i < DEVICE_NR_REASONS; i++)
		if (rec->reasons & 1U << i)
			json_str(&j, NULL, device_reasons[i]);
	if (has_unknown(rec))
		json_str(&j, NULL, "unknown");
	json_close(&j, ']');
	json_u64(&j, "pages", rec->swapped_pages);
	json_u64(&j, "free_pages", rec->free_pages);
	json_u64(&j, "to_free_pages", rec->pages_to_free);
	if (rec->node >= 0)
		json_i64(&j, "node", rec->node);
	else
		json_nil(&j, "node");
	json_close(&j, '}');
	return json_end_line(&j);
}

long listen_record(const struct listen_env *env, const struct oom_notify_record *rec,
		   uint64_t missed, char *buf, size_t size)
{
	return env->json ? put_json(env, rec, missed, buf, size) :
			   put_text(env, rec, missed, buf, size);
}

long listen_summary(const struct listen_env *env, const struct listen_sums *sums, char *buf,
		    size_t size)
{
	struct json j;

	if (!env->json)
		return result(snprintf(buf, size,
				       "\n%" PRIu64 " records, %" PRIu64
				       " more not read in time; %" PRIu64 " pages swapped out\n",
				       sums->records, sums->missed, sums->pages),
			      size);
	json_init(&j, buf, size);
	json_open(&j, NULL, '{');
	json_str(&j, "event", "summary");
	put_when(&j, env, env->now.time_ns);
	json_u64(&j, "records", sums->records);
	json_u64(&j, "missed", sums->missed);
	json_u64(&j, "pages", sums->pages);
	json_close(&j, '}');
	return json_end_line(&j);
}
