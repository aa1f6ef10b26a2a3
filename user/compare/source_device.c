// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/oom_notify, fed by `oom-notify watch --feed-device`: what a program from 2007 would wait
 * for.
 */
#include <stdio.h>
#include <unistd.h>

#include "common/clock.h"
#include "reader.h"
#include "sources.h"
#include "tool.h"

#define READY_NS (20 * NS_PER_S)

static int setup(struct source_env *env, struct box_why *why)
{
	static const char *const argv[] = { "/proc/self/exe", "watch",	       "--json", "--kind",
					    "oom_kill",	      "--feed-device", NULL };
	int err;

	snprintf(env->what, RESULT_TEXT_LEN,
		 "/dev/oom_notify fed by oom-notify watch --feed-device, which makes itself "
		 "real-time and whose processor time counts");
	/* Before a program is started in vain. */
	err = reader_open(env, why);
	if (err)
		return err;
	close(env->fd);
	err = tool_start(env, argv, why);
	if (!err)
		err = tool_wait(env, "ready", READY_NS, why);
	/* It says no more that matters. */
	return err ? err : reader_open(env, why);
}

static uint64_t on_wake(struct source_env *env, uint64_t woken_ns)
{
	uint64_t told_ns, fed_ns;

	(void)woken_ns;
	reader_read(env, &told_ns, &fed_ns);
	/* The module's own timer goes on telling when nobody feeds any more. */
	return tool_runs(env) ? fed_ns : 0;
}

const struct source source_device_fed = {
	.name = RESULT_DEVICE_FED,
	.setup = setup,
	.on_wake = on_wake,
	.teardown = tool_stop,
};
