/* SPDX-License-Identifier: GPL-2.0-only */
/* Makes records of hits that wait in gates which no further hit opens. */
#ifndef OOMN_FLUSH_H
#define OOMN_FLUSH_H

#include <stdbool.h>
#include <stdint.h>
#include "tables.h"

struct flush {
	int prog_fd; /* the BPF program "flush" */
	const struct oomn_cpu *cpus;
	int nr_cpus;
	uint64_t *stuck; /* by CPU: waiting hits when it last did not answer */
};

/* @cpus and the program must outlive it. 0 or negative errno. */
int flush_init(struct flush *f, int prog_fd, const struct oomn_cpu *cpus, int nr_cpus);
void flush_free(struct flush *f);

/*
 * Sends what has waited for @least_ns, as the BPF side sees it. Returns whether anything still
 * waits and may be sent later: not on a CPU that is offline.
 */
bool flush_run(struct flush *f, uint64_t least_ns);

/*
 * The program notes the kernel's time, which shows whether ours is the same: /proc, or the lack of
 * it, may not have told of our time namespace.
 */
void flush_check_clock(const struct flush *f);

#endif
