// SPDX-License-Identifier: GPL-2.0-only
/* `check` on made-up machines: capabilities, files of /proc and /sys, and garbage in them. */
#include "checks_machine.h"

TestSuite(checks, .init = start, .fini = finish);

Test(checks, good_machine)
{
	run();
	cr_expect_eq(checks_verdict(checks, n), CHECKS_WILL_WORK);
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
	cr_expect_eq(checks_verdict(checks, n), CHECKS_WILL_WORK);
	put("/sys/kernel/debug/tracing/events/vmscan/mm_vmscan_kswapd_wake/id", "garbage\n");
	run();
	expect_row("exact_counts", CHECK_DEGRADED, "Invalid argument");
	put("/sys/kernel/tracing/events/vmscan/mm_vmscan_kswapd_wake/id", "481\n");
	run();
	expect_row("exact_counts", CHECK_OK, "classic tracepoints");
}

Test(checks, ways_of_reading)
{
	struct features *f = &env.features;

	f->raw_tp_preemptible = true;
	run();
	expect_row("typed_reads", CHECK_OK, "none: each read of a hit by a helper");
	expect_row("reclaimers", CHECK_OK, "a hash table");
	f->raw_tp_preemptible = false;
	f->has_fetch = true;
	run();
	expect_row("typed_reads", CHECK_OK, "tp_btf");
	expect_row("reclaimers", CHECK_OK, "an array of slots");
	f->cast_func = f->folio_type = f->memcg_type = f->stat_type = f->task_type = 1;
	run();
	expect_row("typed_reads", CHECK_OK, "bpf_rdonly_cast");
}

Test(checks, capabilities)
{
	env.caps = CAP(PERFMON);
	env.raw_tp = NOT_TRIED;
	env.ringbuf = NOT_TRIED;
	env.read_kernel = NOT_TRIED;
	expect_missing_and_fatal("CAP_BPF", "not held");
	expect_row("CAP_PERFMON", CHECK_OK, "held");
	expect_row("bpf_load", CHECK_UNKNOWN, "not tried");
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
	cr_expect_eq(checks_verdict(checks, n), CHECKS_WILL_WORK);
}

Test(checks, user_namespace)
{
	env.in_user_ns = 1;
	env.caps = ~UINT64_C(0);
	expect_missing_and_fatal("user_namespace", "container");
	expect_row("CAP_BPF", CHECK_MISSING, "does not count");
	expect_row("CAP_SYS_NICE", CHECK_DEGRADED, "not held");

	/* What was tried needs no guess; without a try there is no promise. */
	env.in_user_ns = -ENOENT;
	run();
	expect_row("user_namespace", CHECK_OK, "a program loads");
	cr_expect_eq(checks_verdict(checks, n), CHECKS_WILL_WORK);
	env.raw_tp = NOT_TRIED;
	run();
	expect_row("user_namespace", CHECK_UNKNOWN, "not known");
	cr_expect_eq(checks_verdict(checks, n), CHECKS_NOT_KNOWN);
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
	cr_expect_null(find("tracepoints"));
	env.features_err = -EBADMSG;
	expect_missing_and_fatal("btf", "is no type information");
	env.features_err = -EINVAL;
	expect_missing_and_fatal("btf", "no tracepoint");
}

Test(checks, one_tracepoint_is_enough)
{
	char usable[32];

	for (int i = 0; i < NR_FEATURE_TPS; i++)
		env.features.tp[i] = i == TP_KSWAPD_WAKE ? TP_USABLE : TP_MISSING;
	run();
	(void)snprintf(usable, sizeof(usable), "1 of %d", NR_FEATURE_TPS);
	expect_row("tracepoints", CHECK_DEGRADED, usable);
	expect_row("mark_victim", CHECK_DEGRADED, "not in this kernel");
	cr_expect_eq(checks_verdict(checks, n), CHECKS_WILL_WORK);

	env.features.tp[TP_KSWAPD_WAKE] = TP_UNKNOWN_SHAPE;
	(void)snprintf(env.features.tp_args[TP_KSWAPD_WAKE], FEATURE_ARGS_LEN, "int, ?");
	usable[0] = '0';
	expect_missing_and_fatal("tracepoints", usable);
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
	expect_row("lockdown", CHECK_UNKNOWN, "not known");
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
	expect_row("swap", CHECK_OPTIONAL, "none");
	cr_expect_eq(checks_verdict(checks, n), CHECKS_WILL_WORK);
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
		expect_row("swap", CHECK_UNKNOWN, "not understood");
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
	expect_row("device", CHECK_OPTIONAL, "/dev/oom_notify");
	expect_row("device_critical", CHECK_OPTIONAL, "/dev/oom_notify_critical");
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
	cr_expect_eq(checks_verdict(checks, n), CHECKS_WILL_WORK);
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
	cr_expect_eq(checks_verdict(checks, n), CHECKS_WILL_NOT);
	expect_row("proc", CHECK_MISSING, "not mounted");
	expect_row("btf", CHECK_MISSING, "/sys is not mounted");
	expect_row("swap", CHECK_UNKNOWN, "No such file");
	expect_row("zswap", CHECK_UNKNOWN, "no /sys/module");
	expect_row("psi", CHECK_UNKNOWN, "no /proc/meminfo");
	expect_row("cgroup", CHECK_UNKNOWN, "not known");
	expect_row("module", CHECK_UNKNOWN, "no /sys/module");
	expect_row("device", CHECK_OPTIONAL, "no /dev/oom_notify");
}
