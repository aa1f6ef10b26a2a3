// SPDX-License-Identifier: GPL-2.0-only
/* `check` of what stands around the process: containers, filters, limits, and what a box takes. */
#include "checks_machine.h"

TestSuite(checks_process, .init = start, .fini = finish);

static void expect_remedy(const char *name, const char *in_remedy)
{
	run();
	cr_assert_not_null(find(name));
	cr_expect(find(name)->remedy && strstr(find(name)->remedy, in_remedy), "%s: %s", name,
		  find(name)->remedy);
}

/* Root is not told to become root. */
Test(checks_process, remedies_for_root_in_a_container)
{
	env.caps = 0;
	expect_remedy("CAP_BPF", "as root, or once: setcap");
	env.is_root = true;
	expect_remedy("CAP_BPF", "without what did");
	expect_row("CAP_BPF", CHECK_MISSING, "though this is root");
	env.bounding = 0;
	expect_remedy("CAP_BPF", "--cap-add BPF --cap-add PERFMON");
	expect_remedy("CAP_PERFMON", "--privileged");
	env.bounding = CAP(BPF);
	expect_remedy("CAP_PERFMON", "with --cap-add PERFMON (");
	env.bounding = CAP(PERFMON);
	expect_remedy("CAP_BPF", "with --cap-add BPF (");
	env.bounding = 0;
	expect_remedy("CAP_SYS_RESOURCE", "--cap-add SYS_RESOURCE");
	expect_remedy("CAP_IPC_LOCK", "--cap-add IPC_LOCK");
	expect_remedy("CAP_SYS_NICE", "--cap-add SYS_NICE");
	env.box = WORKS;
	env.box_is = "a cgroup";
	expect_remedy("box", "--cap-add SYS_ADMIN");
	/* Nobody can have what the bounding set has not got, either. */
	env.is_root = false;
	expect_remedy("CAP_BPF", "--cap-add BPF --cap-add PERFMON");
	env.in_user_ns = 1;
	expect_remedy("CAP_BPF", "outside of the container");
}

Test(checks_process, refused_though_held)
{
	env.raw_tp = REFUSED;
	env.raw_tp_err = -EPERM;
	expect_remedy("bpf_load", "security module");
	expect_row("bpf_load", CHECK_MISSING, "Operation not permitted");
	put("/proc/self/status", "Name:\tx\nSeccomp:\t0\nSeccomp_filters:\t0\n");
	expect_remedy("bpf_load", "security module");
	put("/proc/self/status", "Name:\tx\nSeccomp:\t2\nSeccomp_filters:\t1\n");
	expect_remedy("bpf_load", "seccomp=unconfined");
	expect_row("bpf_load", CHECK_MISSING, "a seccomp filter is on");
}

Test(checks_process, limits_of_the_process)
{
	env.nofile = (struct rlimit){ 5, 95 };
	expect_missing_and_fatal("open_files", "at most 95 open files, and it takes 96");
	env.nofile.rlim_max = 96;
	run();
	cr_expect_null(find("open_files"));
	env.features.raw_tp_preemptible = true;
	expect_missing_and_fatal("open_files", "it takes 128");
	env.nofile.rlim_max = 128;
	env.nr_cpus = -EINVAL;
	expect_missing_and_fatal("cpus", "Invalid argument");
}

Test(checks_process, box)
{
	run();
	cr_expect_null(find("box"));
	env.box = WORKS;
	env.box_is = "a cgroup and a file";
	run();
	expect_row("box", CHECK_OPTIONAL, "CAP_SYS_ADMIN is not held");
	env.caps |= CAP(SYS_ADMIN);
	run();
	expect_row("box", CHECK_OK, "possible: a cgroup and a file");
	env.box = REFUSED;
	env.box_is = "read-only";
	run();
	expect_row("box", CHECK_OPTIONAL, "not possible: read-only");
	cr_expect_eq(checks_verdict(checks, n), CHECKS_WILL_WORK);
}

/* No other row may be red: what is not required is optional, degraded or unknown. */
Test(checks_process, only_required_rows_are_missing)
{
	env.root = "/nonexistent";
	env.caps = 0;
	env.nofile.rlim_max = 3;
	env.nr_cpus = 0;
	env.raw_tp = env.read_kernel = env.ringbuf = env.box = REFUSED;
	env.box_is = "";
	memset(env.features.tp, 0, sizeof(env.features.tp));
	run();
	for (size_t i = 0; i < n; i++)
		cr_expect(checks[i].required || checks[i].state != CHECK_MISSING, "%s",
			  checks[i].name);
}
