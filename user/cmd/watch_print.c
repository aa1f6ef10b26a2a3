// SPDX-License-Identifier: GPL-2.0-only
/* From notices to the output. */
#include "watch_print.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/terminal.h"
#include "core/cgroups.h"
#include "core/names.h"
#include "core/rows.h"
#include "record.h"

/* About a second of --raw at 2,000 events a second. */
#define QUEUE_NOTICES 2048
/* At which a storm can be read as it happens. */
#define TERMINAL_GAP_NS (500 * NS_PER_MS)
#define OUTPUT_BYTES	(SINK_SUMMARY_MAX + 4 * SINK_LINE_MAX)

static void enqueue(void *ctx, const struct notice *n);
static void left_out(void *ctx, const struct notice *n);

/*
 * For people, who read rows one by one: programs get each record, and so does who asks for it. The
 * gates stay as they are, so that levels rise, and the device is notified, as soon as ever.
 */
static void coalesce_rows(struct printer *t)
{
	const struct watch_opts *o = t->opts;

	t->rows = (struct coalesce){ .tell = enqueue, .folded = left_out, .ctx = t };
	if (o->json || o->raw)
		return;
	t->rows.fold_begins = !o->has_kinds;
	if (t->env.columns && !o->has_gap)
		t->rows.gap_ns = TERMINAL_GAP_NS;
}

static bool coalesces(const struct printer *t)
{
	return t->rows.fold_begins || t->rows.gap_ns;
}

int printer_init(struct printer *t, const struct watch_opts *opts, struct stats *stats,
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
	t->env.columns = terminal_columns(STDOUT_FILENO);
	t->env.legend = t->env.columns;
	t->env.colour = terminal_has_colour(STDOUT_FILENO);
	coalesce_rows(t);
	t->queue = queue_new(QUEUE_NOTICES);
	t->out = t->queue ? output_open(STDOUT_FILENO, OUTPUT_BYTES) : NULL;
	return t->out ? 0 : -errno;
}

int printer_close(struct printer *t)
{
	int err = output_close(t->out);

	queue_free(t->queue);
	t->out = NULL;
	t->queue = NULL;
	/* A helper that gave up shows here as a closed pipe; its own reason says more. */
	return t->error && (t->error != -EPIPE || !err || err == -EAGAIN) ? t->error : err;
}

static void flush(struct printer *t)
{
	int ret = output_flush(t->out);

	t->blocked = ret == 1;
	if (ret < 0)
		t->error = ret;
}

/* Formats one notice into the output's buffer. False when it does not fit now. */
static bool format(struct printer *t, const struct notice *n)
{
	size_t room;
	char *to = output_reserve(t->out, &room);
	size_t need = n->type == NOTICE_SUMMARY || n->type == NOTICE_STATS ? SINK_SUMMARY_MAX :
									     SINK_LINE_MAX;
	long len;

	if (room < need)
		return false;
	t->env.now_ns = now_ns();
	if (t->env.columns)
		t->env.columns = terminal_columns(STDOUT_FILENO) ?: t->env.columns;
	len = t->sink->format(&t->env, n, to, room);
	if (len < 0)
		t->error = (int)len; /* SINK_LINE_MAX is wrong: not to be passed over */
	if (len > 0)
		output_commit(t->out, (size_t)len);
	return len >= 0;
}

void printer_rehearse(struct printer *t)
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

static bool cgroup_wanted(const struct printer *t, uint32_t row, uint64_t id)
{
	return cgroup_target_has(&t->opts->cgroup, t->env.cgroups, row, id);
}

static bool is_enough(const struct printer *t)
{
	return t->opts->count && t->printed >= t->opts->count;
}

/* That it is over is printed at whatever level it was. */
static bool is_wanted_headroom(const struct printer *t, const struct headroom_fact *f)
{
	if (f->edge == HEADROOM_FALLS && f->level < t->opts->min_level)
		return false;
	return f->scope == SCOPE_GLOBAL || cgroup_wanted(t, f->cgroup_row, f->cgroup_id);
}

static bool is_wanted(const struct printer *t, const struct notice *n)
{
	const struct watch_opts *o = t->opts;

	if (o->quiet || is_enough(t))
		return false;
	if (n->type == NOTICE_LEVEL)
		return (o->kinds & WATCH_KIND_LEVEL) &&
		       (n->change.to >= o->min_level || n->change.from >= o->min_level) &&
		       (n->change.scope == SCOPE_GLOBAL ||
			cgroup_wanted(t, n->change.cgroup_row, n->change.cgroup_id));
	if (n->type == NOTICE_HEADROOM)
		return (o->kinds & WATCH_KIND_HEADROOM) && is_wanted_headroom(t, &n->headroom);
	return (o->kinds & 1U << n->rec.hdr.kind) && n->level >= o->min_level &&
	       cgroup_wanted(t, n->rec.hdr.cgroup_row, n->rec.hdr.cgroup_id);
}

static void forgotten(struct printer *t, const struct notice *n)
{
	if (n->type == NOTICE_LEVEL) {
		t->untold.queue_levels++;
		return;
	}
	if (n->type == NOTICE_HEADROOM) {
		t->untold.queue_headroom++;
		return;
	}
	stats_dropped(t->stats, &n->rec.hdr);
	t->untold.queue_hits += n->rec.hdr.hits;
}

