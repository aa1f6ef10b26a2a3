/* SPDX-License-Identifier: GPL-2.0-only */
/* Headroom's figures, from the kernel's files. Nothing is allocated. */
#ifndef OOMN_HEADROOM_READ_H
#define OOMN_HEADROOM_READ_H

#include "headroom.h"

/*
 * Read memory.* of the cgroup whose directory @dir_fd is open (O_PATH will do); @version: 1 or 2.
 * The second is for droppable_bytes alone: memory.stat costs more, as the kernel adds up what is
 * spread over its CPUs. 0, or negative errno: -ENOENT or -ENODEV for a cgroup that is gone or in
 * which memory is not controlled (the root, too), -EBADMSG for text that is none of theirs.
 */
int headroom_read_cgroup(int dir_fd, int version, struct headroom_memory *m);
int headroom_read_droppable(int dir_fd, int version, struct headroom_memory *m);

/*
 * From @meminfo and @swappiness, as /proc/meminfo and /proc/sys/vm/swappiness: 0 or negative errno.
 */
int headroom_read_machine(const char *meminfo, const char *swappiness, struct headroom_machine *m);

#endif
