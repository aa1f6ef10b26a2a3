/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * State that the two halves of watching headroom share: which cgroups there are, and what is left
 * of each.
 */
#ifndef OOMN_HEADROOM_WATCH_PRIV_H
#define OOMN_HEADROOM_WATCH_PRIV_H

#include "cgroup_tree.h"
#include "headroom_watch.h"
#include "limits.h"

struct place {
	uint32_t slot;	      /* SLOT_NONE: not looked at */
	uint32_t slots_below; /* of nodes within */
};

#define SLOT_NONE UINT32_MAX

struct watched {
	uint32_t node;
	uint32_t row;
	uint64_t id;
	uint64_t due_ns; /* files are to be read, whatever the counters say; 0: no */
	struct headroom_line line;
};

struct headroom_watch {
	struct limits *limits;
	struct headroom_opts opts;
	headroom_fn fn;
	void *ctx;
	uint64_t asked_id;
	struct cgroup_tree *tree;
	int epoll;
	uint64_t page_bytes;
	uint32_t nr_free;
	uint32_t next_slot;    /* where the looks that are due go on */
	uint64_t first_due_ns; /* of all in @watched; 0: none is */
	bool changed;	       /* slots were: the BPF side is to look now */
	struct headroom_machine machine;
	struct headroom_line machine_line;
	uint64_t machine_due_ns;
	uint64_t machine_read_ns;
	struct headroom_stats stats;
	struct place place[CGROUP_TREE_MAX];
	struct watched watched[OOMN_NR_LIMITS];
	uint32_t free[OOMN_NR_LIMITS]; /* the lowest last */
};

void headroom_tell(struct headroom_watch *w, const struct watched *c, enum headroom_edge edge,
		   const struct headroom *h, const struct headroom_verdict *v, uint64_t now_ns);

/*
 * Reads the files of the machine, or of a slot's cgroup, tells what is new, and sets the next look.
 */
void headroom_judge_machine(struct headroom_watch *w, uint64_t now_ns);
void headroom_judge_slot(struct headroom_watch *w, uint32_t slot, uint64_t now_ns);

/* The same for all that is within @node as well: its limit is theirs. */
void headroom_judge_within(struct headroom_watch *w, uint32_t node, uint64_t now_ns);

/* The files of a slot's cgroup are read at @due_ns, whatever the counters say; 0: no. */
void headroom_set_due(struct headroom_watch *w, struct watched *c, uint64_t due_ns);

#endif
