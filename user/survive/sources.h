/* SPDX-License-Identifier: GPL-2.0-only */
/* Ways for a program to learn that it should give up memory, while its cgroup still has some. */
#ifndef OOMN_SURVIVE_SOURCES_H
#define OOMN_SURVIVE_SOURCES_H

#include "compare/source.h"

/* In the order of the table. */
extern const struct source *const survive_sources[];
extern const size_t nr_survive_sources;

extern const struct source source_headroom;
extern const struct source source_usage_100ms;
extern const struct source source_usage_1s;
/* Controls: never told, and told by the load itself. */
extern const struct source source_deaf;
extern const struct source source_foretold;

#endif
