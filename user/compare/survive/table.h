/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as tables of 80 columns. */
#ifndef OOMN_SURVIVE_TABLE_H
#define OOMN_SURVIVE_TABLE_H

#include <stdio.h>

#include "result.h"

/*
 * The survivors come last, so that they stay in sight. @verbose: in front of all, what each source
 * is and how it was measured.
 */
void survive_print(const struct survive *s, bool verbose, FILE *f);

#endif
