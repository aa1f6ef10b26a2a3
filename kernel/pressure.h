/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads the kernel's counters of memory, and the level of pressure that they amount to. */
#ifndef OOM_NOTIFY_PRESSURE_H
#define OOM_NOTIFY_PRESSURE_H

#include <linux/types.h>

/* Ways in which a page may be swapped out. */
enum { BY_DEVICE, BY_ZSWAP, BY_ZERO, SWAP_WAYS };

struct scan {
	unsigned long scanned_pages;
	unsigned long freed_pages; /* of these */
};

struct reading {
	u64 time_ns;
	unsigned long jiffies;
	unsigned long swapped_pages[SWAP_WAYS];
	unsigned long stalls; /* of tasks in direct reclaim; not those on a cgroup's limit */
	struct scan kswapd;
	struct scan direct;
	struct scan proactive;
	unsigned long scanned_anon_pages; /* for whomever */
	unsigned long scanned_pages;
	unsigned long limits; /* times that a cgroup met its own; see read_limits() */
	/* of the scanned: in a zone that is not short, not looked at */
	unsigned long skipped_pages;
	u64 free_pages;
	u64 pages_to_free;
	int node;
	bool below_low;
};

/* A counter that stepped back has not moved. */
static inline unsigned long moved(unsigned long from, unsigned long to)
{
	return (long)(to - from) > 0 ? to - from : 0;
}

/* All of it; needs no lock and does not sleep. */
void take_reading(struct reading *r);

unsigned long oom_kills(void);
unsigned long free_pages_now(void);

/*
 * Between two ticks: begin_meter() with the first reading, sample_stalls() every
 * STALL_SAMPLE_MS while stalls_of_late(). The caller sees to it that these do not run at once.
 */
#define STALL_SAMPLE_MS 20

void begin_meter(const struct reading *now);
bool stalls_of_late(void);
void sample_stalls(void);

/* The level, and the reasons but for swapping, of what came about since @last; resets the meter. */
u16 judge(const struct reading *last, const struct reading *now, u32 *reasons);

#endif
