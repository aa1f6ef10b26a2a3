/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The line on stderr that shows a quiet machine is being watched, or listened to. On a terminal it is
 * redrawn each second; elsewhere only "ready" is said, once.
 */
#ifndef OOMN_STATUS_H
#define OOMN_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/level.h"

struct status;

/* @verb's, "watch" or "listen". NULL without memory for it; all functions take that. */
struct status *status_new(const char *verb);
void status_free(struct status *s);

void status_ready(struct status *s, uint64_t ready_ns);
void status_level(struct status *s, enum level machine);

/* Does it want to be shown every second? */
bool status_is_live(const struct status *s);

/* Redraws the line if @events have not changed since the last call, else removes it. */
void status_show(struct status *s, uint64_t now_ns, uint64_t events);
void status_clear(struct status *s);

#endif
