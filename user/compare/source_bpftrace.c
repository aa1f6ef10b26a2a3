// SPDX-License-Identifier: GPL-2.0-only
/* bpftrace printing a line for each reclaim: what an engineer would type today. */
#include <stdio.h>

#include "common/clock.h"
#include "sources.h"
#include "tool.h"

#define READY_NS  (50 * NS_PER_S)
#define SETTLE_NS (NS_PER_S)

static int setup(struct source_env *env, struct box_why *why)
{
	static const char script[] = "tracepoint:vmscan:mm_vmscan_memcg_reclaim_begin,"
				     "tracepoint:vmscan:mm_vmscan_direct_reclaim_begin "
				     "{ printf(\"%s\\n\", comm); }";
	static const char *const argv[] = { "bpftrace", "-B", "line", "-e", script, NULL };
	int err;

	snprintf(env->what, RESULT_TEXT_LEN, "bpftrace, a line for each reclaim, in a pipe");
	err = tool_trace(env, argv, "bpftrace", why);
	if (!err)
		err = tool_wait(env, "Attach", READY_NS, why);
	/* "Attaching" is said before it is done; newer ones say "Attached" after it. */
	return err ? err : tool_wait(env, NULL, SETTLE_NS, why);
}

const struct source source_bpftrace = {
	.name = "bpftrace",
	.setup = setup,
	.on_wake = tool_on_wake,
	.teardown = tool_stop,
};
