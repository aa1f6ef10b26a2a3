/* SPDX-License-Identifier: GPL-2.0-only */
/* For what the kernel refuses for a moment and tells nobody when it no longer would. */
#ifndef OOMN_RETRY_H
#define OOMN_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/clock.h"

/* Sleeps a millisecond; false when @deadline_ns has passed. */
static inline bool retry_until(uint64_t deadline_ns)
{
	const struct timespec pause = { .tv_nsec = (long)NS_PER_MS };

	if (now_ns() > deadline_ns)
		return false;
	(void)clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
	return true;
}

#endif
