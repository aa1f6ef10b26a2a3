/* SPDX-License-Identifier: GPL-2.0-only */
/* Statistics over the episodes of a source at one rate. */
#ifndef OOMN_SURVIVE_STATS_H
#define OOMN_SURVIVE_STATS_H

#include "result.h"

/* Percentiles are nearest rank; NaN where there is nothing to take one of. */
struct survive_cell {
	uint32_t episodes, survivors;
	double lead_p50_ns; /* over those that were notified; negative: after the limit */
	uint32_t notified;
	/* Shares of what was needed, over those that survived. */
	double given_p50, given_max;
	double stall_p50_ns;
};

void survive_cell(const struct survive *s, uint32_t source, uint32_t rate, enum survive_swap swap,
		  struct survive_cell *out);

#endif
