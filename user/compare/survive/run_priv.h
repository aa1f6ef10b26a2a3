/* SPDX-License-Identifier: GPL-2.0-only */
/* The state that the parts of a run share. */
#ifndef OOMN_SURVIVE_RUN_PRIV_H
#define OOMN_SURVIVE_RUN_PRIV_H

#include "box/cgroup.h"
#include "compare/sources/watcher.h"
#include "load.h"
#include "run.h"
#include "victim.h"

/* Sequences of chance. */
enum { CHANCE_ORDER, CHANCE_WAIT };

/* Libraries and BPF programs are there within a second, on a busy machine within some. */
#define SURVIVE_READY_NS (60 * NS_PER_S)

struct survive_shared {
	struct victim_report victim;
	struct load_report load;
};

struct survive_state {
	const struct survive_opts *opts;
	const struct survive_hooks *hooks;
	struct survive *s;
	char name[BOX_NAME_SIZE];
	struct survive_shared *shared; /* of one episode at a time */
};

/* One episode, in a cgroup of its own: of @e source, rate and swap are set, the rest comes back. */
int survive_episode_run(struct survive_state *st, uint32_t number, struct survive_episode *e,
			struct failure *why);

/* A file on a disk for a benign load, which is gone when it is closed: or negative errno. */
int benign_file(struct failure *why);

/* A benign load for as long as is asked for; who is notified then is notified for nothing. */
int benign_run(struct survive_state *st, enum survive_benign kind, struct failure *why);

/* A process that does that in the cgroup until it is killed; ends itself only when it cannot. */
_Noreturn void benign_load(const struct cgroup *cg, enum survive_benign kind,
			   const struct survive_params *p, int file_fd, pid_t parent);

/* A cgroup for an episode. After an error nothing is left. */
int survive_cgroup_make(struct survive_state *st, struct cgroup *cg, bool swap,
			struct failure *why);
int survive_cgroup_remove(struct survive_state *st, struct cgroup *cg, struct failure *why);

/* Takes over what @w has said of itself, or why it is not here. */
void survive_take_words(struct survive_source *s, const struct watcher *w);

#endif