/*
 * Left out because the user said so, or because another row tells it: it counts all the same, in
 * the levels and the figures.
 */
static void left_out(void *ctx, const struct notice *n)
{
	struct printer *t = ctx;

	if (n->type == NOTICE_EVENT)
		stats_told(t->stats, &n->rec.hdr, n->at.time_ns - n->rec.hdr.time_ns);
}

static void enqueue(void *ctx, const struct notice *n)
{
	struct printer *t = ctx;
	const struct notice *gone = queue_push(t->queue, n);

	if (gone)
		forgotten(t, gone);
}

void printer_push(struct printer *t, const struct notice *n)
{
	if (!is_wanted(t, n))
		left_out(t, n);
	else if (n->type == NOTICE_EVENT && coalesces(t))
		coalesce_take(&t->rows, n);
	else
		enqueue(t, n);
}

void printer_lost(struct printer *t, const struct loss *total)
{
	const struct loss more = loss_since(&t->known, total);

	loss_add(&t->untold, &more);
}

static void print_loss(struct printer *t)
{
	struct notice n = { .type = NOTICE_LOST, .loss = t->untold, .at = moment_now() };

	if (loss_is_none(&t->untold) || (!t->opts->quiet && !format(t, &n)))
		return;
	loss_add(&t->stats->lost, &t->untold);
	memset(&t->untold, 0, sizeof(t->untold));
}

/* Where a notice that waits has the row of its cgroup, and the id that the row must have. */
static __u32 *row_of(struct notice *n, uint64_t *id)
{
	if (n->type == NOTICE_EVENT) {
		*id = n->rec.hdr.cgroup_id;
		return &n->rec.hdr.cgroup_row;
	}
	if (n->type == NOTICE_HEADROOM) {
		*id = n->headroom.cgroup_id;
		return &n->headroom.cgroup_row;
	}
	*id = n->change.cgroup_id;
	return &n->change.cgroup_row;
}

static void hold_row(void *ctx, const struct notice *n)
{
	struct notice held = *n;
	uint64_t id;
	const __u32 *row = row_of(&held, &id);

	rows_hold(ctx, *row, id);
}

void printer_hold_rows(const struct printer *t, struct rows *rows)
{
	queue_each(t->queue, hold_row, rows);
	coalesce_each(&t->rows, hold_row, rows);
}

/* On a terminal the header is printed again when it has scrolled away. */
static void print_header(struct printer *t)
{
	unsigned int rows = terminal_rows(STDOUT_FILENO);
	size_t room;
	char *to = output_reserve(t->out, &room);
	long len = room < SINK_LINE_MAX ? 0 : t->sink->header(&t->env, to, room);

	if (len > 0)
		output_commit(t->out, (size_t)len);
	t->env.legend = false;
	t->rows_left = rows > 4 ? rows - 3 : 20;
}

void printer_header(struct printer *t)
{
	if (!t->opts->quiet)
		print_header(t);
	flush(t);
}

/* Formats the oldest notice. False when the buffer has no room for it now. */
static bool print_oldest(struct printer *t, const struct notice *n)
{
	struct notice now = *n;
	uint64_t id;
	__u32 *row = row_of(&now, &id);

	/* Held while a notice waits; should it have changed hands, no wrong name is printed. */
	*row = cgroup_row_of_id(t->env.cgroups, *row, id);
	if (t->env.columns && !t->rows_left)
		print_header(t);
	if (!format(t, &now))
		return false;
	if (t->rows_left)
		t->rows_left--;
	if (n->type == NOTICE_EVENT)
		stats_told(t->stats, &n->rec.hdr, t->env.now_ns - n->rec.hdr.time_ns);
	else if (n->type == NOTICE_HEADROOM)
		t->stats->headroom_told++;
	t->printed++;
	queue_pop(t->queue);
	return true;
}

static void release_due(struct printer *t)
{
	struct moment now;

	if (!coalesces(t))
		return;
	now = moment_now();
	t->next_rows_ns = coalesce_due(&t->rows, &now);
}

void printer_release(struct printer *t)
{
	struct moment now = moment_now();

	coalesce_flush(&t->rows, &now);
	t->next_rows_ns = 0;
}

void printer_pump(struct printer *t)
{
	const struct notice *n;

	release_due(t);
	if (t->blocked)
		flush(t);
	if (t->blocked || t->error)
		return;
	print_loss(t);
	while (!t->blocked && !t->error && !is_enough(t) && (n = queue_peek(t->queue))) {
		if (!print_oldest(t, n) || !t->opts->raw)
			flush(t);
	}
	flush(t);
}

void printer_direct(struct printer *t, const struct notice *n)
{
	if (t->error)
		return;
	if (format(t, n))
		flush(t);
}

void printer_give_up(struct printer *t)
{
	const struct notice *n;

	while ((n = queue_peek(t->queue))) {
		if (is_enough(t))
			left_out(t, n);
		else
			forgotten(t, n);
		queue_pop(t->queue);
	}
	print_loss(t);
}
