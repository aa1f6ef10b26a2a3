// SPDX-License-Identifier: GPL-2.0-only
#include "placement.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>

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
