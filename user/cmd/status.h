/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The line that shows a quiet machine is being watched, or listened to. On a terminal it is redrawn
 * each second, below the rows and by the same way out as they; elsewhere only "ready" is said,
 * once, on standard error.
 */
#ifndef OOMN_STATUS_H
#define OOMN_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/level.h"
#include "sinks/output.h"

struct status;

/*
 * @verb's, "watch" or "listen", whose rows go to @out. NULL without memory for it; all functions
 * take that. To be freed before @out is closed.
 */
struct status *status_new(const char *verb, struct output *out);
void status_free(struct status *s);

void status_ready(struct status *s, uint64_t ready_ns);
void status_level(struct status *s, enum level machine);

/* Does it want to be shown every second? */
bool status_is_live(const struct status *s);

/* Redraws the line if @events have not changed since the last call, else removes it. */
void status_show(struct status *s, uint64_t now_ns, uint64_t events);

#endif
