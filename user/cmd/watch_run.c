// SPDX-License-Identifier: GPL-2.0-only
/* `oom-notify watch`: one thread, one loop, from the ring to the output. */
#include "watch.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/log.h"
#include "core/decode.h"
#include "core/harden.h"
#include "core/levels.h"
#include "core/loader.h"
#include "watch_status.h"
#include "watch_tell.h"

/* How often levels are looked at while there is something to look at. */
#define LEVEL_TICK_NS (100 * NS_PER_MS)
/* After the last sign of pressure, for kswapd may scan in vain and tell nothing. */
#define LINGER_NS     (3 * NS_PER_S)
/* How long a stopped reader may keep us from ending. */
#define DRAIN_NS      (5 * NS_PER_S)
/* Half of the shortest tick. */
#define MIN_WAKE_NS   (NS_PER_MS / 2)

struct watch {
	const struct watch_opts *opts;
	struct loader *loader;
	struct teller teller;
	struct status *status;
	struct levels levels;
	struct stats stats;  /* what user space counts */
	struct stats shown;  /* with the BPF side's counts added */
	struct vmstat vmstat_start;
	int epoll;
	int signals;
	int timer;
	uint64_t tick_ns;    /* of the gate: look after waiting hits this often */
	unsigned int quiet_ticks;
	uint64_t busy_until_ns;
	uint64_t next_flush_ns;	 /* 0: nothing to flush */
	uint64_t next_level_ns;	 /* 0: levels are at rest */
	uint64_t next_stats_ns;	 /* 0: not wanted */
	uint64_t next_status_ns; /* 0: nobody to see it */
	uint64_t end_ns;	 /* 0: none */
	uint64_t next_sweep_ns;
	uint64_t faults_start;
	bool stop;
};

/* Two gaps, half a gap each. */
#define QUIET_TICKS 4

enum { FD_RING, FD_SIGNALS, FD_TIMER, FD_OUTPUT };

static void on_level(void *ctx, const struct level_change *change)
{
	struct watch *w = ctx;
	struct notice n = { .type = NOTICE_LEVEL, .change = *change, .time_ns = change->time_ns };

	teller_push(&w->teller, &n);
	status_level(w->status, change);
}

static void on_record(void *ctx, const void *data, size_t size)
{
	struct watch *w = ctx;
	struct notice n = { .type = NOTICE_EVENT };

	if (decode_record(data, size, &n.rec)) {
		w->stats.bad_records++;
		return;
	}
	n.time_ns = now_ns();
	levels_record(&w->levels, &n.rec);
	n.level = levels_of(&w->levels, &n.rec);
	teller_push(&w->teller, &n);
	w->busy_until_ns = n.time_ns + LINGER_NS;
	status_clear(w->status);
}

static uint64_t major_faults(void)
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

/* Ring to queue, queue to output. Returns the number of records. */
static int take_in(struct watch *w)
{
	int records = loader_consume(w->loader);

	teller_pump(&w->teller, loader_ring_drops(w->loader));
	if (records <= 0)
		return 0;
	w->quiet_ticks = 0;
	if (!w->next_flush_ns)
		w->next_flush_ns = now_ns() + w->tick_ns;
	if (!w->next_level_ns)
		w->next_level_ns = now_ns() + LEVEL_TICK_NS;
	return records;
}

static void gather(struct watch *w)
{
	w->shown = w->stats;
	loader_stats(w->loader, &w->shown);
	w->shown.max_rss_kb = max_rss_kb();
	w->shown.major_faults = major_faults() - w->faults_start;
}

static void tell_stats(struct watch *w)
{
	struct notice n = { .type = NOTICE_STATS, .stats = &w->shown, .time_ns = now_ns() };

	gather(w);
	if (!w->teller.blocked)
		teller_direct(&w->teller, &n);
}

/*
 * Waiting hits go out. The timer rests when nothing was sent or waited for QUIET_TICKS: a gate that
 * sent within its gap keeps the next hit without waking anybody, and counts its gap in scheduler
 * ticks, so it may be closed for up to one and a half gaps.
 */
static void flush_due(struct watch *w, uint64_t now)
{
	bool waiting = loader_flush(w->loader);

	w->quiet_ticks++;
	if (take_in(w) || waiting || w->quiet_ticks < QUIET_TICKS)
		w->next_flush_ns = now + w->tick_ns;
	else
		w->next_flush_ns = 0;
}

static void level_due(struct watch *w, uint64_t now)
{
	struct oomn_scan scan = loader_scan(w->loader);

	if (levels_tick(&w->levels, &scan, now))
		w->busy_until_ns = now + LINGER_NS;
	teller_pump(&w->teller, loader_ring_drops(w->loader));
	if (now >= w->next_sweep_ns) {
		loader_sweep(w->loader, now);
		w->next_sweep_ns = now + NS_PER_S;
	}
	w->next_level_ns = now < w->busy_until_ns ? now + LEVEL_TICK_NS : 0;
}

