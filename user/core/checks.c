// SPDX-License-Identifier: GPL-2.0-only
/* Runs the tables of checks, the tracepoints among them, and gives the verdict. */
#include "checks.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <limits.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "checks_priv.h"
#include "classic.h"
#include "direct.h"
#include "common/cleanup.h"
#include "load_error.h"
#include "system.h"

void check_ok(struct check *c, const char *detail, ...)
{
	va_list ap;

	c->state = CHECK_OK;
	c->cost = NULL;
	c->remedy = NULL;
	va_start(ap, detail);
	(void)vsnprintf(c->detail, sizeof(c->detail), detail, ap);
	va_end(ap);
}

void check_bad(struct check *c, enum check_state state, const char *cost, const char *remedy,
	       const char *detail, ...)
{
	va_list ap;

	c->state = state;
	c->cost = cost;
	c->remedy = remedy;
	va_start(ap, detail);
	(void)vsnprintf(c->detail, sizeof(c->detail), detail, ap);
	va_end(ap);
}

bool check_there(const struct check_env *env, const char *path)
{
	char full[PATH_MAX];

	(void)snprintf(full, sizeof(full), "%s%s", env->root, path);
	return !access(full, F_OK);
}

bool cap_counts(const struct check_env *env, int cap)
{
	return env->in_user_ns <= 0 && (env->caps & (UINT64_C(1) << cap));
}

static bool check_kernel(const struct check_env *env, struct check *c)
{
	struct utsname u;

	(void)env;
	if (uname(&u))
		return false;
	check_ok(c, "%s %s %s", u.sysname, u.release, u.machine);
	return true;
}

static bool check_btf(const struct check_env *env, struct check *c)
{
	const char *cost = "Not one program can be loaded.";
	const char *remedy = "Use a kernel built with CONFIG_DEBUG_INFO_BTF=y; those of the "
			     "distributions are.";

	if (!env->features_err)
		check_ok(c, "the kernel describes its types");
	else if (env->features_err == -EINVAL)
		check_bad(c, CHECK_MISSING, cost, remedy,
			  "the kernel's type information names no tracepoint");
	else if (!check_there(env, "/sys/kernel"))
		check_bad(c, CHECK_MISSING, cost, "Mount it: mount -t sysfs sysfs /sys",
			  "/sys is not mounted");
	else if (env->features_err == -EBADMSG)
		check_bad(c, CHECK_MISSING, cost, remedy,
			  "/sys/kernel/btf/vmlinux is there, but is no type information");
	else
		check_bad(c, CHECK_MISSING, cost, remedy, "/sys/kernel/btf/vmlinux: %s",
			  strerror(-env->features_err));
	return true;
}

/* The one row that is required of all tracepoints together. */
static bool check_tracepoints(const struct check_env *env, struct check *c)
{
	int usable = 0;

	if (env->features_err) /* nothing is known of them, and the row above says why */
		return false;
	for (int i = 0; i < NR_FEATURE_TPS; i++)
		usable += env->features.tp[i] == TP_USABLE;
	if (usable == NR_FEATURE_TPS)
		check_ok(c, "all %d usable", usable);
	else
		check_bad(c, usable ? CHECK_DEGRADED : CHECK_MISSING,
			  usable ? "What the unusable ones would tell is not told." :
				   "There is nothing to watch.",
			  usable ? NULL : "Use a kernel built with CONFIG_TRACEPOINTS=y.",
			  "%d of %d usable", usable, NR_FEATURE_TPS);
	return true;
}

static bool check_exact_counts(const struct check_env *env, struct check *c)
{
	int id = classic_id(env->root, "vmscan/mm_vmscan_kswapd_wake");

	if (env->features_err)
		return false;
	if (!env->features.raw_tp_preemptible)
		check_ok(c, "raw tracepoints, which this kernel does not preempt");
	else if (id >= 0)
		check_ok(c,
			 "classic tracepoints, as raw ones are preempted here: 10 ns a hit more");
	else
		check_bad(
			c, CHECK_DEGRADED,
			"Raw tracepoints stand in: while one of their programs is preempted, hits "
			"of other tasks on that CPU are counted as dropped and not told.",
			"Mount tracefs (mount -t tracefs tracefs /sys/kernel/tracing) and run as "
			"root, who alone may read it.",
			"this kernel preempts raw tracepoints, and tracefs cannot be read (%s)",
			strerror(-id));
	return true;
}

/* The way that programs read the kernel's memory, which a hit's cost depends on. */
static bool check_typed_reads(const struct check_env *env, struct check *c)
{
	static const char *const ways[] = {
		[DIRECT_PROBE] = "none: each read of a hit by a helper, some 40 ns",
		[DIRECT_TP_BTF] = "of what a tracepoint passes (tp_btf); the rest by a helper",
		[DIRECT_CAST] = "of any pointer, by a cast (bpf_rdonly_cast)",
	};

	if (env->features_err)
		return false;
	check_ok(c, "%s", ways[direct_best(&env->features)]);
	return true;
}

static bool check_reclaimer_slots(const struct check_env *env, struct check *c)
{
	if (env->features_err)
		return false;
	check_ok(c, "%s",
		 env->features.has_fetch ? "an array of slots, by atomic instructions" :
					   "a hash table: reclaim's begin and end cost 1 us more");
	return true;
}

static const struct check_row kernel_checks[] = {
	{ "kernel", false, check_kernel },	     { "btf", true, check_btf },
	{ "tracepoints", true, check_tracepoints },  { "exact_counts", false, check_exact_counts },
	{ "typed_reads", false, check_typed_reads }, { "reclaimers", false, check_reclaimer_slots },
};

