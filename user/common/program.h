/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef OOMN_PROGRAM_H
#define OOMN_PROGRAM_H

#include <stdbool.h>

/* Is there a program of this name in $PATH? */
bool program_installed(const char *name);

#endif
