// SPDX-License-Identifier: GPL-2.0-only
/* From notices to the output. */
#include "watch_tell.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/terminal.h"
#include "core/cgroups.h"
#include "core/names.h"
#include "core/rows.h"

/* About a second of --raw at 2,000 events a second. */
#define QUEUE_NOTICES 2048
#define OUTPUT_BYTES  (SINK_SUMMARY_MAX + 4 * SINK_LINE_MAX)

int teller_init(struct teller *t, const struct watch_opts *opts, struct stats *stats,
		const struct oomn_cgroup *cgroups)
{
	memset(t, 0, sizeof(*t));
	t->opts = opts;
	t->stats = stats;
	t->sink = opts->json ? &sink_json : &sink_term;
	t->env.cgroups = cgroups;
	t->env.boot_id = boot_id_read(t->boot_id);
	t->env.page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	t->env.utf8 = terminal_is_utf8();
	t->env.legend = terminal_columns(STDOUT_FILENO);
	t->env.columns = terminal_columns(STDOUT_FILENO);
	t->env.colour = terminal_has_colour(STDOUT_FILENO);
	t->queue = queue_new(QUEUE_NOTICES);
	t->out = t->queue ? output_open(STDOUT_FILENO, OUTPUT_BYTES) : NULL;
	return t->out ? 0 : -errno;
}

int teller_close(struct teller *t)
{
	int err = output_close(t->out);

	queue_free(t->queue);
	t->out = NULL;
	t->queue = NULL;
	/* A helper that gave up shows here as a closed pipe; its own reason says more. */
	return t->error && (t->error != -EPIPE || !err || err == -EAGAIN) ? t->error : err;
}

static void flush(struct teller *t)
{
	int ret = output_flush(t->out);

	t->blocked = ret == 1;
	if (ret < 0)
		t->error = ret;
}

/* Formats one notice into the output's buffer. False when it does not fit now. */
static bool format(struct teller *t, const struct notice *n)
{
	size_t room;
	char *to = output_reserve(t->out, &room);
	size_t need = n->type == NOTICE_SUMMARY || n->type == NOTICE_STATS ? SINK_SUMMARY_MAX :
									     SINK_LINE_MAX;
	long len;

	if (room < need)
		return false;
	t->env.now_ns = now_ns();
	len = t->sink->format(&t->env, n, to, room);
	if (len < 0)
		t->error = (int)len; /* SINK_LINE_MAX is wrong: not to be passed over */
	if (len > 0)
		output_commit(t->out, (size_t)len);
	return len >= 0;
}

void teller_rehearse(struct teller *t)
{
	struct notice n = { .type = NOTICE_EVENT, .at = moment_now() };
	size_t room;
	char *to = output_reserve(t->out, &room);

	for (int kind = 0; kind < OOMN_NR_KINDS; kind++) {
		n.rec.hdr.kind = (__u8)kind;
		n.rec.hdr.time_ns = n.at.time_ns;
		t->env.now_ns = n.at.time_ns;
		t->sink->format(&t->env, &n, to, room);
	}
	memset(to, 0, room);
}

void teller_header(struct teller *t)
{
	size_t room;
	char *to = output_reserve(t->out, &room);
	long len = t->opts->quiet ? 0 : t->sink->header(&t->env, to, room);

	if (len > 0)
		output_commit(t->out, (size_t)len);
	flush(t);
}

static bool cgroup_wanted(const struct teller *t, uint32_t row, uint64_t id)
{
	return cgroup_target_has(&t->opts->cgroup, t->env.cgroups, row, id);
}

static bool is_enough(const struct teller *t)
{
	return t->opts->count && t->printed >= t->opts->count;
}

static bool is_wanted(const struct teller *t, const struct notice *n)
{
	const struct watch_opts *o = t->opts;

	if (o->quiet || is_enough(t))
		return false;
	if (n->type == NOTICE_LEVEL)
		return (o->kinds & WATCH_KIND_LEVEL) &&
		       (n->change.to >= o->min_level || n->change.from >= o->min_level) &&
		       (n->change.scope == SCOPE_GLOBAL ||
			cgroup_wanted(t, n->change.cgroup_row, n->change.cgroup_id));
	return (o->kinds & 1U << n->rec.hdr.kind) && n->level >= o->min_level &&
	       cgroup_wanted(t, n->rec.hdr.cgroup_row, n->rec.hdr.cgroup_id);
}

