// SPDX-License-Identifier: GPL-2.0-only
#include "sampling.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "core/vmstat.h"

int sampling_start(struct source_env *env, uint64_t interval_ns, struct failure *why)
{
	const struct timespec every = {
		.tv_sec = (time_t)(interval_ns / NS_PER_S),
		.tv_nsec = (long)(interval_ns % NS_PER_S),
	};
	const struct itimerspec its = { .it_interval = every, .it_value = every };

	env->fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	env->events = EPOLLIN;
	env->looks_ns = interval_ns;
	if (env->fd < 0 || timerfd_settime(env->fd, 0, &its, NULL))
		return failure_set(why, errno, "no timer: %s", strerror(errno));
	return 0;
}

bool sampling_due(const struct source_env *env)
{
	uint64_t n;

	return read(env->fd, &n, sizeof(n)) == sizeof(n);
}

bool sampling_swapped_out(void)
{
	static int64_t last = -1;
	struct vmstat v;
	int64_t pages;
	bool more;

	if (vmstat_read(&v))
		return false;
	pages = vmstat_swapped_out(&v);
	more = last >= 0 && pages != last;
	last = pages;
	return more;
}

/* "pages free 3960" ... "low 33" ... for each zone; those without pages say low 0. */
static bool any_low(FILE *f)
{
	char line[128];
	long long free = 0, low;

	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, " pages free %lld", &free) == 1)
			continue;
		if (sscanf(line, " low %lld", &low) == 1 && free < low)
			return true;
	}
	return false;
}

bool sampling_fell_low(void)
{
	static bool was_low = true; /* what was so before is no news */
	_cleanup_fclose_ FILE *f = fopen("/proc/zoneinfo", "re");
	bool low = f && any_low(f), fell = low && !was_low;

	was_low = low;
	return fell;
}
