// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opens classic tracepoints. libbpf would do it while attaching, which is too late for the loader
 * to choose other programs when it fails.
 */
#include "classic.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "system.h"

int classic_id(const char *root, const char *event)
{
	static const char *const mounts[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	char path[128], text[16] = "", *end;
	int err = -ENOENT;
	long id;

	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]) && err; i++) {
		(void)snprintf(path, sizeof(path), "%s/events/%s/id", mounts[i], event);
		err = read_text(root, path, text, sizeof(text));
	}
	if (err)
		return err;
	id = strtol(text, &end, 10);
	return *end || id <= 0 || id > INT32_MAX ? -EINVAL : (int)id;
}

int classic_open(const char *event)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_TRACEPOINT, .size = sizeof(attr) };
	int id = classic_id("", event);
	long fd;

	if (id < 0)
		return id;
	attr.config = (__u64)id;
	/* Whatever the CPU named here, an attached program sees the hits of all of them. */
	fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	return fd < 0 ? -errno : (int)fd;
}
