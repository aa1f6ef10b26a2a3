// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/oom_notify, fed by `oom-notify watch --feed-device`: what a program from 2007 would wait
 * for.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/program.h"
#include "device_records.h"
#include "sources.h"
#include "helper.h"

#define READY_NS (20 * NS_PER_S)

static int setup(struct source_env *env, struct failure *why)
{
	char path[PATH_MAX];
	const char *const argv[] = { path,	 "watch",	  "--json", "--kind",
				     "oom_kill", "--feed-device", NULL };
	int err = program_beside("oom-notify", "../bin", path);

	snprintf(env->what, SOURCE_TEXT_LEN,
		 "/dev/oom_notify fed by oom-notify watch --feed-device, which makes itself "
		 "real-time and whose processor time counts");
	if (err)
		return failure_set(why, -err, "where oom-notify is: %s", strerror(-err));
	/* Before a program is started in vain. */
	err = device_records_open(env, why);
	if (err)
		return err;
	close(env->fd);
	err = helper_start(env, argv, why);
	if (!err)
		err = helper_wait(env, "ready", READY_NS, why);
	/* It says no more that matters. */
	return err ? err : device_records_open(env, why);
}

static uint64_t on_wake(struct source_env *env, uint64_t woken_ns)
{
	uint64_t notified_ns, fed_ns;

	(void)woken_ns;
	device_records_read(env, &notified_ns, &fed_ns);
	/* The module's own timer goes on telling when nobody feeds any more. */
	return helper_runs(env) ? fed_ns : 0;
}

const struct source source_device_fed = {
	.name = SOURCE_DEVICE_FED,
	.setup = setup,
	.on_wake = on_wake,
	.teardown = helper_stop,
};
