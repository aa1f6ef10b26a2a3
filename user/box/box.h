/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Real memory pressure that stays in a box: a cgroup with a memory limit and a swap of its own. A
 * child in the box touches more than the limit allows and the kernel swaps it out; the machine
 * itself never runs short. Everything is removed at the end, or by the next run when this one was
 * killed. Needs CAP_SYS_ADMIN and write access to the cgroup hierarchy.
 */
#ifndef OOMN_BOX_H
#define OOMN_BOX_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/failure.h"

/* The order of the words of --swap; AUTO is a file, or zram where no file can be swapped on. */
enum box_swap { BOX_SWAP_FILE, BOX_SWAP_ZRAM, BOX_SWAP_NONE, BOX_SWAP_AUTO };

/* The order of the words of --cause. */
enum box_cause {
	BOX_MEMCG,     /* the child runs into the limit */
	BOX_PROACTIVE, /* the limit is out of reach, the child asks for it: MADV_PAGEOUT */
};

struct box_opts {
	uint64_t limit_bytes;
	uint64_t swap_bytes;
	uint64_t use_bytes; /* an episode touches this much; 0: only box_run_command() follows */
	uint64_t hold_ns;   /* ... and keeps it for so long */
	uint64_t ramp_ns;   /* ... spread over so long; 0: as fast as it can */
	enum box_swap swap;
	enum box_cause cause;
};

/* Describes the box that was made. The strings live as long as it. */
struct box_info {
	const char *cgroup; /* as in /proc/PID/cgroup */
	uint64_t cgroup_id;
	uint64_t limit_bytes;
	enum box_swap swap;    /* never AUTO */
	const char *swap_path; /* NULL without swap */
	uint64_t swap_bytes;
	bool oom_expected; /* an episode does not fit into limit and swap together */
};

struct episode {
	uint64_t first_over_ns; /* right before the touch that met the limit; 0: none did */
	uint64_t end_ns;	/* all is freed again */
	bool oom_killed;
};

struct box;

/*
 * Whether these sizes leave the machine alone, with @available_bytes of memory to be had: 0, or
 * -ERANGE with the reason; -ENOENT when what is available is not known (0).
 */
int box_check_sizes(const struct box_opts *opts, uint64_t available_bytes, struct failure *why);

/* MemAvailable; 0 when it cannot be read. */
uint64_t box_available_bytes(void);

/*
 * NULL and errno on failure, with nothing left behind; ERANGE stands for sizes that are refused.
 * One box a process at a time: its name is made of the process.
 */
struct box *box_create(const struct box_opts *opts, struct failure *why);

/*
 * Whether box_create() will find what it needs, asked by the same code without making anything: 0,
 * or negative errno. @why says how the box will be made, or why it will not.
 */
int box_possible(const struct box_opts *opts, struct failure *why);

void box_info(const struct box *box, struct box_info *info);

/*
 * One episode, from the fork of the child to its end. The child is killed with the thread that
 * called this. @stop_fd becoming readable (poll(2)) ends it early with -ECANCELED; -1: nothing
 * does.
 */
int box_run_episode(struct box *box, int stop_fd, struct episode *out, struct failure *why);

/* Runs @argv in the box, sharing our terminal. *status is as from waitpid(2). */
int box_run_command(struct box *box, char *const argv[], int stop_fd, int *status,
		    struct failure *why);

/*
 * Kills what is in the box, then removes cgroup and swap; goes on past what cannot be removed and
 * tells the first such thing. Frees @box in any case; NULL is fine.
 */
int box_destroy(struct box *box, struct failure *why);

/*
 * Removes the boxes whose owner is gone, unless another process is doing so. *count: how many
 * cgroups and swaps were removed.
 */
int box_clean_stale(unsigned int *count, struct failure *why);

#endif
