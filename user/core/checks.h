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

/* By what follows for `watch`. */
enum check_state {
	CHECK_OK,
	CHECK_OPTIONAL, /* it is not there, and `watch` is whole without it */
	CHECK_DEGRADED, /* `watch` works, but tells less or later */
	CHECK_UNKNOWN,	/* it could not be looked at */
	CHECK_MISSING,	/* it is not there, and required */
	NR_CHECK_STATES,
};

struct check {
	const char *name;
	bool required; /* `watch` cannot work while this is CHECK_MISSING; no other row ever is */
	enum check_state state;
	char detail[320];
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
	uint64_t caps;	   /* effective, bit N for capability N */
	uint64_t bounding; /* what the process and its children can have at most */
	bool is_root;
	int in_user_ns; /* 1: in one where capabilities do not count; negative: not known */
	struct rlimit memlock;
	struct rlimit nofile;
	int nr_cpus;		  /* possible ones; negative: not known */
	uint64_t rtprio;	  /* highest real-time priority that needs no capability */
	enum attempt raw_tp;	  /* to load a raw tracepoint program */
	int raw_tp_err;		  /* what the kernel said when it refused */
	enum attempt read_kernel; /* to load one that reads kernel memory */
	enum attempt ringbuf;	  /* to create a ring buffer */
	/*
	 * The checks of the box of `pressure` and `compare`, which core/ knows nothing about: who
	 * does fills it in.
	 */
	enum attempt box;   /* WORKS: nothing was found that stands against it */
	const char *box_is; /* how it will be made, or why it cannot be */
};

#define CHECKS_MAX 48

/*
 * `watch` has 77 files open when it is ready, and one more for each classic tracepoint (see
 * classic.h).
 */
#define CHECKS_FILES	  96
#define CHECKS_FILES_MOST 128

/* Looks at this machine and process. Loads BPF programs and maps for a moment where it may. */
void check_env_fill(struct check_env *env);

/* Fills @out, returns how many rows. */
size_t checks_run(const struct check_env *env, struct check out[CHECKS_MAX]);

enum checks_verdict {
	CHECKS_WILL_WORK,
	CHECKS_NOT_KNOWN, /* a required row is CHECK_UNKNOWN, none is CHECK_MISSING */
	CHECKS_WILL_NOT,  /* one is */
};

enum checks_verdict checks_verdict(const struct check checks[], size_t n);

#endif
