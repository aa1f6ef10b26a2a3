// SPDX-License-Identifier: GPL-2.0-only
/* `check` on made-up machines: capabilities, files of /proc and /sys, and garbage in them. */
#include <criterion/criterion.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/checks.h"

#define CAP(name) (UINT64_C(1) << CAP_##name)

static char root[64];
static struct check_env env;
static struct check checks[CHECKS_MAX];
static size_t n;

/* Creates a file below root, and the folders it is in. */
static void put(const char *path, const char *text)
{
	char full[512];
	FILE *f;

	(void)snprintf(full, sizeof(full), "%s%s", root, path);
	for (char *p = full + strlen(root) + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		cr_assert(!mkdir(full, 0700) || errno == EEXIST);
		*p = '/';
	}
	f = fopen(full, "w");
	cr_assert_not_null(f);
	cr_assert_geq(fputs(text, f), 0);
	cr_assert_eq(fclose(f), 0);
}

/* A machine on which everything is as it should be. */
static void start(void)
{
	(void)snprintf(root, sizeof(root), "/tmp/test_checks.XXXXXX");
	cr_assert_not_null(mkdtemp(root));
	memset(&env, 0, sizeof(env));
	env.root = root;
	for (int i = 0; i < NR_FEATURE_TPS; i++) {
		env.features.tp[i] = TP_USABLE;
		env.features.tp_name[i] = feature_tps[i].name;
	}
	env.features.has_ringbuf = true;
	env.features.mglru_tells_scans = true;
	env.caps = CAP(BPF) | CAP(PERFMON) | CAP(SYS_RESOURCE) | CAP(IPC_LOCK) | CAP(SYS_NICE);
	env.raw_tp = WORKS;
	env.read_kernel = WORKS;
	env.ringbuf = WORKS;
	put("/proc/swaps", "Filename Type Size Used Priority\n"
			   "/dev/vda2 partition 1048572 512 -2\n");
	put("/proc/pressure/memory", "");
	put("/proc/self/mountinfo", "9 1 0:9 / /sys/fs/cgroup rw - cgroup2 none rw\n");
	put("/sys/fs/cgroup/cgroup.controllers", "cpu memory pids\n");
	put("/sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
	put("/sys/module/oom_notify/version", "0.1.0\n");
}

static void finish(void)
{
	char command[128];

	(void)snprintf(command, sizeof(command), "rm -r %s", root);
	cr_assert_eq(system(command), 0); /* NOLINT(cert-env33-c): our own folder */
}

static void run(void)
{
	n = checks_run(&env, checks);
	cr_assert_leq(n, CHECKS_MAX);
}

static const struct check *find(const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(checks[i].name, name))
			return &checks[i];
	return NULL;
}

static void expect_row(const char *name, enum check_state state, const char *in_detail)
{
	const struct check *c = find(name);

	cr_assert_not_null(c, "no row %s", name);
	cr_expect_eq(c->state, state, "%s: state %d, %s", name, c->state, c->detail);
	cr_expect_not_null(strstr(c->detail, in_detail), "%s: %s", name, c->detail);
	cr_expect_eq(c->cost == NULL, state == CHECK_OK, "%s: cost", name);
}

/* Only this one row changes, and with it the verdict. */
static void expect_missing_and_fatal(const char *name, const char *in_detail)
{
	run();
	expect_row(name, CHECK_MISSING, in_detail);
	cr_expect_not(checks_will_work(checks, n), "%s", name);
}

TestSuite(checks, .init = start, .fini = finish);

Test(checks, good_machine)
{
	run();
	cr_expect(checks_will_work(checks, n));
	for (size_t i = 0; i < n; i++)
		if (strncmp(checks[i].name, "device", 6) != 0) /* these, only the module makes */
			cr_expect_eq(checks[i].state, CHECK_OK, "%s: %s", checks[i].name,
				     checks[i].detail);
}

Test(checks, exact_counts)
{
	run();
	expect_row("exact_counts", CHECK_OK, "raw tracepoints");
	env.features.raw_tp_preemptible = true;
	run();
	expect_row("exact_counts", CHECK_DEGRADED, "No such file");
	cr_expect(checks_will_work(checks, n));
	put("/sys/kernel/debug/tracing/events/vmscan/mm_vmscan_kswapd_wake/id", "garbage\n");
	run();
	expect_row("exact_counts", CHECK_DEGRADED, "Invalid argument");
	put("/sys/kernel/tracing/events/vmscan/mm_vmscan_kswapd_wake/id", "481\n");
	run();
	expect_row("exact_counts", CHECK_OK, "classic tracepoints");
}

