/* SPDX-License-Identifier: GPL-2.0-only */
/* Headroom's figures, from the kernel's files. Nothing is allocated. */
#ifndef OOMN_HEADROOM_READ_H
#define OOMN_HEADROOM_READ_H

#include "headroom.h"

/*
 * Reads memory.* of the cgroup whose directory @dir_fd is open (O_PATH will do); @version: 1 or 2. Without
 * @with_stat droppable_bytes is left as it is: memory.stat costs more, for the kernel adds up what lies
 * about. 0, or negative errno: -ENODEV for a cgroup that is gone, -ENOENT where memory is not controlled
 * (the root, too: HEADROOM_UNLIMITED), -EBADMSG for text that is none of theirs.
 */
int headroom_read_cgroup(int dir_fd, int version, bool with_stat, struct headroom_memory *m);

/* From @meminfo and @swappiness, as /proc/meminfo and /proc/sys/vm/swappiness: 0 or negative errno. */
int headroom_read_machine(const char *meminfo, const char *swappiness, struct headroom_machine *m);

#endif
