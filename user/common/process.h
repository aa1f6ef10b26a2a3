/* SPDX-License-Identifier: GPL-2.0-only */
/* For processes that work for another one. */
#ifndef OOMN_PROCESS_H
#define OOMN_PROCESS_H

#include <sys/types.h>

/*
 * From now on @signal comes when @parent, which forked this process, dies; ends this process at
 * once if it has died already.
 */
void process_die_with(pid_t parent, int signal);

#endif
