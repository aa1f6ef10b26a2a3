/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What lets the loader survive the pressure it reports. Each function warns once, in one line, when
 * it is not allowed to, and goes on.
 */
#ifndef OOMN_HARDEN_H
#define OOMN_HARDEN_H

/* SCHED_FIFO, lowest priority: enough to run before all normal tasks. */
void harden_realtime(void);

/* No page of ours is ever reclaimed, nor those of libraries. */
void harden_memory(void);

/* The OOM killer takes us last. */
void harden_oom_score(void);

/* Keeps CAP_BPF, which reading our own maps takes on some kernels, and drops the rest. */
void harden_capabilities(void);

#endif
