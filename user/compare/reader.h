/* SPDX-License-Identifier: GPL-2.0-only */
/* A reader of /dev/oom_notify, for the sources that are it. */
#ifndef OOMN_COMPARE_READER_H
#define OOMN_COMPARE_READER_H

#include "source.h"

/* Opens the device to wait for: 0 or negative errno with the reason. */
int reader_open(struct source_env *env, struct box_why *why);

/* Reads all records. Were there any that tell of pressure, and of those any that was fed? */
bool reader_read(const struct source_env *env, bool *fed);

#endif
