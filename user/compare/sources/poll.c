// SPDX-License-Identifier: GPL-2.0-only
/* Looks at /proc/vmstat at a fixed interval, as user-space daemons do. */
#include <stdio.h>

#include "common/clock.h"
#include "sampling.h"
#include "sources.h"

static int setup_every(struct source_env *env, uint64_t interval_ns, struct failure *why)
{
	snprintf(env->what, SOURCE_TEXT_LEN, "reads /proc/vmstat every %llu ms",
		 (unsigned long long)(interval_ns / NS_PER_MS));
	(void)sampling_swapped_out();
	return sampling_start(env, interval_ns, why);
}

static int setup_100ms(struct source_env *env, struct failure *why)
{
	return setup_every(env, 100 * NS_PER_MS, why);
}

static int setup_1s(struct source_env *env, struct failure *why)
{
	return setup_every(env, NS_PER_S, why);
}

static uint64_t on_wake(struct source_env *env, uint64_t woken_ns)
{
	(void)woken_ns;
	return sampling_due(env) && sampling_swapped_out() ? now_ns() : 0;
}

const struct source source_poll_100ms = {
	.name = "poll-100ms",
	.setup = setup_100ms,
	.on_wake = on_wake,
};

const struct source source_poll_1s = {
	.name = "poll-1s",
	.setup = setup_1s,
	.on_wake = on_wake,
};
