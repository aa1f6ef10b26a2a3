/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lets the loader survive the pressure it reports. Each function warns once, in one line, when
 * it is not allowed to, and goes on.
 */
#ifndef OOMN_HARDEN_H
#define OOMN_HARDEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* SCHED_FIFO, lowest priority: enough to run before all normal tasks. */
void harden_realtime(void);

/* No page of ours is ever reclaimed, nor those of libraries. Returns whether that is so. */
bool harden_memory(void);

/* The same for what is still to be mapped. */
void harden_new_memory(void);

/*
 * Zeroed memory, of which the first @ready_bytes are there at once. A page of the rest exists only
 * once it was touched, and is locked from then on: between the two above. NULL and errno.
 */
void *harden_on_demand(size_t bytes, size_t ready_bytes);

/* At least @least open files, @most where the hard limit allows it: 0, or -EMFILE. */
int harden_files(uint64_t least, uint64_t most);

/* The OOM killer takes us last. */
void harden_oom_score(void);

/* Keeps CAP_BPF, which reading our own maps takes on some kernels, and drops the rest. */
void harden_capabilities(void);

#endif
