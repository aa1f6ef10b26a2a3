/* SPDX-License-Identifier: GPL-2.0-only */
/* Every source there is. */
#ifndef OOMN_COMPARE_SOURCES_H
#define OOMN_COMPARE_SOURCES_H

#include "source.h"

extern const struct source source_timer, source_device_fed, source_tracepoint,
	source_tracepoint_raw, source_psi, source_psi_cgroup, source_memory_events,
	source_vmpressure, source_poll_100ms, source_poll_1s, source_sdevent, source_bpftrace,
	source_perf, source_trace_pipe;

/* Programs on the swap-out tracepoint, for what a hit of it costs. */
extern const struct source source_empty, source_wake, source_bpftrace_count;

/* The bare wake-up. */
extern const struct source source_baseline;

/* Sources of who survives. */
extern const struct source source_headroom, source_usage_100ms, source_usage_1s, source_deaf,
	source_foretold;

/* PSI as a program in the box would have it, at the shortest window and at 2 s. */
extern const struct source source_psi_own, source_psi_own_2s;

#endif
