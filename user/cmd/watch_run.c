// SPDX-License-Identifier: GPL-2.0-only
/* `oom-notify watch`: sets up what the loop needs, runs it, and ends with the summary. */
#include "watch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/log.h"
#include "core/cpu_latency.h"
#include "core/device.h"
#include "core/harden.h"
#include "common/signals.h"
#include "watch_loop.h"

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
	printer_release(&w->printer);
	watch_drain(w);
	watch_count_lost(w);
	printer_lost(&w->printer, &w->lost);
	printer_give_up(&w->printer);
	watch_gather(w);
	n.at = moment_now();
	printer_direct(&w->printer, &n);
	watch_drain(w);
	if (w->feed_error)
		log_warn("%s: %" PRIu64 " records could not be fed: %s", w->opts->feed_device,
			 w->stats.fed_failed, strerror(-w->feed_error));
}

/*
 * Before capabilities are dropped: the file keeps the right to feed that it was opened with. And
 * before anything is loaded, as it may not be there.
 */
static int open_feed(struct watch *w)
{
	if (!w->opts->feed_device)
		return 0;
	w->feed_fd = device_open_to_feed(w->opts->feed_device);
	if (w->feed_fd < 0) {
		log_err("%s: %s", w->opts->feed_device, device_why(w->feed_fd));
		return w->feed_fd;
	}
	w->stats.feeds = true;
	return 0;
}

/* Likewise: the device is root's. */
static void open_latency(struct watch *w)
{
	if (!w->opts->low_latency)
		return;
	w->latency_fd = cpu_latency_open();
	if (w->latency_fd < 0)
		log_warn("--low-latency: /dev/cpu_dma_latency: %s: processors sleep as they like "
			 "(it is root's; a container needs --device /dev/cpu_dma_latency)",
			 strerror(-w->latency_fd));
}

static int add_fd(struct watch *w, int fd, uint32_t events, uint32_t what)
{
	struct epoll_event ev = { .events = events, .data.u32 = what };

	return epoll_ctl(w->epoll, EPOLL_CTL_ADD, fd, &ev) ? -errno : 0;
}

static int set_up_fds(struct watch *w)
{
	int err;

	w->epoll = epoll_create1(EPOLL_CLOEXEC);
	w->signals = signals_open();
	w->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (w->epoll < 0 || w->signals < 0 || w->timer < 0)
		return -errno;
	err = add_fd(w, w->signals, EPOLLIN, FD_SIGNALS);
	return err ?: add_fd(w, w->timer, EPOLLIN, FD_TIMER);
}

static int set_up_headroom(struct watch *w)
{
	const struct cgroup_target *only = &w->opts->cgroup;

	w->headroom = headroom_watch_new(loader_limits(w->loader), &w->opts->headroom,
					 only->nr_levels ? only->level[0].id : 0, watch_on_headroom,
					 w);
	if (w->headroom)
		return 0;
	log_err("headroom cannot be watched: %s", strerror(errno));
	return -errno;
}

static int set_up(struct watch *w)
{
	const uint64_t gap_ns = w->opts->raw ? 0 : w->opts->gap_ns;
	const struct loader_opts lo = drain_loader_opts(gap_ns, w->opts->ring_bytes);
	int err = open_feed(w), nr_cpus;

	if (err)
		return err;
	open_latency(w);
	w->loader = loader_open(&lo, watch_on_record, w);
	if (!w->loader)
		return -errno;
	drain_init(&w->drain, w->loader, gap_ns);
	w->cpus = loader_cpus(w->loader, &nr_cpus);
	w->ahead = ahead_new(nr_cpus);
	if (!w->ahead) {
		log_err("no memory for levels");
		return -ENOMEM;
	}
	err = set_up_headroom(w);
	if (err)
		return err;
	err = set_up_fds(w);
	if (!err)
		err = add_fd(w, loader_fd(w->loader), EPOLLIN, FD_RING);
	if (!err)
		err = add_fd(w, headroom_watch_fd(w->headroom), EPOLLIN, FD_HEADROOM);
	if (err) {
		log_err("cannot set up epoll, signalfd and timerfd: %s", strerror(-err));
		return err;
	}
	err = printer_init(&w->printer, w->opts, &w->stats, loader_cgroups(w->loader));
	if (err)
		log_err("cannot write to standard output: %s", strerror(-err));
	else
		add_fd(w, output_fd(w->printer.out), 0, FD_OUTPUT); /* fails for /dev/null: fine */
	return err;
}

/* The levels' memory is not to be filled as the rest is, nor counted against what may be locked. */
static int harden(struct watch *w)
{
	bool locked;
	int err;

	if (!w->opts->no_rt)
		harden_realtime();
	harden_oom_score();
	locked = harden_memory();
	err = levels_init(&w->levels, &w->opts->level);
	if (err)
		log_err("no memory for the levels of cgroups: %s", strerror(-err));
	if (locked)
		harden_new_memory();
	harden_capabilities();
	return err;
}

static int begin_watching(struct watch *w, uint64_t start_ns)
{
	uint64_t now;
	int err;

	w->status = w->opts->quiet ? NULL : status_new("watch", w->printer.out);
	printer_rehearse(&w->printer);
	err = harden(w);
	if (err)
		return err;
	if (vmstat_read(&w->vmstat_start))
		memset(&w->vmstat_start, 0xff, sizeof(w->vmstat_start));
	printer_header(&w->printer);
	loader_arm(w->loader, true);
	now = now_ns();
	w->stats.ready_ns = now - start_ns;
	w->faults_start = watch_major_faults();
	w->next_status_ns = status_is_live(w->status) ? now + NS_PER_S : 0;
	w->next_stats_ns = w->opts->stats_ns ? now + w->opts->stats_ns : 0;
	w->end_ns = w->opts->duration_ns ? now + w->opts->duration_ns : 0;
	status_ready(w->status, w->stats.ready_ns);
	return 0;
}

int watch_run(const struct watch_opts *opts)
{
	static struct watch w;
	uint64_t start_ns = now_ns();
	int err;

	w.opts = opts;
	w.epoll = w.signals = w.timer = w.feed_fd = w.latency_fd = -1;
	err = set_up(&w);
	if (!err)
		err = begin_watching(&w, start_ns);
	if (!err) {
		watch_loop(&w);
		finish(&w);
		status_free(w.status); /* before its output is closed */
		err = output_exit_code(printer_close(&w.printer));
	} else {
		status_free(w.status);
		err = EXIT_FAIL;
	}
	headroom_watch_free(w.headroom);
	levels_free(&w.levels);
	ahead_free(w.ahead);
	loader_free(w.loader);
	cleanup_close(&w.latency_fd);
	cleanup_close(&w.feed_fd);
	cleanup_close(&w.timer);
	cleanup_close(&w.signals);
	cleanup_close(&w.epoll);
	return err;
}
