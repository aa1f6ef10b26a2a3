// SPDX-License-Identifier: GPL-2.0-only
/* Scheduling and placement of threads. */
#include "realtime.h"

#include <errno.h>
#include <sched.h>

static bool allowed;

static int start(pthread_t *thread, int cpu, bool realtime, void *(*fn)(void *), void *arg)
{
	const struct sched_param param = { .sched_priority = 1 };
	pthread_attr_t attr;
	cpu_set_t cpus;
	int err;

	CPU_ZERO(&cpus);
	pthread_attr_init(&attr);
	if (cpu >= 0) {
		CPU_SET((size_t)cpu, &cpus);
		pthread_attr_setaffinity_np(&attr, sizeof(cpus), &cpus);
	}
	if (realtime) {
		pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
		pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
		pthread_attr_setschedparam(&attr, &param);
	}
	err = pthread_create(thread, &attr, fn, arg);
	pthread_attr_destroy(&attr);
	return -err;
}

int realtime_thread(pthread_t *thread, int cpu, void *(*fn)(void *), void *arg)
{
	int err = start(thread, cpu, true, fn, arg);

	allowed = err != -EPERM;
	return allowed ? err : start(thread, cpu, false, fn, arg);
}

bool realtime_allowed(void)
{
	return allowed;
}

int normal_thread(pthread_t *thread, int cpu, void *(*fn)(void *), void *arg)
{
	return start(thread, cpu, false, fn, arg);
}

int run_on(int cpu)
{
	static cpu_set_t first;
	static bool known;
	cpu_set_t cpus;

	if (!known && sched_getaffinity(0, sizeof(first), &first))
		return -errno;
	known = true;
	CPU_ZERO(&cpus);
	if (cpu >= 0)
		CPU_SET((size_t)cpu, &cpus);
	return sched_setaffinity(0, sizeof(cpus), cpu >= 0 ? &cpus : &first) ? -errno : 0;
}