Test(checks, capabilities)
{
	env.caps = CAP(PERFMON);
	env.raw_tp = NOT_TRIED;
	env.ringbuf = NOT_TRIED;
	env.read_kernel = NOT_TRIED;
	expect_missing_and_fatal("CAP_BPF", "not held");
	expect_row("CAP_PERFMON", CHECK_OK, "held");
	expect_row("bpf_load", CHECK_DEGRADED, "not tried");
	expect_row("ring_buffer", CHECK_OK, "not tried");
	expect_row("lockdown", CHECK_OK, "[none]");

	env.caps = CAP(BPF);
	expect_missing_and_fatal("CAP_PERFMON", "not held");
	expect_row("CAP_SYS_RESOURCE", CHECK_DEGRADED, "not held");
	expect_row("CAP_IPC_LOCK", CHECK_DEGRADED, "not held");
	expect_row("CAP_SYS_NICE", CHECK_DEGRADED, "not held");
}

Test(checks, sys_admin_stands_for_bpf_and_perfmon)
{
	env.caps = CAP(SYS_ADMIN);
	run();
	expect_row("CAP_BPF", CHECK_OK, "CAP_SYS_ADMIN");
	expect_row("CAP_PERFMON", CHECK_OK, "CAP_SYS_ADMIN");
	cr_expect(checks_will_work(checks, n));
}

Test(checks, user_namespace)
{
	env.in_user_ns = 1;
	env.caps = ~UINT64_C(0);
	expect_missing_and_fatal("user_namespace", "container");
	expect_row("CAP_BPF", CHECK_MISSING, "does not count");
	expect_row("CAP_SYS_NICE", CHECK_DEGRADED, "not held");

	env.in_user_ns = -ENOENT;
	run();
	expect_row("user_namespace", CHECK_DEGRADED, "not known");
	cr_expect(checks_will_work(checks, n));
}

Test(checks, limits_instead_of_capabilities)
{
	env.caps = CAP(BPF) | CAP(PERFMON);
	env.memlock.rlim_cur = RLIM_INFINITY;
	env.rtprio = 50;
	run();
	expect_row("memlock", CHECK_OK, "unlimited");
	expect_row("CAP_IPC_LOCK", CHECK_OK, "high enough");
	expect_row("CAP_SYS_NICE", CHECK_OK, "50");

	env.memlock.rlim_cur = 8 << 20;
	run();
	expect_row("memlock", CHECK_DEGRADED, "8192 KiB");
	env.caps |= CAP(IPC_LOCK);
	run();
	expect_row("memlock", CHECK_OK, "8192 KiB");
	/* ... which does not help where maps are charged to the limit */
	env.features.maps_charge_memlock = true;
	run();
	expect_row("memlock", CHECK_DEGRADED, "8192 KiB");
	env.caps |= CAP(SYS_RESOURCE);
	run();
	expect_row("memlock", CHECK_OK, "8192 KiB");
}

Test(checks, refused_by_the_kernel)
{
	env.raw_tp = REFUSED;
	expect_missing_and_fatal("bpf_load", "refuses");
	env.raw_tp = WORKS;
	env.ringbuf = REFUSED;
	expect_missing_and_fatal("ring_buffer", "refuses");
	env.ringbuf = WORKS;
	env.read_kernel = REFUSED;
	expect_missing_and_fatal("lockdown", "");
}

Test(checks, old_kernel_without_ring_buffer)
{
	env.ringbuf = NOT_TRIED;
	env.features.has_ringbuf = false;
	expect_missing_and_fatal("ring_buffer", "not in this kernel");
}

Test(checks, no_btf)
{
	memset(&env.features, 0, sizeof(env.features));
	env.features_err = -ENOENT;
	expect_missing_and_fatal("btf", "No such file");
	cr_expect_null(find("mark_victim"));
	env.features_err = -EINVAL;
	expect_missing_and_fatal("btf", "no tracepoint");
}

Test(checks, one_tracepoint_is_enough)
{
	for (int i = 0; i < NR_FEATURE_TPS; i++)
		env.features.tp[i] = i == TP_KSWAPD_WAKE ? TP_USABLE : TP_MISSING;
	run();
	expect_row("tracepoints", CHECK_DEGRADED, "1 of 16");
	expect_row("mark_victim", CHECK_MISSING, "not in this kernel");
	cr_expect(checks_will_work(checks, n));

	env.features.tp[TP_KSWAPD_WAKE] = TP_UNKNOWN_SHAPE;
	(void)snprintf(env.features.tp_args[TP_KSWAPD_WAKE], FEATURE_ARGS_LEN, "int, ?");
	expect_missing_and_fatal("tracepoints", "0 of 16");
	expect_row("mm_vmscan_kswapd_wake", CHECK_DEGRADED, "(int, ?)");
}

