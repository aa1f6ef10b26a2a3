// SPDX-License-Identifier: GPL-2.0-only
/* All sources, in the order of the table. */
#include "sources.h"

#include "compare/sources/sources.h"

const struct source *const latency_sources[] = {
	&source_timer,	    &source_device_fed, &source_tracepoint,    &source_tracepoint_raw,
	&source_psi,	    &source_psi_cgroup, &source_memory_events, &source_vmpressure,
	&source_poll_100ms, &source_poll_1s,	&source_sdevent,       &source_bpftrace,
	&source_perf,	    &source_trace_pipe,
};

const size_t nr_latency_sources = sizeof(latency_sources) / sizeof(latency_sources[0]);
