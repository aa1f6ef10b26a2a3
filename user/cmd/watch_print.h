/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The second half of `watch`: from notices to the output. What the output does not take waits in a
 * bounded queue; what that forgets is counted and printed.
 */
#ifndef OOMN_WATCH_PRINT_H
#define OOMN_WATCH_PRINT_H

#include "common/wall_clock.h"
#include "core/coalesce.h"
#include "core/queue.h"
#include "core/stats.h"
#include "sinks/output.h"
#include "sinks/sink.h"
#include "tables.h"
#include "watch.h"

struct rows;

struct printer {
	const struct watch_opts *opts;
	const struct sink *sink;
	struct sink_env env;
	char boot_id[BOOT_ID_LEN];
	struct output *out;
	struct queue *queue;
	struct coalesce rows;	/* of text */
	uint64_t next_rows_ns;	/* when some of them are due; 0: none waits */
	unsigned int rows_left; /* until a terminal needs another header */
	struct stats *stats;
	struct loss known;  /* of what was lost before it came here */
	struct loss untold; /* lost, and not yet said */
	uint64_t printed;   /* events, level changes and headroom */
	bool blocked;	    /* the output takes no more for now */
	int error;	    /* negative errno: it never will */
};

/* 0 or negative errno. Allocates all that telling ever needs. */
int printer_init(struct printer *t, const struct watch_opts *opts, struct stats *stats,
		 const struct oomn_cgroup *cgroups);

/* Waits for what is under way; 0, or negative errno when not all was written. */
int printer_close(struct printer *t);

/* Runs once through all that telling an event touches, without a trace on the output. */
void printer_rehearse(struct printer *t);

void printer_header(struct printer *t);

/* Queues an event or level change that the options do not filter out. */
void printer_push(struct printer *t, const struct notice *n);

/* Lost so far, all in all, before it came here: said with the next that is written. */
void printer_lost(struct printer *t, const struct loss *total);

/* Holds the rows of all that waits. */
void printer_hold_rows(const struct printer *t, struct rows *rows);

/* Writes what the output takes. */
void printer_pump(struct printer *t);

/* Writes one notice past the queue: interim figures, the summary. */
void printer_direct(struct printer *t, const struct notice *n);

/* Whatever waits for rows like it is queued now. */
void printer_release(struct printer *t);

/* Everything that still waits is given up: counts it as dropped. */
void printer_give_up(struct printer *t);

#endif
