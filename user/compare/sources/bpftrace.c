// SPDX-License-Identifier: GPL-2.0-only
/* bpftrace, as an engineer would use it today: a line for each reclaim, or a count of swap-outs. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "box_files.h"
#include "common/clock.h"
#include "helper.h"
#include "sources.h"
#include "swap_out.h"

#define READY_NS  (50 * NS_PER_S)
#define SETTLE_NS (NS_PER_S)

static int start_script(struct source_env *env, const char *script, struct failure *why)
{
	const char *const argv[] = { "bpftrace", "-B", "line", "-e", script, NULL };
	int err = helper_trace(env, argv, "bpftrace", why);

	if (!err)
		err = helper_wait(env, "Attach", READY_NS, why);
	/* "Attaching" is said before it is done; newer ones say "Attached" after it. */
	return err ? err : helper_wait(env, NULL, SETTLE_NS, why);
}

static int setup(struct source_env *env, struct failure *why)
{
	snprintf(env->what, SOURCE_TEXT_LEN, "bpftrace, a line for each reclaim, in a pipe");
	return start_script(env,
			    "tracepoint:vmscan:mm_vmscan_memcg_reclaim_begin,"
			    "tracepoint:vmscan:mm_vmscan_direct_reclaim_begin "
			    "{ printf(\"%s\\n\", comm); }",
			    why);
}

static int setup_count(struct source_env *env, struct failure *why)
{
	char script[128], path[128];
	int i = 0, err = tracefs_mount(why);

	if (err)
		return err;
	for (; i < SWAP_OUT_NAMES - 1; i++) {
		snprintf(path, sizeof(path), TRACEFS_DIR "/events/vmscan/%s", swap_out_names[i]);
		if (!access(path, F_OK))
			break;
	}
	snprintf(env->what, SOURCE_TEXT_LEN, "bpftrace, a count of swap-outs");
	snprintf(script, sizeof(script), "tracepoint:vmscan:%s { @ = count(); }",
		 swap_out_names[i]);
	return start_script(env, script, why);
}

const struct source source_bpftrace = {
	.name = "bpftrace",
	.setup = setup,
	.on_wake = helper_on_wake,
	.teardown = helper_stop,
};

const struct source source_bpftrace_count = {
	.name = "bpftrace-count",
	.setup = setup_count,
	.on_wake = helper_on_wake,
	.teardown = helper_stop,
};
