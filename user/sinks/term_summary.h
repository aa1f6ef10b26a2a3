/* SPDX-License-Identifier: GPL-2.0-only */
/* Figures for people: the part of the terminal's sink that has no rows. */
#ifndef OOMN_TERM_SUMMARY_H
#define OOMN_TERM_SUMMARY_H

#include "common/layout.h"
#include "sink.h"

void term_summary_put(struct layout *l, const struct sink_env *env, const struct stats *s);

/* The cgroup of a row of the table as it is shown; never NULL. */
const char *term_cgroup(const struct sink_env *env, uint32_t row, char *buf, size_t size);

#endif
