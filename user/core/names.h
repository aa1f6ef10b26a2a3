/* SPDX-License-Identifier: GPL-2.0-only */
/* The vocabulary in words: what people type and read for kinds, causes, scopes and levels. */
#ifndef OOMN_NAMES_H
#define OOMN_NAMES_H

#include <stdint.h>
#include "headroom_watch.h"
#include "level.h"
#include "record.h"

extern const char *const kind_names[OOMN_NR_KINDS];
extern const char *const cause_names[OOMN_NR_CAUSES];
extern const char *const level_names[NR_LEVELS];
/* The same words, none longer than four letters. */
extern const char *const short_level_names[NR_LEVELS];

extern const char *const headroom_edge_names[NR_HEADROOM_EDGES];

/* "global" or "cgroup": whose memory ran short in this record. */
const char *scope_name(enum scope scope);

/* Name of an enum vmscan_throttle_state value; "unknown" for one we do not know. */
const char *throttle_reason_name(uint32_t reason);

#endif
