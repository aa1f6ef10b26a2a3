/* SPDX-License-Identifier: GPL-2.0-only */
/* A run, and two runs side by side, as tables of 80 columns. */
#ifndef OOMN_COMPARE_TABLE_H
#define OOMN_COMPARE_TABLE_H

#include <stdio.h>

#include "result.h"

/*
 * The table comes last, so that it is what stays in sight, and below it one sentence of conclusion.
 * @verbose: in front of it how it was measured, what each source is, the checks.
 */
void table_print(const struct result *r, bool verbose, FILE *f);

/* @names: of the two files. @verbose: in what a source differs between the two. */
void table_print_pair(const struct result *const run[2], const char *const names[2], bool verbose,
		      FILE *f);

/* In one sentence: how much earlier the tracepoint notified than the timer; how sure that is. */
void conclude(const struct result *r, FILE *f);
/* Likewise: which sources differ between the two runs by more than chance. */
void conclude_pair(const struct result *const run[2], FILE *f);

#endif
