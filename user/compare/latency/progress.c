// SPDX-License-Identifier: GPL-2.0-only
/* Every part of a run waits, and tells where the run is. */
#include <errno.h>
#include <poll.h>

#include "common/clock.h"
#include "run_priv.h"

int run_sleep(const struct run *r, uint64_t ns)
{
	const uint64_t until_ns = now_ns() + ns;
	struct pollfd stop = { .fd = r->hooks->stop_fd, .events = POLLIN };
	uint64_t now;

	while ((now = now_ns()) < until_ns) {
		const struct timespec left = {
			.tv_sec = (time_t)((until_ns - now) / NS_PER_S),
			.tv_nsec = (long)((until_ns - now) % NS_PER_S),
		};

		if (ppoll(&stop, 1, &left, NULL) > 0)
			return -ECANCELED;
	}
	return 0;
}

void run_tell(const struct run *r, const char *doing, const char *of)
{
	struct run_progress p = {
		.done = r->done,
		.all = r->all,
		.doing = doing,
		.of = of,
		.result = r->r,
	};

	if (r->done)
		p.left_ns = (now_ns() - r->begun_ns) / r->done * (r->all - r->done);
	r->hooks->tell(r->hooks->ctx, &p);
}
