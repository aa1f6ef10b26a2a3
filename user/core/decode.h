/* SPDX-License-Identifier: GPL-2.0-only */
/* From the bytes in the ring to a record that can be trusted. */
#ifndef OOMN_DECODE_H
#define OOMN_DECODE_H

#include <stddef.h>
#include "level.h"
#include "record.h"

/*
 * Checks @size bytes at @data and copies them to *rec, the rest zeroed.
 * -EMSGSIZE: truncated, or not the size that its kind has. -EBADMSG: unknown kind, cause or row.
 */
int decode_record(const void *data, size_t size, union oomn_record *rec);

/*
 * The scope whose memory ran short: limit reclaim, and what was asked for, is its cgroup's affair.
 */
enum scope record_scope(const union oomn_record *rec);

#endif