static void status_due(struct watch *w, uint64_t now)
{
	status_show(w->status, now, w->teller.printed);
	w->next_status_ns = now + NS_PER_S;
}

static void run_due(struct watch *w, uint64_t now)
{
	if (w->next_flush_ns && now >= w->next_flush_ns)
		flush_due(w, now);
	if (w->next_level_ns && now >= w->next_level_ns)
		level_due(w, now);
	if (w->next_stats_ns && now >= w->next_stats_ns) {
		tell_stats(w);
		w->next_stats_ns += w->opts->stats_ns;
	}
	if (w->next_status_ns && now >= w->next_status_ns)
		status_due(w, now);
	if (w->end_ns && now >= w->end_ns)
		w->stop = true;
}

/* The earliest of what is due sets the timer; nothing due, no wake-up. */
static void set_timer(struct watch *w)
{
	const uint64_t due[] = { w->next_flush_ns, w->next_level_ns, w->next_stats_ns,
				 w->next_status_ns, w->end_ns };
	struct itimerspec its = { 0 };
	uint64_t first = 0;

	for (size_t i = 0; i < sizeof(due) / sizeof(due[0]); i++)
		if (due[i] && (!first || due[i] < first))
			first = due[i];
	its.it_value.tv_sec = (time_t)(first / NS_PER_S);
	its.it_value.tv_nsec = (long)(first % NS_PER_S);
	timerfd_settime(w->timer, TFD_TIMER_ABSTIME, &its, NULL);
}

static int add_fd(struct watch *w, int fd, uint32_t events, uint32_t what)
{
	struct epoll_event ev = { .events = events, .data.u32 = what };

	return epoll_ctl(w->epoll, EPOLL_CTL_ADD, fd, &ev) ? -errno : 0;
}

static void watch_output(struct watch *w, bool wait_for_room)
{
	struct epoll_event ev = { .events = wait_for_room ? EPOLLOUT : 0, .data.u32 = FD_OUTPUT };

	/* What cannot be polled (/dev/null) never blocks. */
	epoll_ctl(w->epoll, EPOLL_CTL_MOD, output_fd(w->teller.out), &ev);
}

static void handle(struct watch *w, const struct epoll_event *ev)
{
	struct signalfd_siginfo si;
	uint64_t expirations;

	switch (ev->data.u32) {
	case FD_RING:
		take_in(w);
		break;
	case FD_SIGNALS:
		if (read(w->signals, &si, sizeof(si)) == sizeof(si))
			w->stop = true;
		break;
	case FD_TIMER:
		if (read(w->timer, &expirations, sizeof(expirations)) < 0)
			break;
		run_due(w, now_ns());
		break;
	case FD_OUTPUT:
		if (ev->events & (EPOLLERR | EPOLLHUP))
			w->teller.error = -EPIPE;
		else
			teller_pump(&w->teller, loader_ring_drops(w->loader));
		break;
	default:
		break;
	}
}

static bool is_over(const struct watch *w)
{
	return w->stop || w->teller.error ||
	       (w->opts->count && w->teller.printed >= w->opts->count);
}

static void loop(struct watch *w)
{
	struct epoll_event ev[4];
	bool was_blocked = false;

	while (!is_over(w)) {
		int n;

		set_timer(w);
		n = epoll_wait(w->epoll, ev, 4, -1);
		for (int i = 0; i < n && !is_over(w); i++)
			handle(w, &ev[i]);
		if (w->teller.blocked != was_blocked)
			watch_output(w, w->teller.blocked);
		was_blocked = w->teller.blocked;
	}
}

/* Gives a slow reader a while to take the rest; a second signal cuts it short. */
static void drain(struct watch *w)
{
	uint64_t until = now_ns() + DRAIN_NS;
	struct epoll_event ev;

	w->next_flush_ns = w->next_level_ns = w->next_stats_ns = w->next_status_ns = 0;
	w->end_ns = until;
	set_timer(w);
	teller_pump(&w->teller, loader_ring_drops(w->loader));
	while (w->teller.blocked && !w->teller.error && now_ns() < until) {
		watch_output(w, true);
		if (epoll_wait(w->epoll, &ev, 1, -1) == 1 && ev.data.u32 == FD_SIGNALS)
			break;
		teller_pump(&w->teller, loader_ring_drops(w->loader));
	}
}

