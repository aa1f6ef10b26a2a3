// SPDX-License-Identifier: GPL-2.0-only
/* The loop of `oom-notify watch`: the ring, the timers, the output. */
#include "watch_loop.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/signals.h"
#include "core/cpu_latency.h"
#include "core/decode.h"
#include "core/device.h"
#include "record.h"

/* Levels are looked at this often while something may raise one: so late may they be. */
#define LEVEL_LOOK_NS (20 * NS_PER_MS)
/* ... and while there is one that may fall. */
#define LEVEL_TICK_NS (100 * NS_PER_MS)
/* After the last sign of pressure, for kswapd may scan in vain and tell nothing. */
#define LINGER_NS (3 * NS_PER_S)
/* A stopped reader may keep us from ending for so long. */
#define DRAIN_NS (5 * NS_PER_S)
/* Before anything is printed: readers of the device may free memory. */
static void feed(struct watch *w, const struct level_change *change)
{
	struct oom_notify_record rec;
	int err;

	if (w->feed_fd < 0 || !feed_take(&w->feed, &w->levels, change, now_ns(), &rec))
		return;
	err = device_feed(w->feed_fd, &rec);
	if (err) {
		w->feed_error = err;
		w->stats.fed_failed++;
	} else {
		w->stats.fed++;
	}
}

/* The levels that changed: to the device, the status line and the queue. */
static void hand_out_changes(struct watch *w)
{
	struct notice n = { .type = NOTICE_LEVEL, .at = moment_now() };

	while (levels_next_change(&w->levels, &n.change)) {
		if (n.change.scope == SCOPE_GLOBAL) {
			feed(w, &n.change);
			status_level(w->status, n.change.to);
		}
		printer_push(&w->printer, &n);
	}
}

/* The headroom that gave a level its reason is printed before that level. */
void watch_on_headroom(void *ctx, const struct headroom_fact *fact)
{
	struct watch *w = ctx;
	struct notice n = { .type = NOTICE_HEADROOM, .headroom = *fact, .at = moment_now() };

	printer_push(&w->printer, &n);
	if (fact->edge == HEADROOM_HIGH)
		return;
	feed_note_headroom(&w->feed, fact);
	levels_headroom(&w->levels, fact->scope, fact->cgroup_id, fact->cgroup_row, fact->level,
			fact->time_ns);
	hand_out_changes(w);
	feed(w, NULL);
	w->busy_until_ns = n.at.time_ns + LINGER_NS;
	if (!w->next_level_ns)
		w->next_level_ns = n.at.time_ns + LEVEL_TICK_NS;
}

static void on_ahead(void *ctx, const union oomn_record *rec)
{
	struct watch *w = ctx;

	levels_record(&w->levels, rec);
	hand_out_changes(w);
}

/* The levels have heard a part of the record ahead of it. */
void watch_on_record(void *ctx, const void *data, size_t size)
{
	struct watch *w = ctx;
	struct notice n = { .type = NOTICE_EVENT };
	union oomn_record rest;

	if (decode_record(data, size, &n.rec)) {
		w->stats.bad_records++;
		return;
	}
	n.at = moment_now();
	if (n.rec.hdr.kind == OOMN_OOM_KILL && record_scope(&n.rec) == SCOPE_UNKNOWN)
		w->stats.unknown_kills += n.rec.hdr.hits;
	rest = n.rec;
	ahead_settle(w->ahead, &rest);
	feed_note(&w->feed, &n.rec);
	levels_record(&w->levels, &rest);
	hand_out_changes(w);
	feed(w, NULL);
	n.level = levels_of(&w->levels, &n.rec);
	printer_push(&w->printer, &n);
	w->busy_until_ns = n.at.time_ns + LINGER_NS;
}

uint64_t watch_major_faults(void)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	return (uint64_t)ru.ru_majflt;
}

static uint64_t max_rss_kb(void)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	return (uint64_t)ru.ru_maxrss;
}

static void hold_rows(void *ctx, struct rows *rows)
{
	const struct watch *w = ctx;

	levels_hold_rows(&w->levels, rows);
	printer_hold_rows(&w->printer, rows);
}

static void pump(struct watch *w)
{
	w->lost.ring_hits = loader_ring_drops(w->loader);
	printer_lost(&w->printer, &w->lost);
	printer_pump(&w->printer);
}

static void hold_cpus(struct watch *w, bool hold)
{
	if (w->latency_fd < 0 || w->is_held == hold)
		return;
	cpu_latency_hold(w->latency_fd, hold);
	w->is_held = hold;
}

/* @records have come from the ring to the queue: from there to the output. */
static void taken_in(struct watch *w, int records)
{
	uint64_t soon_ns;

	pump(w);
	loader_recycle(w->loader, now_ns(), hold_rows, w);
	drain_schedule(&w->drain, now_ns());
	if (!records)
		return;
	hold_cpus(w, true);
	soon_ns = now_ns() + LEVEL_LOOK_NS;
	if (!w->next_level_ns || w->next_level_ns > soon_ns)
		w->next_level_ns = soon_ns;
}

void watch_count_lost(struct watch *w)
{
	w->lost.row_hits = stats_nameless_hits(loader_cgroups(w->loader));
	w->lost.level_hits = w->levels.unkept_hits;
}

void watch_gather(struct watch *w)
{
	w->shown = w->stats;
	loader_stats(w->loader, &w->shown);
	headroom_watch_stats(w->headroom, &w->shown.headroom);
	w->shown.max_rss_kb = max_rss_kb();
	w->shown.major_faults = watch_major_faults() - w->faults_start;
}

static void print_stats(struct watch *w)
{
	struct notice n = { .type = NOTICE_STATS, .stats = &w->shown, .at = moment_now() };

	watch_gather(w);
	if (!w->printer.blocked)
		printer_direct(&w->printer, &n);
}

