/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines that somebody else's tool prints: that they come is the news, not what is in them. */
#ifndef OOMN_COMPARE_LINES_H
#define OOMN_COMPARE_LINES_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Reads all that @fd, which does not block, has now. Returns when the first of it was read, 0 if
 * nothing was; *ended: there will be no more.
 */
uint64_t lines_read(int fd, bool *ended);

#endif
