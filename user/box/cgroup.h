/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory cgroup of a box, on cgroup v1 or v2, right below the root of the hierarchy. */
#ifndef OOMN_CGROUP_H
#define OOMN_CGROUP_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/cgroup_mount.h"
#include "name.h"
#include "common/failure.h"

/* Where memory is controlled, for this process: 0 or negative errno with the reason. */
int cgroup_mount_self(struct cgroup_mount *mount, struct failure *why);

/*
 * Whether cgroup_create() will find all it needs, without making anything: fills @mount, 0 or
 * negative errno.
 */
int cgroup_possible(struct cgroup_mount *mount, struct failure *why);

struct cgroup {
	struct cgroup_mount mount;
	char name[BOX_NAME_SIZE];
	char path[PATH_MAX + BOX_NAME_SIZE]; /* as in /proc/PID/cgroup */
	uint64_t id;
	int fd; /* of its directory; -1: there is none */
};

#define CGROUP_INIT ((struct cgroup){ .fd = -1 })

int cgroup_create(struct cgroup *cg, const char *name, struct failure *why);

/* @swap_bytes 0 keeps swap away from it altogether. */
int cgroup_limit(const struct cgroup *cg, uint64_t limit_bytes, uint64_t swap_bytes,
		 struct failure *why);

/* The calling process goes in: 0 or negative errno. */
int cgroup_join(const struct cgroup *cg);

/* The number of its processes that the OOM killer has ended. */
uint64_t cgroup_oom_kills(const struct cgroup *cg);

/* Two numbers that tell when the limit is met, on files kept open. */
struct cgroup_gauge {
	int usage_fd;
	int over_fd;
	const char *over_key;
};

int cgroup_gauge_open(const struct cgroup *cg, struct cgroup_gauge *gauge);
/* Reads the bytes charged, and how often a charge did not fit: 0 or negative errno. */
int cgroup_gauge_read(const struct cgroup_gauge *gauge, uint64_t *usage_bytes, uint64_t *over);

/* Kills what is in it and below, and removes it; nothing there is fine. */
int cgroup_remove(const struct cgroup_mount *mount, const char *name, struct failure *why);

#endif
