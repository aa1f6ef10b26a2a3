/* SPDX-License-Identifier: GPL-2.0-only */
/* A source that the bench has attached while it measures. */
#ifndef BENCH_SUBJECT_H
#define BENCH_SUBJECT_H

#include "bench.h"
#include "compare/sources/watcher.h"

/*
 * Returns when it is ready; watcher_stop() in any case. *missing: this machine has no such source,
 * which is no failure of it.
 */
int subject_start(struct env *env, struct watcher *w, const struct source *source, bool *missing);

#endif
