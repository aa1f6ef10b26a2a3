/* SPDX-License-Identifier: GPL-2.0-only */
/* How verbs that go on until they are told to stop are told to, and how they end. */
#ifndef OOMN_ENDING_H
#define OOMN_ENDING_H

/*
 * A descriptor that SIGINT, SIGTERM and SIGHUP (but under nohup(1)) come through from now on, or
 * negative with errno. SIGPIPE is ignored: a failing write says the same.
 */
int ending_signals(void);

/*
 * The exit code for what output_close() returned, told in one line if it did not go well. A reader
 * who has seen enough is no failure.
 */
int ending_of_output(int err);

#endif
