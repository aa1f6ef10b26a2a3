/* SPDX-License-Identifier: GPL-2.0-only */
/* What oom-notify compare --survive makes of a run. */
#ifndef OOMN_SURVIVE_REPORT_H
#define OOMN_SURVIVE_REPORT_H

#include "compare_report.h"

/* Of a struct survive. */
extern const struct compare_kind compare_survivors;

/* --replay: @plot_path may be NULL. An enum exit_code. */
int survive_replay(const char *path, const char *plot_path, bool verbose);

#endif
