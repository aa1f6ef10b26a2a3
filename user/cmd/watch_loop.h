/* SPDX-License-Identifier: GPL-2.0-only */
/* The loop of `oom-notify watch`: one thread, from the ring to the output. */
#ifndef OOMN_WATCH_LOOP_H
#define OOMN_WATCH_LOOP_H

#include "core/ahead.h"
#include "core/drain.h"
#include "core/feed.h"
#include "core/levels.h"
#include "core/loader.h"
#include "status.h"
#include "tables.h"
#include "watch_print.h"

struct watch {
	const struct watch_opts *opts;
	struct loader *loader;
	struct drain drain;
	struct printer printer;
	struct status *status;
	struct levels levels;
	struct ahead *ahead;
	const struct oomn_cpu *cpus;
	uint64_t scanned_pages; /* when the levels were last looked at */
	struct headroom_watch *headroom;
	struct feed feed;
	int feed_fd;	    /* -1: nobody is fed */
	int feed_error;	    /* negative errno: the last one */
	struct stats stats; /* what user space counts */
	struct stats shown; /* with the BPF side's counts added */
	struct loss lost;   /* so far, before the printer */
	struct vmstat vmstat_start;
	int epoll;
	int signals;
	int timer;
	int latency_fd; /* -1: processors may sleep as they like */
	bool is_held;	/* they may not, just now */
	uint64_t busy_until_ns;
	uint64_t next_level_ns;	 /* 0: levels are at rest */
	uint64_t next_stats_ns;	 /* 0: not wanted */
	uint64_t next_status_ns; /* 0: nobody to see it */
	uint64_t end_ns;	 /* 0: none */
	uint64_t next_sweep_ns;
	uint64_t faults_start;
	bool stop;
};

/* Values of epoll_event.data.u32. */
enum { FD_RING, FD_SIGNALS, FD_TIMER, FD_OUTPUT, FD_HEADROOM };

/* The callbacks of headroom and loader; @ctx is the struct watch. */
void watch_on_headroom(void *ctx, const struct headroom_fact *fact);
void watch_on_record(void *ctx, const void *data, size_t size);

/* Runs until told to stop, or until the output takes no more. */
void watch_loop(struct watch *w);

/* Gives a slow reader a while to take what waits; a signal cuts it short. */
void watch_drain(struct watch *w);

/* Looks what was lost so far that has to be searched for. */
void watch_count_lost(struct watch *w);

/* Puts all figures together in w->shown. */
void watch_gather(struct watch *w);

/* Major faults of this process since its start. */
uint64_t watch_major_faults(void);

#endif
