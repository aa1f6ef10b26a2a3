// SPDX-License-Identifier: GPL-2.0-only
/* perf trace printing a line for each reclaim. */
#include <stdio.h>

#include "common/clock.h"
#include "sources.h"
#include "helper.h"

/* It says nothing when it is ready. */
#define SETTLE_NS (3 * NS_PER_S)

static int setup(struct source_env *env, struct failure *why)
{
	static const char *const argv[] = { "perf",
					    "trace",
					    "--no-syscalls",
					    "-e",
					    "vmscan:mm_vmscan_memcg_reclaim_begin",
					    "-e",
					    "vmscan:mm_vmscan_direct_reclaim_begin",
					    NULL };
	int err;

	snprintf(env->what, SOURCE_TEXT_LEN, "perf trace, a line for each reclaim, in a pipe");
	err = helper_trace(env, argv, "linux-perf", why);
	return err ? err : helper_wait(env, NULL, SETTLE_NS, why);
}

const struct source source_perf = {
	.name = "perf",
	.setup = setup,
	.on_wake = helper_on_wake,
	.teardown = helper_stop,
};
