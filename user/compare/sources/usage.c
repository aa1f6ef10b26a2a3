// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program that reads the usage of its own cgroup now and then, which is what one does that knows
 * no better: above a share of the limit it is notified, and knows how far down it has to go.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "common/file.h"
#include "common/clock.h"
#include "sampling.h"
#include "box_files.h"
#include "sources.h"

#define TOLD_PERCENT 90
#define DOWN_PERCENT 80

static int usage_fd;
static uint64_t limit_bytes;

static bool read_number(int fd, uint64_t *v)
{
	char text[64];

	return file_reread(fd, text, sizeof(text)) > 0 && text_number(text, NULL, v);
}

static int setup_every(struct source_env *env, uint64_t interval_ns, struct failure *why)
{
	char dir[PATH_MAX];
	int version = box_files_dir(env->cgroup, dir, why), limit;

	snprintf(env->what, SOURCE_TEXT_LEN,
		 "reads the usage of its cgroup every %llu ms, told above %d %% of the limit",
		 (unsigned long long)(interval_ns / NS_PER_MS), TOLD_PERCENT);
	if (version < 0)
		return version;
	usage_fd = box_files_open(env->cgroup,
				  version == 2 ? "memory.current" : "memory.usage_in_bytes",
				  O_RDONLY, why);
	limit = box_files_open(env->cgroup, version == 2 ? "memory.max" : "memory.limit_in_bytes",
			       O_RDONLY, why);
	if (usage_fd < 0 || limit < 0)
		return -ENOENT;
	if (!read_number(limit, &limit_bytes))
		return failure_set(why, ENODATA, "its cgroup has no limit");
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
	uint64_t usage_bytes;

	(void)woken_ns;
	if (!sampling_due(env) || !read_number(usage_fd, &usage_bytes) ||
	    usage_bytes <= limit_bytes / 100 * TOLD_PERCENT)
		return 0;
	env->to_free_bytes = usage_bytes - limit_bytes / 100 * DOWN_PERCENT;
	return now_ns();
}

const struct source source_usage_100ms = {
	.name = "usage-100ms",
	.setup = setup_100ms,
	.on_wake = on_wake,
};

const struct source source_usage_1s = {
	.name = "usage-1s",
	.setup = setup_1s,
	.on_wake = on_wake,
};
