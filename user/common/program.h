/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef OOMN_PROGRAM_H
#define OOMN_PROGRAM_H

#include <limits.h>
#include <stdbool.h>

/* Is there a program of this name in $PATH? */
bool program_installed(const char *name);

/*
 * The program @name of this project: in the folder that the running one is in, as built, or in
 * @installed, seen from there. Its path, also of one that is not there. 0 or negative errno.
 */
int program_beside(const char *name, const char *installed, char path[PATH_MAX]);

#endif