static void finish(struct watch *w)
{
	struct notice n = { .type = NOTICE_SUMMARY, .stats = &w->shown };
	struct vmstat end;

	loader_arm(w->loader, false);
	w->stats.has_vmstat = !vmstat_read(&end);
	w->stats.vmstat = vmstat_delta(&w->vmstat_start, &end);
	for (int i = 0; i < 100 && loader_flush(w->loader); i++)
		usleep(1000); /* a report was under way on that CPU */
	loader_consume(w->loader);
	drain(w);
	teller_give_up(&w->teller);
	gather(w);
	n.time_ns = now_ns();
	status_clear(w->status);
	teller_direct(&w->teller, &n);
	drain(w);
}

static int set_up_fds(struct watch *w)
{
	sigset_t set;
	int err;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	w->epoll = epoll_create1(EPOLL_CLOEXEC);
	w->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	w->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (w->epoll < 0 || w->signals < 0 || w->timer < 0)
		return -errno;
	err = add_fd(w, w->signals, EPOLLIN, FD_SIGNALS);
	return err ?: add_fd(w, w->timer, EPOLLIN, FD_TIMER);
}

/*
 * A gate opens after its gap in ticks, which may be somewhat less than the gap: so half of it. A
 * wake-up costs the task that swaps 5 us, so there is a bound whatever the gap.
 */
static uint64_t wake_gap_ns(const struct watch_opts *o)
{
	uint64_t half_ns = o->raw ? 0 : o->gap_ns / 2;

	return half_ns > MIN_WAKE_NS ? half_ns : MIN_WAKE_NS;
}

static int set_up(struct watch *w)
{
	struct loader_opts lo = {
		.gap_ns = w->opts->raw ? 0 : w->opts->gap_ns,
		.wake_gap_ns = wake_gap_ns(w->opts),
		.ring_bytes = w->opts->ring_bytes,
	};
	int err;

	w->tick_ns = lo.gap_ns > 2 * NS_PER_MS ? lo.gap_ns / 2 : NS_PER_MS;
	w->loader = loader_open(&lo, on_record, w);
	if (!w->loader)
		return -errno;
	err = set_up_fds(w);
	if (!err)
		err = add_fd(w, loader_fd(w->loader), EPOLLIN, FD_RING);
	if (err) {
		log_err("cannot set up epoll, signalfd and timerfd: %s", strerror(-err));
		return err;
	}
	err = teller_init(&w->teller, w->opts, &w->stats, loader_cgroups(w->loader));
	if (err)
		log_err("cannot write to standard output: %s", strerror(-err));
	else
		add_fd(w, output_fd(w->teller.out), 0, FD_OUTPUT); /* fails for /dev/null: fine */
	return err;
}

static void harden(const struct watch *w)
{
	if (!w->opts->no_rt)
		harden_realtime();
	harden_oom_score();
	harden_memory();
	harden_capabilities();
}

static void begin(struct watch *w, uint64_t start_ns)
{
	uint64_t now;

	levels_init(&w->levels, &w->opts->level, on_level, w);
	w->status = status_new(w->opts->quiet);
	teller_rehearse(&w->teller);
	harden(w);
	if (vmstat_read(&w->vmstat_start))
		memset(&w->vmstat_start, 0xff, sizeof(w->vmstat_start));
	teller_header(&w->teller);
	loader_arm(w->loader, true);
	now = now_ns();
	w->stats.ready_ns = now - start_ns;
	w->faults_start = major_faults();
	w->next_status_ns = status_is_live(w->status) ? now + NS_PER_S : 0;
	w->next_stats_ns = w->opts->stats_ns ? now + w->opts->stats_ns : 0;
	w->end_ns = w->opts->duration_ns ? now + w->opts->duration_ns : 0;
	status_ready(w->status, w->stats.ready_ns);
}

static int result(int err)
{
	if (err == -EPIPE)
		return EXIT_OK; /* the reader has seen enough */
	if (err == -EAGAIN)
		log_err("the reader of the output stopped reading: the summary is incomplete");
	else if (err)
		log_err("cannot write to standard output: %s", strerror(-err));
	return err ? EXIT_FAIL : EXIT_OK;
}

int watch_run(const struct watch_opts *opts)
{
	static struct watch w;
	uint64_t start_ns = now_ns();
	int err;

	w.opts = opts;
	w.epoll = w.signals = w.timer = -1;
	err = set_up(&w);
	if (!err) {
		begin(&w, start_ns);
		loop(&w);
		finish(&w);
		err = result(teller_close(&w.teller));
	} else {
		err = EXIT_FAIL;
	}
	status_free(w.status);
	loader_free(w.loader);
	cleanup_close(&w.timer);
	cleanup_close(&w.signals);
	cleanup_close(&w.epoll);
	return err;
}
