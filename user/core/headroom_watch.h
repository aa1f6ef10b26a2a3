/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Watches headroom, of the machine and of every memory cgroup with a limit: which there are
 * (cgroup_tree.h), when to look (limits.h), what is left (headroom.h), what that means
 * (headroom_line.h). Nothing is allocated after headroom_watch_new().
 */
#ifndef OOMN_HEADROOM_WATCH_H
#define OOMN_HEADROOM_WATCH_H

#include "headroom_line.h"

struct limits;

enum headroom_edge {
	HEADROOM_FALLS,	   /* less is left than a line, or again after it had recovered */
	HEADROOM_RECOVERS, /* more is left than the line that was told */
	HEADROOM_HIGH,	   /* usage went over memory.high: the kernel brakes, and does not kill */
	NR_HEADROOM_EDGES,
};

/* One fact to be told. */
struct headroom_fact {
	enum scope scope; /* SCOPE_GLOBAL or SCOPE_CGROUP */
	enum headroom_edge edge;
	enum level level; /* that what is left gives reason for */
	uint32_t cgroup_row;
	uint64_t cgroup_id;
	uint64_t time_ns;
	uint64_t left_bytes;  /* HEADROOM_UNLIMITED: no limit any more */
	uint64_t limit_bytes; /* the one that will be met first; of the machine: all its memory */
	uint64_t growth_bytes_s; /* 0: does not grow */
	uint64_t time_left_ns;	 /* HEADROOM_UNLIMITED: does not grow */
	uint64_t to_free_bytes;	 /* so that it is well again; 0: it is */
};

/* The share that is left, if there is a limit for it to be of. */
static inline bool headroom_left_percent(const struct headroom_fact *f, double *percent)
{
	if (f->left_bytes == HEADROOM_UNLIMITED || !f->limit_bytes)
		return false;
	*percent = (double)f->left_bytes * 100 / (double)f->limit_bytes;
	return true;
}

typedef void (*headroom_fn)(void *ctx, const struct headroom_fact *fact);

struct headroom_watch;

/*
 * @cgroup_id: of a cgroup that is watched even if only those above it have a limit; 0: none. NULL
 * and errno. Without a memory hierarchy only the machine is watched.
 */
struct headroom_watch *headroom_watch_new(struct limits *limits, const struct headroom_opts *opts,
					  uint64_t cgroup_id, headroom_fn fn, void *ctx);
void headroom_watch_free(struct headroom_watch *w);

/* When this is readable, or it is due, headroom_watch_run() has something to do. */
int headroom_watch_fd(const struct headroom_watch *w);
uint64_t headroom_watch_due_ns(const struct headroom_watch *w);
void headroom_watch_run(struct headroom_watch *w, uint64_t now_ns);

struct headroom_stats {
	uint64_t cgroups;   /* watched now */
	uint64_t beyond;    /* directories that found no place: not watched */
	uint64_t unread;    /* looks that failed, as a file could not be read */
	uint64_t looks;	    /* at the files */
	uint64_t bpf_looks; /* at the counters, by the BPF side */
};

void headroom_watch_stats(const struct headroom_watch *w, struct headroom_stats *s);

#endif
