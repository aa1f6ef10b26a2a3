// SPDX-License-Identifier: GPL-2.0-only
#include "subject.h"

#include <errno.h>
#include <string.h>

/* bpftrace may take a while; it is a process of its own. */
#define READY_NS (60 * NS_PER_S)

int subject_start(struct env *env, struct watcher *w, const struct source *source, bool *missing)
{
	const struct source_env source_env = { .bell_fd = -1 };
	struct failure why = { "" };
	int err = watcher_start(w, source, NULL, &source_env, &why);

	if (!err)
		err = watcher_wait(w, env->signals, READY_NS);
	if (err == -ECANCELED)
		return env_poll(env, NULL, 0, 0);
	if (err)
		return env_fail(env, "%s: %s", source->name,
				why.text[0] ? why.text : strerror(-err));
	if (atomic_load(&w->slot->state) == WATCHER_READY)
		return 0;
	*missing = atomic_load(&w->slot->state) == WATCHER_ABSENT;
	return env_fail(env, "%s", w->slot->why.text);
}
