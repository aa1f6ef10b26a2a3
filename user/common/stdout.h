/* SPDX-License-Identifier: GPL-2.0-only */
/* Output that did not arrive (a full disk) must not look like success. */
#ifndef OOMN_STDOUT_H
#define OOMN_STDOUT_H

/*
 * Flushes standard output: 0, or negative errno after a line that says why not all of it arrived.
 * Without that line -EPIPE: a reader who has seen enough needs none.
 */
int stdout_flush(void);

#endif
