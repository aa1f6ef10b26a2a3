// SPDX-License-Identifier: GPL-2.0-only
/* Counts survivors and takes medians. */
#include "stats.h"

#include "compare/statistics.h"

void survive_cell(const struct survive *s, uint32_t source, uint32_t rate, enum survive_swap swap,
		  struct survive_cell *out)
{
	struct samples lead = { .n = 0 }, given = { .n = 0 }, stall = { .n = 0 };

	*out = (struct survive_cell){ 0 };
	for (uint32_t i = 0; i < s->nr_episodes; i++) {
		const struct survive_episode *e = &s->episode[i];

		if (e->source != source || e->rate != rate || e->swap != swap)
			continue;
		out->episodes++;
		samples_add(&stall, (double)e->stall_ns);
		if (e->tells) {
			out->notified++;
			samples_add(&lead, (double)e->lead_ns);
		}
		if (e->end != SURVIVE_LIVES || !e->needed_bytes)
			continue;
		out->survivors++;
		samples_add(&given, (double)e->given_bytes / (double)e->needed_bytes);
	}
	out->lead_p50_ns = samples_quantile(&lead, 500);
	out->stall_p50_ns = samples_quantile(&stall, 500);
	out->given_p50 = samples_quantile(&given, 500);
	out->given_max = samples_quantile(&given, 1000);
}
