/* SPDX-License-Identifier: GPL-2.0-only */
/* Makes the episodes of who survives, and the benign loads. */
#ifndef OOMN_SURVIVE_RUN_H
#define OOMN_SURVIVE_RUN_H

#include "common/failure.h"
#include "compare/sources/source.h"
#include "result.h"

struct survive_opts {
	struct survive_params params; /* cache_bytes and swap_bytes are set by the run */
	uint32_t cache_percent;	      /* of the limit */
	const struct source *source[SURVIVE_MAX_SOURCES];
	uint32_t nr_sources;
};

struct survive_progress {
	uint32_t done, all;		       /* episodes */
	uint64_t left_ns;		       /* about; 0: nobody knows yet */
	const struct survive_episode *episode; /* has just ended; NULL: something else goes on: */
	const char *doing;
	const struct survive *result;
};

struct survive_hooks {
	int stop_fd; /* readable: end early */
	void (*tell)(void *ctx, const struct survive_progress *p);
	void *ctx;
};

/*
 * NULL and the reason in @why. With -ECANCELED or another error in *err and a result there is what
 * was found until then, marked as incomplete. Nothing of the run is left behind in any case, or
 * *left says what is.
 */
struct survive *survive_run(const struct survive_opts *opts, const struct survive_hooks *hooks,
			    int *err, struct failure *why, struct failure *left);

#endif
