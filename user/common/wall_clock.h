/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a stamp belongs on the calendar: wall time in words, and which boot it was. */
#ifndef OOMN_WALL_CLOCK_H
#define OOMN_WALL_CLOCK_H

#include <stdint.h>

#define WALL_LEN    40
#define BOOT_ID_LEN 37

/*
 * "2026-11-26T01:02:03.456789Z", as RFC 3339 has it, of CLOCK_REALTIME nanoseconds; returns @buf.
 */
const char *wall_time(uint64_t wall_ns, char buf[WALL_LEN]);

/*
 * The kernel's id of this boot, which CLOCK_MONOTONIC counts from; returns @buf, or NULL where
 * /proc does not tell.
 */
const char *boot_id_read(char buf[BOOT_ID_LEN]);

#endif
