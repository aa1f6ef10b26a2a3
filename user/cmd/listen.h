/* SPDX-License-Identifier: GPL-2.0-only */
/* `oom-notify listen`: its options, and what it does once they are known to be good. */
#ifndef OOMN_LISTEN_H
#define OOMN_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/level.h"

struct listen_opts {
	const char *path;
	bool json;
	uint64_t count;	      /* 0: no limit */
	uint64_t duration_ns; /* 0: until told to stop */
	enum level min_level;
};

/* Returns an enum exit_code. */
int listen_run(const struct listen_opts *opts);

#endif
