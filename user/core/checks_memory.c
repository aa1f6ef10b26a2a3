// SPDX-License-Identifier: GPL-2.0-only
/* Checks of the machine's memory management: what there is to watch, and to compare with. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "checks_priv.h"
#include "system.h"

/* "1 partition", "2 files"; nothing for none. */
static size_t put_count(char *buf, size_t size, unsigned int n, const char *what, const char *more)
{
	if (!n)
		return 0;
	(void)snprintf(buf, size, "%u %s%s, ", n, what, n == 1 ? "" : more);
	return strlen(buf);
}

static void describe_swaps(const struct swap_areas *s, char *buf, size_t size)
{
	size_t len = 0;

	len += put_count(buf + len, size - len, s->partitions, "partition", "s");
	len += put_count(buf + len, size - len, s->files, "file", "s");
	len += put_count(buf + len, size - len, s->zrams, "zram", "s");
	(void)snprintf(buf + len, size - len, "%" PRIu64 " MiB, %" PRIu64 " MiB used",
		       s->total_kb / 1024, s->used_kb / 1024);
}

static bool check_swap(const struct check_env *env, struct check *c)
{
	const char *cost = "swap_out is never told; pressure shows as reclaim and OOM kills alone.";
	_cleanup_fclose_ FILE *f = NULL;
	struct swap_areas s;
	char path[PATH_MAX];
	char text[128];

	(void)snprintf(path, sizeof(path), "%s/proc/swaps", env->root);
	f = fopen(path, "re");
	if (!f && !check_there(env, "/proc/meminfo")) {
		check_bad(c, CHECK_UNKNOWN, "It is not known whether swap_out can be told.",
			  "Mount /proc.", "not known: %s: %s", path, strerror(errno));
	} else if (!f) {
		check_bad(c, CHECK_OPTIONAL, cost, "Use a kernel built with CONFIG_SWAP=y.",
			  "%s: %s", path, strerror(errno));
	} else if (parse_swaps(f, &s)) {
		check_bad(c, CHECK_UNKNOWN, "It is not known whether swap_out can be told.", NULL,
			  "%s is not understood", path);
	} else if (!(s.partitions + s.files + s.zrams)) {
		check_bad(c, CHECK_OPTIONAL, cost,
			  "Add some with swapon; `pressure` brings its own.", "none");
	} else {
		describe_swaps(&s, text, sizeof(text));
		check_ok(c, "%s", text);
	}
	return true;
}

static bool check_zswap(const struct check_env *env, struct check *c)
{
	char text[16];

	if (!check_there(env, "/sys/module"))
		check_bad(c, CHECK_UNKNOWN, "Whether pages are kept compressed is not told here.",
			  "Mount /sys.", "not known: no /sys/module");
	else if (read_text(env->root, "/sys/module/zswap/parameters/enabled", text, sizeof(text)))
		check_ok(c, "not in this kernel");
	else if (text[0] == 'Y' || text[0] == '1')
		check_ok(c, "on: swap_out includes pages it keeps compressed, pswpout does not");
	else
		check_ok(c, "off");
	return true;
}

static bool check_mglru(const struct check_env *env, struct check *c)
{
	char text[32];

	if (env->features_err || env->features.mglru_tells_scans ||
	    read_text(env->root, "/sys/kernel/mm/lru_gen/enabled", text, sizeof(text)))
		return false;
	if (!(strtoul(text, NULL, 0) & 1))
		return false;
	check_bad(c, CHECK_DEGRADED,
		  "How little reclaim frees of what it scans is not known: levels follow swap-out, "
		  "stalls and OOM kills alone.",
		  "Use a kernel from 6.7 on, or: echo n >/sys/kernel/mm/lru_gen/enabled",
		  "multi-gen LRU is on, and on this kernel it does not tell what it scans");
	return true;
}

static bool check_psi(const struct check_env *env, struct check *c)
{
	if (!check_there(env, "/proc/meminfo")) {
		check_bad(c, CHECK_UNKNOWN,
			  "Where it is off, a cgroup's reclaim that somebody asked for is told as "
			  "pressure.",
			  "Mount /proc.", "not known: no /proc/meminfo, so no /proc/pressure");
		return true;
	}
	switch (try_psi(env->root)) {
	case PSI_ANY:
		check_ok(c, "on, triggers of less than 2 s allowed");
		break;
	case PSI_2S_ONLY:
		check_bad(c, CHECK_DEGRADED,
			  "Who waits on PSI learns of pressure up to 2 s late; watch is not "
			  "affected.",
			  "Grant CAP_SYS_RESOURCE (a container: --cap-add SYS_RESOURCE).",
			  "on, triggers of 2 s and multiples only");
		break;
	case PSI_NONE:
		check_bad(c, CHECK_DEGRADED, "This user cannot wait on PSI; watch is not affected.",
			  "Grant CAP_SYS_RESOURCE, or use a kernel from 6.4 on.",
			  "on, but triggers are refused");
		break;
	case PSI_OFF:
		check_bad(c, CHECK_DEGRADED,
			  "A cgroup's reclaim that somebody asked for (memory.reclaim) is told as "
			  "pressure.",
			  "Use a kernel built with CONFIG_PSI=y and boot it with psi=1.", "off");
		break;
	}
	return true;
}

static bool check_cgroup(const struct check_env *env, struct check *c)
{
	const char *cost = "Cgroups are told by id, not by path.";
	struct cgroups g;
	int err = read_cgroups(env->root, &g);

	if (err)
		check_bad(c, CHECK_UNKNOWN, cost, "Mount /proc.", "not known: %s", strerror(-err));
	else if (g.v1_memory)
		check_ok(c, "memory is on version 1%s",
			 g.v2_mounted ? " (hybrid: version 2 is mounted too)" : "");
	else if (g.v2_memory)
		check_ok(c, "memory is on version 2");
	else
		check_bad(c, CHECK_DEGRADED, cost,
			  "Mount cgroup2, with a kernel that has CONFIG_MEMCG=y.",
			  "no mounted hierarchy has the memory controller");
	return true;
}

/* Decided by who makes boxes; here only what that takes beside. */
static bool check_box(const struct check_env *env, struct check *c)
{
	const char *cost =
		"`pressure`, `compare` and `make demo` cannot make memory pressure; watch "
		"is not affected.";

	if (env->box == NOT_TRIED)
		return false;
	if (!cap_counts(env, CAP_SYS_ADMIN))
		check_bad(c, CHECK_OPTIONAL, cost,
			  env->in_user_ns > 0 ?
				  "Run it outside of the container." :
				  cap_remedy(env, CAP_SYS_ADMIN,
					     "Start the container with --cap-add SYS_ADMIN and a "
					     "writable /sys/fs/cgroup, or --privileged.",
					     "Run it as root."),
			  "not possible: CAP_SYS_ADMIN is not held, which swapon(2) takes");
	else if (env->box == WORKS)
		check_ok(c, "possible: %s", env->box_is);
	else
		check_bad(c, CHECK_OPTIONAL, cost, NULL, "not possible: %s", env->box_is);
	return true;
}

/* One row a line. */
/* clang-format off */
const struct check_row memory_checks[] = {
	{ "swap", false, check_swap },
	{ "zswap", false, check_zswap },
	{ "mglru", false, check_mglru }, /* has a row only where there is a loss to tell */
	{ "psi", false, check_psi },
	{ "cgroup", false, check_cgroup },
	{ "box", false, check_box }, /* where it was asked for */
};
/* clang-format on */

const size_t nr_memory_checks = sizeof(memory_checks) / sizeof(memory_checks[0]);
