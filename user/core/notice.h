/* SPDX-License-Identifier: GPL-2.0-only */
/* A notice for sinks: an event, level change, headroom, loss, interim figures, or the end. */
#ifndef OOMN_NOTICE_H
#define OOMN_NOTICE_H

#include <stdint.h>
#include "headroom_watch.h"
#include "levels.h"
#include "loss.h"
#include "common/clock.h"
#include "record.h"

enum notice_type {
	NOTICE_EVENT,
	NOTICE_LEVEL,
	NOTICE_HEADROOM,
	NOTICE_LOST,
	NOTICE_STATS,
	NOTICE_SUMMARY,
};

struct stats;

/* Why an event is told later than it was taken in. */
enum waited {
	WAITED_NOT,
	WAITED_FOR_END, /* a reclaim_begin, for its end, in vain */
};

struct notice {
	enum notice_type type;
	enum level level; /* of the event's scope, when it was handled */
	enum waited waited;
	struct moment at; /* when it was taken in */
	union {
		union oomn_record rec;	       /* NOTICE_EVENT */
		struct level_change change;    /* NOTICE_LEVEL */
		struct headroom_fact headroom; /* NOTICE_HEADROOM */
		struct loss loss;	       /* NOTICE_LOST */
		const struct stats *stats;     /* NOTICE_STATS, NOTICE_SUMMARY */
	};
};

/* Wall time of a fact that it tells of, by the clock of the moment in which it was taken in. */
static inline uint64_t notice_wall_ns(const struct notice *n, uint64_t fact_ns)
{
	return moment_wall_ns(&n->at, fact_ns);
}

#endif