/*
 * Something may raise a level without a word: hits behind a closed gate, or kswapd that scans in
 * vain.
 */
static bool may_rise(struct watch *w, const struct oomn_scan *scan, uint64_t now)
{
	bool scans = scan->scanned_pages != w->scanned_pages;

	w->scanned_pages = scan->scanned_pages;
	return scans || now < w->drain.closed_until_ns;
}

static void level_due(struct watch *w, uint64_t now)
{
	struct oomn_scan scan;
	bool is_active;

	taken_in(w, drain_ring(&w->drain));
	ahead_look(w->ahead, w->cpus, now, on_ahead, w);
	scan = loader_scan(w->loader);
	is_active = levels_tick(&w->levels, &scan, now);
	if (is_active)
		w->busy_until_ns = now + LINGER_NS;
	hand_out_changes(w);
	feed(w, NULL);
	pump(w);
	loader_refresh(w->loader);
	loader_recycle(w->loader, now, hold_rows, w);
	if (now >= w->next_sweep_ns) {
		loader_sweep(w->loader, now);
		watch_count_lost(w);
		w->next_sweep_ns = now + NS_PER_S;
	}
	if (may_rise(w, &scan, now))
		w->next_level_ns = now + LEVEL_LOOK_NS;
	else
		w->next_level_ns = now < w->busy_until_ns ? now + LEVEL_TICK_NS : 0;
	hold_cpus(w, is_active || now < w->drain.closed_until_ns);
}

static void headroom_due(struct watch *w)
{
	struct headroom_stats s;

	headroom_watch_run(w->headroom, now_ns());
	headroom_watch_stats(w->headroom, &s);
	w->lost.unwatched = s.beyond;
	pump(w);
}

static void status_due(struct watch *w, uint64_t now)
{
	status_show(w->status, now, w->printer.printed);
	w->next_status_ns = now + NS_PER_S;
}

static void run_due(struct watch *w, uint64_t now)
{
	if (now >= headroom_watch_due_ns(w->headroom))
		headroom_due(w);
	if (w->drain.due_ns && now >= w->drain.due_ns)
		taken_in(w, drain_waiting(&w->drain));
	if (w->next_level_ns && now >= w->next_level_ns)
		level_due(w, now);
	if (w->next_stats_ns && now >= w->next_stats_ns) {
		print_stats(w);
		w->next_stats_ns += w->opts->stats_ns;
	}
	if (w->printer.next_rows_ns && now >= w->printer.next_rows_ns)
		pump(w);
	if (w->next_status_ns && now >= w->next_status_ns)
		status_due(w, now);
	if (w->end_ns && now >= w->end_ns)
		w->stop = true;
}

/* The earliest of what is due sets the timer; nothing due, no wake-up. */
static void set_timer(struct watch *w)
{
	const uint64_t due[] = { w->drain.due_ns,
				 w->next_level_ns,
				 w->next_stats_ns,
				 w->next_status_ns,
				 w->printer.next_rows_ns,
				 w->end_ns,
				 headroom_watch_due_ns(w->headroom) };
	uint64_t first = 0;

	for (size_t i = 0; i < sizeof(due) / sizeof(due[0]); i++)
		if (due[i] && (!first || due[i] < first))
			first = due[i];
	clock_set_timer(w->timer, first);
}

static void watch_output(struct watch *w, bool wait_for_room)
{
	struct epoll_event ev = { .events = wait_for_room ? EPOLLOUT : 0, .data.u32 = FD_OUTPUT };

	/* A file that cannot be polled (/dev/null) never blocks. */
	epoll_ctl(w->epoll, EPOLL_CTL_MOD, output_fd(w->printer.out), &ev);
}

static void handle(struct watch *w, const struct epoll_event *ev)
{
	uint64_t expirations;

	switch (ev->data.u32) {
	case FD_RING:
		taken_in(w, drain_ring(&w->drain));
		break;
	case FD_SIGNALS:
		if (signals_read(w->signals))
			w->stop = true;
		break;
	case FD_TIMER:
		if (read(w->timer, &expirations, sizeof(expirations)) < 0)
			break;
		run_due(w, now_ns());
		break;
	case FD_HEADROOM:
		headroom_due(w);
		break;
	case FD_OUTPUT:
		if (ev->events & (EPOLLERR | EPOLLHUP))
			w->printer.error = -EPIPE;
		else
			pump(w);
		break;
	default:
		break;
	}
}

static bool is_over(const struct watch *w)
{
	return w->stop || w->printer.error ||
	       (w->opts->count && w->printer.printed >= w->opts->count);
}

void watch_loop(struct watch *w)
{
	struct epoll_event ev[4];
	bool was_blocked = false;

	while (!is_over(w)) {
		int n;

		set_timer(w);
		n = epoll_wait(w->epoll, ev, 4, -1);
		for (int i = 0; i < n && !is_over(w); i++)
			handle(w, &ev[i]);
		if (w->printer.blocked != was_blocked)
			watch_output(w, w->printer.blocked);
		was_blocked = w->printer.blocked;
	}
}

/* Gives a slow reader a while to take the rest; a second signal cuts it short. */
void watch_drain(struct watch *w)
{
	uint64_t until = now_ns() + DRAIN_NS;
	struct epoll_event ev;

	w->drain.due_ns = w->next_level_ns = w->next_stats_ns = w->next_status_ns = 0;
	w->end_ns = until;
	set_timer(w);
	pump(w);
	while (w->printer.blocked && !w->printer.error && now_ns() < until) {
		watch_output(w, true);
		if (epoll_wait(w->epoll, &ev, 1, -1) == 1 && ev.data.u32 == FD_SIGNALS)
			break;
		pump(w);
	}
}
