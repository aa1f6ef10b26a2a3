// SPDX-License-Identifier: GPL-2.0-only
/* Checks of what lets us load BPF programs, and of what keeps the loader alive and prompt. */
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks_priv.h"
#include "system.h"

/* Generous: all that watch locks (its memory, the maps of an old kernel) stays below. */
#define MEMLOCK_ENOUGH_BYTES (64ULL << 20)

#define HOW_TO_BE_PRIVILEGED "Run it as root, or once: setcap cap_bpf,cap_perfmon+ep on the binary."
#define LEAVE_CONTAINER                                                                           \
	"Run it outside of the container, or in a privileged one of root's: no option adds to a " \
	"rootless one what counts."
#define UNIT(caps)                                                \
	", the unit with " caps " in CapabilityBoundingSet= and " \
	"AmbientCapabilities=."
#define CONTAINED(cap) "Start the container with --cap-add " cap UNIT("CAP_" cap)
/* Names those missing of CAP_BPF and CAP_PERFMON, which CAP_SYS_ADMIN includes. */
#define CONTAINED_BPF(options, caps) \
	"Start the container with " options " (or --cap-add SYS_ADMIN, --privileged)" UNIT(caps)

/* Names what is lacking, and nothing that is there. */
static const char *contained_bpf(const struct check_env *env)
{
	const bool bpf = env->bounding & (UINT64_C(1) << CAP_BPF);
	const bool perfmon = env->bounding & (UINT64_C(1) << CAP_PERFMON);

	if (perfmon)
		return CONTAINED_BPF("--cap-add BPF", "CAP_BPF");
	if (bpf)
		return CONTAINED_BPF("--cap-add PERFMON", "CAP_PERFMON");
	return CONTAINED_BPF("--cap-add BPF --cap-add PERFMON", "CAP_BPF CAP_PERFMON");
}

const char *cap_remedy(const struct check_env *env, int cap, const char *contained,
		       const char *otherwise)
{
	/* Neither root nor setcap gives what the bounding set has not got. */
	if (!(env->bounding & (UINT64_C(1) << cap)))
		return contained;
	if (env->is_root && env->in_user_ns <= 0)
		return "Root has it where nothing takes it away: run it without what did "
		       "(setpriv, capsh, a wrapper).";
	return otherwise;
}

static bool check_cap_required(const struct check_env *env, struct check *c, int cap,
			       const char *cost)
{
	if (env->in_user_ns > 0)
		check_bad(c, CHECK_MISSING, cost, LEAVE_CONTAINER,
			  "held or not, it does not count in a user namespace");
	else if (cap_counts(env, cap))
		check_ok(c, "held");
	else if (cap_counts(env, CAP_SYS_ADMIN))
		check_ok(c, "not held, but CAP_SYS_ADMIN is, which includes it");
	else
		check_bad(c, CHECK_MISSING, cost,
			  cap_remedy(env, cap, contained_bpf(env), HOW_TO_BE_PRIVILEGED),
			  "not held%s", env->is_root ? ", though this is root" : "");
	return true;
}

static bool check_cap_bpf(const struct check_env *env, struct check *c)
{
	return check_cap_required(env, c, CAP_BPF, "No BPF program can be loaded.");
}

static bool check_cap_perfmon(const struct check_env *env, struct check *c)
{
	return check_cap_required(env, c, CAP_PERFMON,
				  "No BPF program can be attached to a tracepoint.");
}

static bool check_cap_sys_resource(const struct check_env *env, struct check *c)
{
	if (cap_counts(env, CAP_SYS_RESOURCE))
		check_ok(c, "held");
	else
		check_bad(c, CHECK_DEGRADED,
			  "The loader cannot protect itself from the OOM killer (oom_score_adj).",
			  cap_remedy(env, CAP_SYS_RESOURCE, CONTAINED("SYS_RESOURCE"),
				     "Grant it, or start oom-notify with a low oom_score_adj "
				     "(OOMScoreAdjust= in a unit)."),
			  "not held");
	return true;
}

static bool memlock_suffices(const struct check_env *env)
{
	return env->memlock.rlim_cur == RLIM_INFINITY ||
	       env->memlock.rlim_cur >= MEMLOCK_ENOUGH_BYTES;
}

