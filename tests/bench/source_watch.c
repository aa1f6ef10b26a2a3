// SPDX-License-Identifier: GPL-2.0-only
/* The programs of `oom-notify watch`. */
#include <signal.h>

#include "source.h"
#include "tools.h"

static struct watch watch = { .proc = PROC_NONE };

static int start_default(struct env *env)
{
	return watch_start(env, &watch, NULL);
}

/* Nobody reads meanwhile, so its output soon has no room: that is its reader's business. */
static int start_raw(struct env *env)
{
	return watch_start(env, &watch, "--raw");
}

static void read_progs(struct progs *p)
{
	progs_read(watch.proc.pid, p);
}

static int stop(struct env *env, uint64_t *dropped)
{
	int err = watch_stop(env, &watch, SIGTERM);
	const char *line = watch.summary;
	uint64_t v;

	if (err)
		return err;
	if (field_u64(line, "ring_hits", &v))
		*dropped += v;
	return 0;
}

static void free_watch(void)
{
	watch_free(&watch);
}

const struct source source_default = {
	.name = "default",
	.program = "swap_write",
	.start = start_default,
	.read = read_progs,
	.stop = stop,
	.free = free_watch,
};

const struct source source_raw = {
	.name = "raw",
	.program = "swap_write",
	.start = start_raw,
	.read = read_progs,
	.stop = stop,
	.free = free_watch,
};
