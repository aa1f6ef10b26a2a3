// SPDX-License-Identifier: GPL-2.0-only
/* The distance of this process's clock from the kernel's, and timers set by the kernel's. */
#include "clock.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timerfd.h>

#include "cleanup.h"

int64_t clock_ahead_ns;
bool clock_is_known;

int clock_parse_offsets(FILE *f, int64_t *ahead_ns)
{
	char clock[16];
	int64_t s, ns;

	while (fscanf(f, "%15s %" SCNd64 " %" SCNd64, clock, &s, &ns) == 3) {
		if (strcmp(clock, "monotonic") != 0)
			continue;
		if (__builtin_mul_overflow(s, (int64_t)NS_PER_S, ahead_ns) ||
		    __builtin_add_overflow(*ahead_ns, ns, ahead_ns))
			return -EBADMSG;
		return 0;
	}
	return -EBADMSG;
}

/*
 * The offsets that /proc shows are those of this process's children. They are its own but in a
 * process that has made the namespace itself and not called exec() since; before 5.19, not forked.
 */
static bool is_own_namespace(void)
{
	struct stat own, childrens;

	return !stat("/proc/self/ns/time", &own) &&
	       !stat("/proc/self/ns/time_for_children", &childrens) &&
	       own.st_ino == childrens.st_ino;
}

void clock_init(void)
{
	_cleanup_fclose_ FILE *f = fopen("/proc/self/timens_offsets", "re");
	int64_t ahead_ns;
	struct stat st;

	/* A kernel without time namespaces, if there is a /proc that could say otherwise. */
	if (!f) {
		clock_is_known = !stat("/proc/self/stat", &st);
	} else if (is_own_namespace() && !clock_parse_offsets(f, &ahead_ns)) {
		clock_ahead_ns = ahead_ns;
		clock_is_known = true;
	}
}

bool clock_check(uint64_t before_ns, uint64_t kernel_ns, uint64_t after_ns)
{
	clock_is_known = true;
	/* Two processors' clocks may differ by some nanoseconds. */
	if (before_ns <= kernel_ns + NS_PER_US && kernel_ns <= after_ns + NS_PER_US)
		return true;
	clock_ahead_ns += (int64_t)(before_ns + (after_ns - before_ns) / 2 - kernel_ns);
	return false;
}

int clock_set_timer(int fd, uint64_t at_ns)
{
	/* A timer of this process goes by its own clock, on which 0 is no time but "never". */
	uint64_t own_ns = at_ns + (uint64_t)clock_ahead_ns;
	struct itimerspec its = {
		.it_value.tv_sec = (time_t)(own_ns / NS_PER_S),
		.it_value.tv_nsec = (long)(own_ns % NS_PER_S),
	};

	if (!at_ns)
		memset(&its, 0, sizeof(its));
	return timerfd_settime(fd, TFD_TIMER_ABSTIME, &its, NULL) ? -errno : 0;
}
