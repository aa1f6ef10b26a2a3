/* SPDX-License-Identifier: GPL-2.0-only */
/* Ways for a program to learn that it should give up memory, while its cgroup still has some. */
#ifndef OOMN_SURVIVE_SOURCES_H
#define OOMN_SURVIVE_SOURCES_H

#include "compare/sources/source.h"

/* In the order of the table. */
extern const struct source *const survive_sources[];
extern const size_t nr_survive_sources;

#endif
