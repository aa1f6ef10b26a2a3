/* SPDX-License-Identifier: GPL-2.0-only */
/* Ways that Linux has of telling a program about memory pressure, in the order of the table. */
#ifndef OOMN_LATENCY_SOURCES_H
#define OOMN_LATENCY_SOURCES_H

#include "compare/sources/source.h"

extern const struct source *const latency_sources[];
extern const size_t nr_latency_sources;

#endif
