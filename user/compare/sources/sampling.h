/* SPDX-License-Identifier: GPL-2.0-only */
/* For sources that look once in a while: a timer, and counters to hold against the last ones. */
#ifndef OOMN_COMPARE_SAMPLING_H
#define OOMN_COMPARE_SAMPLING_H

#include "source.h"

/* Sets env->fd, events and looks_ns: 0 or negative errno with the reason. */
int sampling_start(struct source_env *env, uint64_t interval_ns, struct failure *why);

/* The timer has come; false: it has not. */
bool sampling_due(const struct source_env *env);

/* Whether pages were swapped out since the last call, to whatever. */
bool sampling_swapped_out(void);

/* Whether a zone has fallen below its low watermark since the last call. */
bool sampling_fell_low(void);

#endif