Test(checks, lockdown_file)
{
	put("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	run();
	expect_row("lockdown", CHECK_OK, "[integrity]");
	put("/sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
	expect_missing_and_fatal("lockdown", "[confidentiality]");
	put("/sys/kernel/security/lockdown", "\xff\xfe]garbage[");
	run();
	expect_row("lockdown", CHECK_OK, "tried");
	env.read_kernel = NOT_TRIED;
	run();
	expect_row("lockdown", CHECK_DEGRADED, "not known");
}

Test(checks, swap)
{
	put("/proc/swaps", "Filename Type Size Used Priority\n"
			   "/dev/vda2 partition 1048572 1024 -2\n"
			   "/swap\\040file file 1048576 0 -3\n"
			   "/dev/zram0 partition 1048576 2048 100\n"
			   "/dev/zram1 partition 1048576 0 100\n");
	run();
	expect_row("swap", CHECK_OK, "1 partition, 1 file, 2 zrams, 4095 MiB, 3 MiB used");
	put("/proc/swaps", "Filename Type Size Used Priority\n");
	run();
	expect_row("swap", CHECK_MISSING, "none");
	cr_expect(checks_will_work(checks, n));
}

Test(checks, swap_garbage)
{
	static const char *const garbage[] = {
		"",
		"nonsense\n",
		"Filename\n/dev/vda2 partition\n",
		"Filename\n/dev/vda2 partition 99999999999999999999999 0 -2\n",
		"Filename\n/dev/vda2 partition -5 0 -2\n",
		"Filename\n/dev/vda2 \xff\xff 5 0 -2\n",
		"Filename\n\n",
	};

	for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		put("/proc/swaps", garbage[i]);
		run();
		expect_row("swap", CHECK_DEGRADED, "not understood");
	}
}

Test(checks, zswap)
{
	run();
	expect_row("zswap", CHECK_OK, "not in this kernel");
	put("/sys/module/zswap/parameters/enabled", "Y\n");
	run();
	expect_row("zswap", CHECK_OK, "on:");
	put("/sys/module/zswap/parameters/enabled", "N\n");
	run();
	expect_row("zswap", CHECK_OK, "off");
}

Test(checks, mglru_only_where_it_matters)
{
	put("/sys/kernel/mm/lru_gen/enabled", "0x0007\n");
	run();
	cr_expect_null(find("mglru"));
	env.features.mglru_tells_scans = false;
	run();
	expect_row("mglru", CHECK_DEGRADED, "multi-gen LRU is on");
	put("/sys/kernel/mm/lru_gen/enabled", "0x0000\n");
	run();
	cr_expect_null(find("mglru"));
	put("/sys/kernel/mm/lru_gen/enabled", "?\n");
	run();
	cr_expect_null(find("mglru"));
}

Test(checks, psi_off)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/proc/pressure/memory", root);
	run();
	expect_row("psi", CHECK_OK, "on");
	cr_assert_eq(remove(path), 0);
	run();
	expect_row("psi", CHECK_DEGRADED, "off");
}

Test(checks, cgroup_versions)
{
	run();
	expect_row("cgroup", CHECK_OK, "version 2");
	put("/sys/fs/cgroup/cgroup.controllers", "cpu memoryless pids\n");
	run();
	expect_row("cgroup", CHECK_DEGRADED, "no mounted");
	put("/proc/self/mountinfo",
	    "8 1 0:8 / /sys/fs/cgroup/unified rw - cgroup2 none rw\n"
	    "9 1 0:9 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
	run();
	expect_row("cgroup", CHECK_OK, "hybrid");
	put("/proc/self/mountinfo",
	    "9 1 0:9 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
	run();
	expect_row("cgroup", CHECK_OK, "version 1");
	put("/proc/self/mountinfo",
	    "9 1 0:9 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n\xff garbage\n");
	run();
	expect_row("cgroup", CHECK_DEGRADED, "no mounted");
}

/* What stands in its place is neither opened for good nor waited for. */
Test(checks, device_that_is_none)
{
	char path[128];

	run();
	expect_row("device", CHECK_MISSING, "/dev/oom_notify");
	expect_row("device_critical", CHECK_MISSING, "/dev/oom_notify_critical");
	put("/dev/oom_notify", "");
	(void)snprintf(path, sizeof(path), "%s/dev/oom_notify_critical", root);
	cr_assert_eq(mkfifo(path, 0600), 0);
	run();
	expect_row("device", CHECK_DEGRADED, "not a character device");
	expect_row("device_critical", CHECK_DEGRADED, "not a character device");
	cr_assert_eq(remove(path), 0);
	cr_assert_eq(symlink("/dev/null", path), 0);
	run();
	expect_row("device_critical", CHECK_DEGRADED, "not a character device");
	cr_expect(checks_will_work(checks, n));
}

/* Every path but those that tests create leads nowhere. */
Test(checks, empty_machine)
{
	env.root = "/nonexistent";
	memset(&env.features, 0, sizeof(env.features));
	env.features_err = -ENOENT;
	env.in_user_ns = -ENOENT;
	env.caps = 0;
	env.raw_tp = NOT_TRIED;
	env.ringbuf = NOT_TRIED;
	env.read_kernel = NOT_TRIED;
	run();
	cr_expect_not(checks_will_work(checks, n));
	expect_row("swap", CHECK_MISSING, "No such file");
	expect_row("cgroup", CHECK_DEGRADED, "not known");
	expect_row("module", CHECK_MISSING, "not loaded");
	expect_row("device", CHECK_MISSING, "no /dev/oom_notify");
}
