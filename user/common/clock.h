/* SPDX-License-Identifier: GPL-2.0-only */
/* The one clock: what bpf_ktime_get_ns() reads in the kernel. */
#ifndef OOMN_CLOCK_H
#define OOMN_CLOCK_H

#include <stdint.h>
#include <time.h>

#define NS_PER_US 1000ULL
#define NS_PER_MS 1000000ULL
#define NS_PER_S  1000000000ULL

static inline uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

/* One moment, by the clock that stamps facts and by the one on the wall. */
struct moment {
	uint64_t time_ns; /* CLOCK_MONOTONIC */
	uint64_t wall_ns; /* CLOCK_REALTIME */
};

/* Who is preempted between the two clocks looks again. */
#define MOMENT_NS (50 * NS_PER_US)

/*
 * For each line anew: the distance of the clocks changes when the wall's is set, and in a suspend, in
 * which the other stands still.
 */
static inline struct moment moment_now(void)
{
	struct moment m = { 0 };
	struct timespec ts;

	for (int tries = 0; tries < 5; tries++) {
		m.time_ns = now_ns();
		clock_gettime(CLOCK_REALTIME, &ts);
		m.wall_ns = (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
		if (now_ns() - m.time_ns < MOMENT_NS)
			break;
	}
	return m;
}

/* Wall time of @time_ns: of what was that long before @now. */
static inline uint64_t moment_wall_ns(const struct moment *now, uint64_t time_ns)
{
	return now->wall_ns - (now->time_ns - time_ns);
}

#endif
