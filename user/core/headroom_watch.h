/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Watches headroom, of the machine and of every memory cgroup with a limit on it or above it: which
 * there are (cgroup_tree.h), when to look (limits.h), what is left (headroom.h), what that means
 * (headroom_line.h). Nothing is allocated after headroom_watch_new().
 */
#ifndef OOMN_HEADROOM_WATCH_H
#define OOMN_HEADROOM_WATCH_H

#include "headroom_line.h"

struct loader;
struct cgroup_target;

enum headroom_edge {
	HEADROOM_FALLS,	   /* less is left than a level's line, or again after it had recovered */
	HEADROOM_RECOVERS, /* more is left than that line asks for */
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
	uint64_t left_bytes;
	uint64_t limit_bytes;	 /* of what will be met first; the machine's: all memory */
	uint64_t growth_bytes_s; /* 0: does not grow */
	uint64_t time_left_ns;	 /* HEADROOM_UNLIMITED: does not grow */
	uint64_t to_free_bytes;	 /* so that it is well again; 0 when it is */
};

typedef void (*headroom_fn)(void *ctx, const struct headroom_fact *fact);

struct headroom_watch;

struct headroom_watch_opts {
	struct headroom_opts line;
	const struct cgroup_target
		*only;		 /* NULL: all; else this cgroup, those below and above it */
	uint64_t growth_bytes_s; /* nothing grows faster; 0: the default */
};

/* NULL and errno. Without a memory hierarchy only the machine is watched. */
struct headroom_watch *headroom_watch_new(struct loader *loader,
					  const struct headroom_watch_opts *opts, headroom_fn fn,
					  void *ctx);
void headroom_watch_free(struct headroom_watch *w);

/* Readable, or due (0: not at all): then headroom_watch_run(), which tells by fn(). */
int headroom_watch_fd(const struct headroom_watch *w);
uint64_t headroom_watch_due_ns(const struct headroom_watch *w);
void headroom_watch_run(struct headroom_watch *w, uint64_t now_ns);

struct headroom_watch_stats {
	uint64_t cgroups; /* watched now, with a limit on them or above */
	uint64_t beyond;  /* directories beyond the bound, so far: not watched */
	uint64_t unread;  /* looks that failed, as memory.stat could not be read */
	uint64_t looks;	  /* from user space */
	uint64_t bpf_looks;
};
void headroom_watch_stats(const struct headroom_watch *w, struct headroom_watch_stats *s);

#endif
