/* SPDX-License-Identifier: GPL-2.0-only */
/* The outputs of oom-notify compare --survive. */
#ifndef OOMN_SURVIVE_REPORT_H
#define OOMN_SURVIVE_REPORT_H

#include "report.h"

/* Takes a struct survive. */
extern const struct compare_kind compare_survivors;

/* --replay: @plot_path may be NULL. An enum exit_code. */
int survive_replay(const char *path, const char *plot_path, bool verbose);

#endif
