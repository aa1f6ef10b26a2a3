/* SPDX-License-Identifier: GPL-2.0-only */
/* A run, and two runs side by side, as tables of 80 columns. */
#ifndef OOMN_COMPARE_TABLE_H
#define OOMN_COMPARE_TABLE_H

#include <stdio.h>

#include "result.h"

/* How it was measured, the table, what each source is, the checks, the targets. */
void table_print(const struct result *r, FILE *f);

/* @names: of the two files. */
void table_print_pair(const struct result *const run[2], const char *const names[2], FILE *f);

#endif
