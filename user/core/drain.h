/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Empties the ring, and looks after hits that wait in gates until nothing was sent or waited for a
 * while; then it rests. For who owns a timer:
 *
 *	on the ring's descriptor    drain_ring()
 *	at due_ns, unless that is 0 drain_waiting()
 *	after either                drain_schedule(), when all that came is dealt with
 */
#ifndef OOMN_DRAIN_H
#define OOMN_DRAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "loader.h"

struct drain {
	struct loader *loader;
	uint64_t tick_ns; /* a look after waiting hits this often */
	unsigned int quiet_ticks;
	bool is_active;
	uint64_t due_ns;	  /* when to call drain_waiting(); 0: nothing may be waiting */
	uint64_t closed_until_ns; /* until then a gate may keep hits without waking anybody */
};

/* Options for the loader by the gap between records; 0: every hit is one. */
struct loader_opts drain_loader_opts(uint64_t gap_ns, uint64_t ring_bytes);

/* For a loader that was opened with such options. */
void drain_init(struct drain *d, struct loader *l, uint64_t gap_ns);

/* Hands all that is in the ring to the loader's callback. Returns the number of records. */
int drain_ring(struct drain *d);

/* Waiting hits go out, and then the same. */
int drain_waiting(struct drain *d);

/* Sets due_ns, if there is reason to look again. */
void drain_schedule(struct drain *d, uint64_t now_ns);

#endif
