/* SPDX-License-Identifier: GPL-2.0-only */
/* `oom-notify watch`: its options, and what it does once they are known to be good. */
#ifndef OOMN_WATCH_H
#define OOMN_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/cgroup_target.h"
#include "core/headroom_line.h"
#include "core/level.h"

struct watch_opts {
	bool json;
	bool raw;
	bool no_rt;
	bool low_latency;
	bool quiet;
	bool has_gap; /* both given on the command line */
	bool has_kinds;
	uint64_t gap_ns;
	uint64_t ring_bytes;
	uint64_t duration_ns; /* 0: until told to stop */
	uint64_t stats_ns;    /* 0: no interim figures */
	uint64_t count;	      /* 0: no limit */
	uint32_t kinds;	      /* mask of 1 << enum oomn_kind, and WATCH_KIND_LEVEL */
	enum level min_level;
	struct cgroup_target cgroup;
	const char *feed_device; /* NULL: none */
	struct level_opts level;
	struct headroom_opts headroom;
};

/* `--kind level`: the level changes, which are no kind of record. */
#define WATCH_KIND_LEVEL (1U << 31)
/* `--kind headroom`, likewise. */
#define WATCH_KIND_HEADROOM (1U << 30)

/* Returns an enum exit_code. */
int watch_run(const struct watch_opts *opts);

#endif
