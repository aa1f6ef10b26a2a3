// SPDX-License-Identifier: GPL-2.0-only
/* The settings of the BPF programs, fixed before they are loaded. */
#include "config_fill.h"

#include <time.h>
#include <unistd.h>

/* Length of a scheduler tick: the resolution of the coarse clock. */
static uint64_t tick_ns(void)
{
	struct timespec ts = { 0 };

	clock_getres(CLOCK_MONOTONIC_COARSE, &ts);
	return (uint64_t)ts.tv_nsec;
}

void config_fill(struct oomn_config *cfg, const struct loader_opts *o, const struct direct *d)
{
	const struct features *f = &d->features;
	uint64_t tick = tick_ns();

	cfg->gap_ns = o->gap_ns;
	/*
	 * Counted in ticks a gap may last half as long again; in a storm hits take the waiting
	 * along.
	 */
	cfg->flush_ns = o->gap_ns + o->gap_ns / 2;
	cfg->wake_gap_ns = o->wake_gap_ns;
	/*
	 * Shorter than two ticks, ticks are too coarse: a gate would be open half the time or
	 * never.
	 */
	cfg->gap_ticks = tick && o->gap_ns >= 2 * tick ? (o->gap_ns + tick - 1) / tick : 0;
	cfg->growth_ns_per_page = (uint64_t)sysconf(_SC_PAGESIZE) / LOADER_GROWTH_BYTES_NS;
	cfg->begin_gfp_first = f->begin_gfp_first;
	cfg->end_has_memcg = f->end_has_memcg;
	cfg->victim_has_task = f->victim_has_task;
	cfg->isolate_has_mode = f->isolate_has_mode;
	cfg->kills_signalled = f->tp[TP_SIGNAL_GENERATE] == TP_USABLE;
	direct_config(cfg, f, d->way);
	cfg->psi_on = access("/proc/pressure/memory", R_OK) == 0;
}
