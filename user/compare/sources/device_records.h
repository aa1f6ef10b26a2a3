/* SPDX-License-Identifier: GPL-2.0-only */
/* A reader of /dev/oom_notify, for the sources that are it. */
#ifndef OOMN_COMPARE_DEVICE_RECORDS_H
#define OOMN_COMPARE_DEVICE_RECORDS_H

#include "source.h"

/* Opens the device to wait for: 0 or negative errno with the reason. */
int device_records_open(struct source_env *env, struct failure *why);

/*
 * Reads all records: when the first of those was read that tell of pressure, 0 if there was none,
 * and likewise of those that were fed.
 */
void device_records_read(const struct source_env *env, uint64_t *notified_ns, uint64_t *fed_ns);

#endif