static void forgotten(struct teller *t, const struct notice *n)
{
	if (n->type == NOTICE_LEVEL) {
		t->untold.queue_levels++;
		return;
	}
	stats_dropped(t->stats, &n->rec.hdr);
	t->untold.queue_hits += n->rec.hdr.hits;
}

/* Left out because the user said so: told all the same, to the levels and the figures. */
static void left_out(struct teller *t, const struct notice *n)
{
	if (n->type == NOTICE_EVENT)
		stats_told(t->stats, &n->rec.hdr, now_ns() - n->rec.hdr.time_ns);
}

void teller_push(struct teller *t, const struct notice *n)
{
	const struct notice *gone;

	if (!is_wanted(t, n)) {
		left_out(t, n);
		return;
	}
	gone = queue_push(t->queue, n);
	if (gone)
		forgotten(t, gone);
}

void teller_lost_levels(struct teller *t, uint64_t hits)
{
	t->untold.level_hits += hits - t->level_hits;
	t->level_hits = hits;
}

void teller_lost_names(struct teller *t, uint64_t hits)
{
	t->untold.row_hits += hits - t->row_hits;
	t->row_hits = hits;
}

static bool is_untold(const struct loss *l)
{
	return l->ring_hits || l->queue_hits || l->queue_levels || l->level_hits || l->row_hits;
}

static void tell_loss(struct teller *t)
{
	struct notice n = { .type = NOTICE_LOST, .loss = t->untold, .at = moment_now() };

	if (!is_untold(&t->untold) || (!t->opts->quiet && !format(t, &n)))
		return;
	t->stats->lost.ring_hits += t->untold.ring_hits;
	t->stats->lost.queue_hits += t->untold.queue_hits;
	t->stats->lost.queue_levels += t->untold.queue_levels;
	t->stats->lost.level_hits += t->untold.level_hits;
	t->stats->lost.row_hits += t->untold.row_hits;
	memset(&t->untold, 0, sizeof(t->untold));
}

/* The row is held for as long as a notice waits; should it have changed hands, no wrong name is told. */
static void settle_row(const struct teller *t, uint32_t *row, uint64_t id)
{
	*row = cgroup_row_of_id(t->env.cgroups, *row, id);
}

static void hold_row(void *ctx, const struct notice *n)
{
	if (n->type == NOTICE_EVENT)
		rows_hold(ctx, n->rec.hdr.cgroup_row, n->rec.hdr.cgroup_id);
	else
		rows_hold(ctx, n->change.cgroup_row, n->change.cgroup_id);
}

void teller_hold_rows(const struct teller *t, struct rows *rows)
{
	queue_each(t->queue, hold_row, rows);
}

/* Formats the oldest notice. False when the buffer has no room for it now. */
static bool tell_oldest(struct teller *t, const struct notice *n)
{
	struct notice now = *n;

	if (n->type == NOTICE_EVENT)
		settle_row(t, &now.rec.hdr.cgroup_row, n->rec.hdr.cgroup_id);
	else
		settle_row(t, &now.change.cgroup_row, n->change.cgroup_id);
	if (!format(t, &now))
		return false;
	if (n->type == NOTICE_EVENT)
		stats_told(t->stats, &n->rec.hdr, t->env.now_ns - n->rec.hdr.time_ns);
	t->printed++;
	queue_pop(t->queue);
	return true;
}

void teller_pump(struct teller *t, uint64_t ring_drops)
{
	const struct notice *n;

	t->untold.ring_hits += ring_drops - t->ring_drops;
	t->ring_drops = ring_drops;
	if (t->blocked)
		flush(t);
	if (t->blocked || t->error)
		return;
	tell_loss(t);
	while (!t->blocked && !t->error && !is_enough(t) && (n = queue_peek(t->queue))) {
		if (!tell_oldest(t, n) || !t->opts->raw)
			flush(t);
	}
	flush(t);
}

void teller_direct(struct teller *t, const struct notice *n)
{
	if (t->error)
		return;
	if (format(t, n))
		flush(t);
}

void teller_give_up(struct teller *t)
{
	const struct notice *n;

	while ((n = queue_peek(t->queue))) {
		if (is_enough(t))
			left_out(t, n);
		else
			forgotten(t, n);
		queue_pop(t->queue);
	}
	tell_loss(t);
}