static bool check_cap_ipc_lock(const struct check_env *env, struct check *c)
{
	if (cap_counts(env, CAP_IPC_LOCK))
		check_ok(c, "held");
	else if (memlock_suffices(env))
		check_ok(c, "not held, but the limit on locked memory is high enough");
	else
		check_bad(c, CHECK_DEGRADED,
			  "The loader's own memory may be swapped out, and events then come late.",
			  cap_remedy(env, CAP_IPC_LOCK, CONTAINED("IPC_LOCK"),
				     "Grant it, or raise the limit on locked memory."),
			  "not held");
	return true;
}

static bool check_cap_sys_nice(const struct check_env *env, struct check *c)
{
	if (cap_counts(env, CAP_SYS_NICE))
		check_ok(c, "held");
	else if (env->rtprio > 0)
		check_ok(c, "not held, but RLIMIT_RTPRIO allows priority %llu",
			 (unsigned long long)env->rtprio);
	else
		check_bad(c, CHECK_DEGRADED,
			  "No real-time scheduling: on a busy machine events come later.",
			  cap_remedy(env, CAP_SYS_NICE, CONTAINED("SYS_NICE"),
				     "Grant it, or raise RLIMIT_RTPRIO (LimitRTPRIO= in a unit)."),
			  "not held");
	return true;
}

static bool check_memlock(const struct check_env *env, struct check *c)
{
	char limit[48] = "unlimited";

	if (env->memlock.rlim_cur != RLIM_INFINITY)
		(void)snprintf(limit, sizeof(limit), "%llu KiB",
			       (unsigned long long)env->memlock.rlim_cur / 1024);
	if (memlock_suffices(env))
		check_ok(c, "%s", limit);
	else if (env->features.maps_charge_memlock && !cap_counts(env, CAP_SYS_RESOURCE))
		check_bad(
			c, CHECK_DEGRADED,
			"This kernel counts BPF maps against it: watch may fail to create its own.",
			"Raise it with ulimit -l (LimitMEMLOCK= in a unit).", "%s", limit);
	else if (cap_counts(env, CAP_IPC_LOCK))
		check_ok(c, "%s, which does not bind CAP_IPC_LOCK", limit);
	else
		check_bad(c, CHECK_DEGRADED,
			  "The loader's own memory may be swapped out, and events then come late.",
			  "Raise it with ulimit -l (LimitMEMLOCK= in a unit), or grant "
			  "CAP_IPC_LOCK.",
			  "%s", limit);
	return true;
}

static bool check_user_ns(const struct check_env *env, struct check *c)
{
	if (env->in_user_ns == 0)
		check_ok(c, "none: capabilities count");
	else if (env->in_user_ns > 0)
		check_bad(c, CHECK_MISSING, "Capabilities held in it do not count for BPF.",
			  LEAVE_CONTAINER, "in one of its own (an unprivileged container?)");
	else if (env->raw_tp == WORKS)
		check_ok(c, "not seen, but a program loads: capabilities count");
	else
		check_bad(c, CHECK_UNKNOWN, "Capabilities may not count for BPF.", "Mount /proc.",
			  "not known: no readable /proc/self/uid_map");
	return true;
}

/* Mode 2 of a thread's "Seccomp:" line. */
static bool seccomp_filters(const struct check_env *env)
{
	char text[4096];
	const char *line;

	if (read_text(env->root, "/proc/self/status", text, sizeof(text)))
		return false;
	line = strstr(text, "\nSeccomp:");
	return line && strtoul(line + strlen("\nSeccomp:"), NULL, 10) == 2;
}

static void load_refused(const struct check_env *env, struct check *c)
{
	const bool filtered = seccomp_filters(env);
	const char *remedy;

	if (filtered)
		remedy = "The filter may be a container's: --cap-add SYS_ADMIN makes docker's let "
			 "bpf() through, --security-opt seccomp=unconfined leaves it out, "
			 "--privileged does both. In a unit see SystemCallFilter=.";
	else if (env->in_user_ns < 0)
		remedy = "Mount /proc, which tells of a user namespace or a seccomp filter.";
	else
		remedy = "Look for a security module (SELinux, AppArmor, BPF LSM) that forbids "
			 "bpf(): its denials are in the kernel's log.";
	check_bad(c, CHECK_MISSING, "No BPF program can be loaded.", remedy,
		  "tried: the kernel refuses a raw tracepoint program, %s%s",
		  strerror(-env->raw_tp_err),
		  filtered ? "; a seccomp filter is on, which is where bpf() may be forbidden "
			     "whatever is held" :
			     "");
}

