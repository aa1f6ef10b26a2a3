/* SPDX-License-Identifier: GPL-2.0-only */
/* Every source there is. */
#ifndef OOMN_COMPARE_SOURCES_H
#define OOMN_COMPARE_SOURCES_H

#include "source.h"

extern const struct source source_timer, source_device_fed, source_tracepoint,
	source_tracepoint_raw, source_psi, source_psi_cgroup, source_memory_events,
	source_vmpressure, source_poll_100ms, source_poll_1s, source_sdevent, source_bpftrace,
	source_perf, source_trace_pipe;

/* For what programs cost: ours with gates that open once, and others beside them. */
extern const struct source source_tracepoint_counted, source_empty, source_wake,
	source_bpftrace_count;

/* The bare wake-up. */
extern const struct source source_baseline;

/* Sources of who survives. */
extern const struct source source_headroom, source_usage_100ms, source_usage_1s, source_deaf,
	source_foretold;

/* PSI as a program in the box would have it, at the shortest window and at 2 s. */
extern const struct source source_psi_own, source_psi_own_2s;

#endif
