/* SPDX-License-Identifier: GPL-2.0-only */
/* A program of somebody else's that works for a source: its lines are its wake-ups. */
#ifndef OOMN_COMPARE_HELPER_H
#define OOMN_COMPARE_HELPER_H

#include "source.h"

/*
 * Starts it as any user would, with normal scheduling; env->fd then reads all that it says, errors
 * too. It is killed with the caller. 0 or negative errno with the reason.
 */
int helper_start(struct source_env *env, const char *const argv[], struct failure *why);

/*
 * Waits until it has said @text, NULL: until @ns have passed without its end. -ECANCELED when the
 * caller has something else to do, which is to end.
 */
int helper_wait(const struct source_env *env, const char *text, uint64_t ns, struct failure *why);

/* Likewise one that reads tracefs, where it is installed; @package is Debian's name for it. */
int helper_trace(struct source_env *env, const char *const argv[], const char *package,
		 struct failure *why);

/* A source's, whose news is that the helper says something. At its end env->broken says so. */
uint64_t helper_on_wake(struct source_env *env, uint64_t woken_ns);

/* Whether it still runs; if not, env->broken says so. For those whose output is not read. */
bool helper_runs(struct source_env *env);

void helper_stop(struct source_env *env);

#endif
