/* SPDX-License-Identifier: GPL-2.0-only */
/* Classic tracepoints: what tracefs lists and perf events stand for. */
#ifndef OOMN_CLASSIC_H
#define OOMN_CLASSIC_H

/*
 * The number of @event ("vmscan/mm_vmscan_throttled"), looked up below @root ("" for the real one).
 * Negative errno where tracefs is not mounted or may not be read.
 */
int classic_id(const char *root, const char *event);

/*
 * A perf event on every hit of @event, for a program to be attached to. Its fd or negative errno.
 */
int classic_open(const char *event);

#endif
