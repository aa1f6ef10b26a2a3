/* SPDX-License-Identifier: GPL-2.0-only */
/* A program of somebody else's that works for a source: its lines are its wake-ups. */
#ifndef OOMN_COMPARE_TOOL_H
#define OOMN_COMPARE_TOOL_H

#include "source.h"

/*
 * Starts it with normal scheduling; @from, STDOUT_FILENO or STDERR_FILENO, is what env->fd then reads.
 * It is killed with the caller. 0 or negative errno with the reason.
 */
int tool_start(struct source_env *env, const char *const argv[], int from, struct box_why *why);

/* Waits until it has said @text, NULL: until @ns have passed without its end. */
int tool_wait(const struct source_env *env, const char *text, uint64_t ns, struct box_why *why);

/* Reads what is there: true if anything was. At its end env->broken says so. */
bool tool_read(struct source_env *env);

void tool_stop(struct source_env *env);

/* NULL unless it is in $PATH; for messages the first of its words. */
bool tool_installed(const char *name);

#endif
