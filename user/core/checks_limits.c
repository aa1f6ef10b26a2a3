// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks of what any program has, but for one in a bare chroot or below a low limit: rows only
 * where it lacks.
 */
#include <string.h>

#include "checks_priv.h"

static bool check_proc(const struct check_env *env, struct check *c)
{
	/* The kernel's types are handed to libbpf by a path below it. */
	if (check_there(env, "/proc/self/fd"))
		return false;
	check_bad(c, CHECK_MISSING, "No BPF program can be loaded, and much below is not known.",
		  "Mount it: mount -t proc proc /proc", "/proc is not mounted");
	return true;
}

/* The loader raises the soft limit by itself. */
static bool check_open_files(const struct check_env *env, struct check *c)
{
	const int enough = env->features.raw_tp_preemptible ? CHECKS_FILES_MOST : CHECKS_FILES;

	if (env->nofile.rlim_max >= (rlim_t)enough)
		return false;
	check_bad(c, CHECK_MISSING, "The BPF programs cannot all be loaded and attached.",
		  "Raise it with ulimit -n (LimitNOFILE= in a unit).",
		  "at most %llu open files, and it takes %d",
		  (unsigned long long)env->nofile.rlim_max, enough);
	return true;
}

static bool check_cpus(const struct check_env *env, struct check *c)
{
	if (env->nr_cpus > 0)
		return false;
	check_bad(c, CHECK_MISSING, "Counters are kept for each CPU, and it is not known how many.",
		  "Mount /sys, with what the kernel has in it.",
		  "/sys/devices/system/cpu/possible: %s",
		  env->nr_cpus ? strerror(-env->nr_cpus) : "names none");
	return true;
}

/* One row a line. */
/* clang-format off */
const struct check_row limit_checks[] = {
	{ "proc", true, check_proc },
	{ "open_files", true, check_open_files },
	{ "cpus", true, check_cpus },
};
/* clang-format on */

const size_t nr_limit_checks = sizeof(limit_checks) / sizeof(limit_checks[0]);
