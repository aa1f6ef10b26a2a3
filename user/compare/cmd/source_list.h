/* SPDX-License-Identifier: GPL-2.0-only */
/* The value of --sources. */
#ifndef OOMN_COMPARE_SOURCE_LIST_H
#define OOMN_COMPARE_SOURCE_LIST_H

#include "compare/sources/source.h"

/*
 * Takes the sources of @all that @arg names, NULL: all of them, in the order of @all; their number
 * in *n. 0, or EXIT_USAGE after a line that names what is allowed.
 */
int source_list(const char *arg, const struct source *const all[], size_t nr_all,
		const struct source *out[], uint32_t *n);

#endif
