/* SPDX-License-Identifier: GPL-2.0-only */
/* A reader of /dev/oom_notify, for the sources that are it. */
#ifndef OOMN_COMPARE_READER_H
#define OOMN_COMPARE_READER_H

#include "source.h"

/* Opens the device to wait for: 0 or negative errno with the reason. */
int reader_open(struct source_env *env, struct box_why *why);

/*
 * Reads all records: when the first of those was read that tell of pressure, 0 if there was none,
 * and likewise of those that were fed.
 */
void reader_read(const struct source_env *env, uint64_t *told_ns, uint64_t *fed_ns);

#endif
