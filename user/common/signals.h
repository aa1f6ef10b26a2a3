/* SPDX-License-Identifier: GPL-2.0-only */
/* Signals tell programs to stop that go on until then. */
#ifndef OOMN_SIGNALS_H
#define OOMN_SIGNALS_H

/*
 * A descriptor that SIGINT, SIGTERM and SIGHUP (but under nohup(1)) come through from now on, or
 * negative with errno. SIGPIPE is ignored: a failing write says the same.
 */
int signals_open(void);

/* The number of the signal that came through @fd; 0: none did. */
int signals_read(int fd);

#endif