static bool check_load(const struct check_env *env, struct check *c)
{
	if (env->raw_tp == WORKS)
		check_ok(c, "tried: a raw tracepoint program loads");
	else if (env->raw_tp == REFUSED)
		load_refused(env, c);
	else
		check_bad(c, CHECK_UNKNOWN,
			  "A seccomp filter or a security module may still forbid bpf().",
			  "Run this check with the capabilities above.",
			  "not tried: needs CAP_BPF and CAP_PERFMON");
	return true;
}

static bool check_ring_buffer(const struct check_env *env, struct check *c)
{
	const char *cost = "Events cannot reach us.";
	const char *remedy = "Use a kernel from 5.8 on.";

	if (env->ringbuf == WORKS)
		check_ok(c, "tried: one was created");
	else if (env->ringbuf == REFUSED)
		check_bad(c, CHECK_MISSING, cost, remedy,
			  "tried: the kernel refuses to create one");
	else if (env->features.has_ringbuf)
		check_ok(c, "this kernel knows it (not tried: needs CAP_BPF)");
	else
		check_bad(c, CHECK_MISSING, cost, remedy, "not in this kernel's types");
	return true;
}

static bool check_lockdown(const struct check_env *env, struct check *c)
{
	char text[128];
	int err;
	int mode;

	err = read_text(env->root, "/sys/kernel/security/lockdown", text, sizeof(text));
	mode = err ? err : parse_lockdown(text);
	if (mode == LOCKDOWN_CONFIDENTIALITY || env->read_kernel == REFUSED)
		check_bad(c, CHECK_MISSING,
			  "BPF programs may not read kernel memory, so not one of ours loads.",
			  "Boot without lockdown=confidentiality (or with lockdown=integrity).",
			  "%s", mode >= 0 ? text : "tried: reading kernel memory is refused");
	else if (mode >= 0)
		check_ok(c, "%s", text);
	else if (env->read_kernel == WORKS)
		check_ok(c, "tried: programs may read kernel memory");
	else
		check_bad(c, CHECK_UNKNOWN, "If it is on, BPF programs may not read kernel memory.",
			  "Mount securityfs, or run this check with CAP_BPF and CAP_PERFMON.",
			  "not known: no readable /sys/kernel/security/lockdown");
	return true;
}

/* Told because people look for it; raw tracepoints need capabilities whatever it says. */
static bool check_unprivileged_bpf(const struct check_env *env, struct check *c)
{
	static const char *const meaning[] = { "unprivileged BPF is on", "off until reboot",
					       "off" };
	char text[16];

	if (read_text(env->root, "/proc/sys/kernel/unprivileged_bpf_disabled", text, sizeof(text)))
		return false;
	if (strlen(text) == 1 && text[0] >= '0' && text[0] <= '2')
		check_ok(c, "%s: %s; makes no difference here", text, meaning[text[0] - '0']);
	else
		check_ok(c, "unknown value; makes no difference here");
	return true;
}

const struct check_row bpf_checks[] = {
	{ "CAP_BPF", true, check_cap_bpf },
	{ "CAP_PERFMON", true, check_cap_perfmon },
	{ "user_namespace", true, check_user_ns },
	{ "bpf_load", true, check_load },
	{ "ring_buffer", true, check_ring_buffer },
	{ "lockdown", true, check_lockdown },
	{ "unprivileged_bpf_disabled", false, check_unprivileged_bpf },
	{ "memlock", false, check_memlock },
	{ "CAP_IPC_LOCK", false, check_cap_ipc_lock },
	{ "CAP_SYS_RESOURCE", false, check_cap_sys_resource },
	{ "CAP_SYS_NICE", false, check_cap_sys_nice },
};

const size_t nr_bpf_checks = sizeof(bpf_checks) / sizeof(bpf_checks[0]);
