/* SPDX-License-Identifier: GPL-2.0-only */
/* Times, counts and sizes in few columns: for people. */
#ifndef OOMN_HUMAN_H
#define OOMN_HUMAN_H

#include <stdint.h>

/* The room that the functions below need; they return @buf. */
#define HUMAN_LEN 24

/* At most five columns: "138us", "1.2ms", "438ms", "2.0s", "999s", "16m". Cut off, not rounded. */
const char *human_time(uint64_t ns, char buf[HUMAN_LEN]);

/* At most five columns as well: 99999, then 100k, 100M. */
const char *human_count(uint64_t n, char buf[HUMAN_LEN]);

/* Likewise: "0", "660K", "7.3M", "238M", "16G". */
const char *human_size(uint64_t bytes, char buf[HUMAN_LEN]);

/* "21:48:35.595", local time, of CLOCK_REALTIME nanoseconds. */
const char *human_clock(uint64_t wall_ns, char buf[HUMAN_LEN]);

#endif