static void check_tp(const struct features *f, enum feature_tp tp, struct check *c)
{
	const char *cost = feature_tps[tp].cost;

	c->name = f->tp_name[tp] ? f->tp_name[tp] : feature_tps[tp].name;
	if (f->tp[tp] == TP_USABLE)
		check_ok(c, "(%s)", f->tp_args[tp]);
	else if (f->tp[tp] == TP_UNKNOWN_SHAPE)
		check_bad(c, CHECK_DEGRADED, cost, "Use a newer oom-notify that knows them.",
			  "not used: unknown arguments (%s)", f->tp_args[tp]);
	else
		check_bad(c, CHECK_DEGRADED, cost, "Use a newer kernel.", "not in this kernel");
}

static size_t run_rows(const struct check_env *env, const struct check_row *rows, size_t n,
		       struct check *out)
{
	size_t done = 0;

	for (size_t i = 0; i < n; i++) {
		memset(&out[done], 0, sizeof(out[done]));
		out[done].name = rows[i].name;
		out[done].required = rows[i].required;
		if (rows[i].probe(env, &out[done]))
			done++;
	}
	return done;
}

size_t checks_run(const struct check_env *env, struct check out[CHECKS_MAX])
{
	size_t n;

	/* First what makes many of the others fail. */
	n = run_rows(env, limit_checks, nr_limit_checks, out);
	n += run_rows(env, kernel_checks, sizeof(kernel_checks) / sizeof(kernel_checks[0]),
		      out + n);
	/* Without BTF nothing is known of them, and the rows above say so. */
	for (int i = 0; i < NR_FEATURE_TPS && !env->features_err; i++) {
		memset(&out[n], 0, sizeof(out[n]));
		check_tp(&env->features, (enum feature_tp)i, &out[n++]);
	}
	n += run_rows(env, bpf_checks, nr_bpf_checks, out + n);
	n += run_rows(env, memory_checks, nr_memory_checks, out + n);
	n += run_rows(env, device_checks, nr_device_checks, out + n);
	return n;
}

enum checks_verdict checks_verdict(const struct check checks[], size_t n)
{
	enum checks_verdict verdict = CHECKS_WILL_WORK;

	for (size_t i = 0; i < n; i++) {
		if (!checks[i].required)
			continue;
		if (checks[i].state == CHECK_MISSING)
			return CHECKS_WILL_NOT;
		if (checks[i].state == CHECK_UNKNOWN)
			verdict = CHECKS_NOT_KNOWN;
	}
	return verdict;
}

static enum attempt attempt_of(int libbpf_ret)
{
	return libbpf_ret == 1 ? WORKS : REFUSED;
}

/* Does nothing. Ours, because libbpf_probe_bpf_prog_type() does not tell what the kernel said. */
static enum attempt try_raw_tp(int *err)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	_cleanup_close_ int fd = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, NULL, "GPL", insns,
					       sizeof(insns) / sizeof(insns[0]), NULL);

	*err = fd < 0 ? -errno : 0;
	return fd >= 0 ? WORKS : REFUSED;
}

/*
 * A program of our own, since libbpf_probe_bpf_helper() judges by the verifier's words, which have
 * changed: on 7.x the libbpf of Debian 12 says that all is well.
 */
static enum attempt try_read_kernel(void)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = 1, .src_reg = 10 },
		{ .code = BPF_ALU64 | BPF_ADD, .dst_reg = 1, .imm = -8 }, /* BPF_K */
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 2, .imm = 8 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 3, .imm = 0 },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_probe_read_kernel },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	_cleanup_close_ int fd = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, NULL, "GPL", insns,
					       sizeof(insns) / sizeof(insns[0]), NULL);

	return fd >= 0 ? WORKS : REFUSED;
}

/* Capabilities, and the limits that stand around the process. */
static void fill_process(struct check_env *env)
{
	struct rlimit rtprio = { 0 };
	char uid_map[256];
	int err;

	env->caps = effective_caps();
	env->bounding = bounding_caps();
	env->is_root = !geteuid();
	err = read_text(env->root, "/proc/self/uid_map", uid_map, sizeof(uid_map));
	env->in_user_ns = err ? err : parse_uid_map(uid_map);
	/* libbpf may raise the first of these when it creates a map. */
	(void)getrlimit(RLIMIT_MEMLOCK, &env->memlock);
	(void)getrlimit(RLIMIT_NOFILE, &env->nofile);
	if (!getrlimit(RLIMIT_RTPRIO, &rtprio))
		env->rtprio = rtprio.rlim_cur;
}

void check_env_fill(struct check_env *env)
{
	memset(env, 0, sizeof(*env));
	env->root = "";
	load_error_hush();
	fill_process(env);
	env->features_err = features_probe_running(&env->features);
	env->nr_cpus = libbpf_num_possible_cpus();
	if (!(cap_counts(env, CAP_SYS_ADMIN) ||
	      (cap_counts(env, CAP_BPF) && cap_counts(env, CAP_PERFMON))))
		return;
	env->raw_tp = try_raw_tp(&env->raw_tp_err);
	env->ringbuf = attempt_of(libbpf_probe_bpf_map_type(BPF_MAP_TYPE_RINGBUF, NULL));
	/* Where no program loads at all, this one's failure would say nothing of its own. */
	if (env->raw_tp == WORKS)
		env->read_kernel = try_read_kernel();
}
