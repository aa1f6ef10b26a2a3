/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The name that everything of a box carries (its cgroup, its swap file, the first bytes of its zram
 * device), so that the next run can tell whether the owner still lives.
 */
#ifndef OOMN_NAME_H
#define OOMN_NAME_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define BOX_NAME_SIZE 96

struct box_name {
	pid_t pid;
	uint64_t start_ticks; /* with it the pid can't be mistaken for a later process's */
	uint64_t pid_ns;      /* in another namespace the pid would be another process's */
};

/* 0 or negative errno. */
int name_self(struct box_name *name);

void name_format(const struct box_name *name, char buf[BOX_NAME_SIZE]);

/* @s is a whole name of that form and nothing else. */
bool name_parse(const char *s, struct box_name *name);

/* A line of /proc/PID/stat: when the process started and its state letter. */
bool name_parse_stat(const char *stat, uint64_t *start_ticks, char *state);

/* The owner is gone for certain: of our namespace and no longer running. */
bool name_is_stale(const struct box_name *name, const struct box_name *self);

#endif
