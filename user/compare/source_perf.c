// SPDX-License-Identifier: GPL-2.0-only
/* perf trace printing a line for each reclaim. */
#include <errno.h>
#include <stdio.h>

#include "common/clock.h"
#include "sources.h"
#include "tool.h"
#include "where.h"

/* It says nothing when it is ready. */
#define SETTLE_NS (3 * NS_PER_S)

static int setup(struct source_env *env, struct box_why *why)
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

	snprintf(env->what, RESULT_TEXT_LEN, "perf trace, a line for each reclaim, in a pipe");
	if (!tool_installed(argv[0]))
		return why_set(why, ENOENT, "it is not installed: apt-get install linux-perf");
	err = where_tracefs(why);
	if (!err)
		err = tool_start(env, argv, why);
	return err ? err : tool_wait(env, NULL, SETTLE_NS, why);
}

static uint64_t on_wake(struct source_env *env, uint64_t woken_ns)
{
	(void)woken_ns;
	return tool_read(env);
}

const struct source source_perf = {
	.name = "perf",
	.setup = setup,
	.on_wake = on_wake,
	.teardown = tool_stop,
};
