/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's request for processors that wake at once (/dev/cpu_dma_latency; see
 * Documentation/admin-guide/pm/cpuidle.rst). While it is held idle processors do not sleep deeply,
 * or not at all: they spin.
 */
#ifndef OOMN_CPU_LATENCY_H
#define OOMN_CPU_LATENCY_H

#include <stdbool.h>

/* A descriptor that asks for nothing yet, or negative errno. Once it is closed it asks no more. */
int cpu_latency_open(void);

/* From here on no processor may take any time to wake; or, not @hold, as long as it likes. */
void cpu_latency_hold(int fd, bool hold);

#endif
