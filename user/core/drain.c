// SPDX-License-Identifier: GPL-2.0-only
/* When to look after hits that wait. */
#include "drain.h"

#include "common/clock.h"

/*
 * Two gaps, half a gap each: a gate that sent within its gap keeps the next hit without waking
 * anybody, and counts its gap in scheduler ticks, so it may be closed for up to one and a half.
 */
#define QUIET_TICKS 4
/* Half of the shortest tick. A wake-up costs the task that swaps 5 us, so there is a bound. */
#define MIN_WAKE_NS (NS_PER_MS / 2)

/* A gate opens after its gap in ticks, which may be somewhat less than the gap: so half of it. */
struct loader_opts drain_loader_opts(uint64_t gap_ns, uint64_t ring_bytes)
{
	return (struct loader_opts){
		.gap_ns = gap_ns,
		.wake_gap_ns = gap_ns / 2 > MIN_WAKE_NS ? gap_ns / 2 : MIN_WAKE_NS,
		.ring_bytes = ring_bytes,
	};
}

void drain_init(struct drain *d, struct loader *l, uint64_t gap_ns)
{
	*d = (struct drain){
		.loader = l,
		.tick_ns = gap_ns > 2 * NS_PER_MS ? gap_ns / 2 : NS_PER_MS,
	};
}

int drain_ring(struct drain *d)
{
	int records = loader_consume(d->loader);

	if (records <= 0)
		return 0;
	d->quiet_ticks = 0;
	d->is_active = true;
	d->closed_until_ns = now_ns() + QUIET_TICKS * d->tick_ns;
	return records;
}

int drain_waiting(struct drain *d)
{
	bool waiting = loader_flush(d->loader);

	d->quiet_ticks++;
	d->is_active = waiting || d->quiet_ticks < QUIET_TICKS;
	d->due_ns = 0;
	return drain_ring(d);
}

/*
 * Counted from the end of what was done, so that on the slowest machine a real-time loader leaves
 * half of the time to others.
 */
void drain_schedule(struct drain *d, uint64_t now_ns)
{
	if (d->is_active && !d->due_ns)
		d->due_ns = now_ns + d->tick_ns;
}
