/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one clock: what bpf_ktime_get_ns() reads in the kernel and the module stamps its records
 * with. In a time namespace (LXC, CRIU) that is not what CLOCK_MONOTONIC says: so all times that
 * are compared with the kernel's are read here, and given to a timer here.
 */
#ifndef OOMN_CLOCK_H
#define OOMN_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#define NS_PER_US 1000ULL
#define NS_PER_MS 1000000ULL
#define NS_PER_S  1000000000ULL

/*
 * This process's CLOCK_MONOTONIC is ahead of the kernel's by so much: 0 outside of a time
 * namespace.
 */
extern int64_t clock_ahead_ns;

/* False where that could not be found out yet. */
extern bool clock_is_known;

/*
 * Learns how far ahead it is; once, before the first now_ns(). It is not known without a /proc, or
 * when that shows another namespace's: clock_check() then finds it out.
 */
void clock_init(void);

/* The offset of the monotonic clock in the text of /proc/self/timens_offsets; -EBADMSG. */
int clock_parse_offsets(FILE *f, int64_t *ahead_ns);

/*
 * The kernel read @kernel_ns on its clock after this process read @before_ns and before it read
 * @after_ns. Sets the clock right if that cannot be, to within the time that passed between them.
 * Returns whether it was right.
 */
bool clock_check(uint64_t before_ns, uint64_t kernel_ns, uint64_t after_ns);

/* Sets a timerfd of CLOCK_MONOTONIC to go off at @at_ns; 0: never. */
int clock_set_timer(int fd, uint64_t at_ns);

static inline uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec - (uint64_t)clock_ahead_ns;
}

/* One moment, by the clock that stamps facts and by the one on the wall. */
struct moment {
	uint64_t time_ns; /* CLOCK_MONOTONIC */
	uint64_t wall_ns; /* CLOCK_REALTIME */
};

/* Reads again if it was preempted between the two clocks. */
#define MOMENT_NS (50 * NS_PER_US)

/*
 * For each line anew: the distance of the clocks changes when the wall's is set, and in a suspend,
 * in which the other stands still.
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
