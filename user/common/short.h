/* SPDX-License-Identifier: GPL-2.0-only */
/* Times, counts and sizes in few columns: for people. */
#ifndef OOMN_SHORT_H
#define OOMN_SHORT_H

#include <stdint.h>

/* What the functions below need of room; they return @buf. */
#define SHORT_LEN 24

/* At most five columns: "138us", "1.2ms", "438ms", "2.0s", "999s", "16m". Cut off, not rounded. */
const char *short_time(uint64_t ns, char buf[SHORT_LEN]);

/* At most five columns as well: 99999, then 100k, 100M. */
const char *short_count(uint64_t n, char buf[SHORT_LEN]);

/* Likewise: "0", "660K", "7.3M", "238M", "16G". */
const char *short_size(uint64_t bytes, char buf[SHORT_LEN]);

/* "21:48:35.595", local time, of CLOCK_REALTIME nanoseconds. */
const char *short_clock(uint64_t wall_ns, char buf[SHORT_LEN]);

#endif
