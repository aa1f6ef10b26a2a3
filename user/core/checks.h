/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Judges whether and how well oom-notify works on this machine: one row for each thing it depends
 * on, with what its lack costs and how to get it.
 */
#ifndef OOMN_CHECKS_H
#define OOMN_CHECKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include "features.h"

enum check_state { CHECK_OK, CHECK_DEGRADED, CHECK_MISSING };

struct check {
	const char *name;
	bool required; /* `watch` cannot work while this is CHECK_MISSING */
	enum check_state state;
	char detail[160];
	const char *cost;   /* a sentence; NULL when ok */
	const char *remedy; /* a sentence; NULL when ok, or when there is none */
};

/* Whether the kernel took what we tried. */
enum attempt { NOT_TRIED, WORKS, REFUSED };

/* All that rows are judged by, apart from the files below root. */
struct check_env {
	const char *root; /* in front of every path; "" for the real system */
	int features_err; /* 0, or why @features is empty */
	struct features features;
	uint64_t caps;	/* effective, bit N for capability N */
	int in_user_ns; /* 1: in one where capabilities do not count; negative: not known */
	struct rlimit memlock;
	uint64_t rtprio;	  /* highest real-time priority that needs no capability */
	enum attempt raw_tp;	  /* to load a raw tracepoint program */
	enum attempt read_kernel; /* to load one that reads kernel memory */
	enum attempt ringbuf;	  /* to create a ring buffer */
};

#define CHECKS_MAX 48

/* Looks at this machine and process. Loads BPF programs and maps for a moment where it may. */
void check_env_fill(struct check_env *env);

/* Fills @out, returns how many rows. */
size_t checks_run(const struct check_env *env, struct check out[CHECKS_MAX]);

/* No required row is missing. */
bool checks_will_work(const struct check checks[], size_t n);

#endif
