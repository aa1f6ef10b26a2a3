// SPDX-License-Identifier: GPL-2.0-only
/* All sources: ours, the others', the controls. */
#include "sources.h"

#include "compare/sources/sources.h"

const struct source *const survive_sources[] = {
	&source_headroom,      &source_psi_own,	   &source_psi_own_2s,	&source_sdevent,
	&source_memory_events, &source_vmpressure, &source_usage_100ms, &source_usage_1s,
	&source_timer,	       &source_deaf,	   &source_foretold,
};

const size_t nr_survive_sources = sizeof(survive_sources) / sizeof(survive_sources[0]);
