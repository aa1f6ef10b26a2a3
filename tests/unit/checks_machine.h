/* SPDX-License-Identifier: GPL-2.0-only */
/* A made-up machine for the tests of checks: its files, its limits, and what is said of it. */
#ifndef OOMN_CHECKS_MACHINE_H
#define OOMN_CHECKS_MACHINE_H

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
static inline void put(const char *path, const char *text)
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
static inline void start(void)
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
	env.bounding = env.caps | CAP(SYS_ADMIN);
	env.nofile = (struct rlimit){ 1024, 4096 };
	env.nr_cpus = 2;
	env.raw_tp = WORKS;
	env.read_kernel = WORKS;
	env.ringbuf = WORKS;
	put("/proc/self/fd/0", "");
	put("/proc/meminfo", "");
	put("/sys/kernel/btf/vmlinux", "");
	put("/proc/swaps", "Filename Type Size Used Priority\n"
			   "/dev/vda2 partition 1048572 512 -2\n");
	put("/proc/pressure/memory", "");
	put("/proc/self/mountinfo", "9 1 0:9 / /sys/fs/cgroup rw - cgroup2 none rw\n");
	put("/sys/fs/cgroup/cgroup.controllers", "cpu memory pids\n");
	put("/sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
	put("/sys/module/oom_notify/version", "0.1.0\n");
}

static inline void finish(void)
{
	char command[128];

	(void)snprintf(command, sizeof(command), "rm -r %s", root);
	cr_assert_eq(system(command), 0); /* NOLINT(cert-env33-c): our own folder */
}

static inline void run(void)
{
	n = checks_run(&env, checks);
	cr_assert_leq(n, CHECKS_MAX);
}

static inline const struct check *find(const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(checks[i].name, name))
			return &checks[i];
	return NULL;
}

static inline void expect_row(const char *name, enum check_state state, const char *in_detail)
{
	const struct check *c = find(name);

	cr_assert_not_null(c, "no row %s", name);
	cr_expect_eq(c->state, state, "%s: state %d, %s", name, c->state, c->detail);
	cr_expect_not_null(strstr(c->detail, in_detail), "%s: %s", name, c->detail);
	cr_expect_eq(c->cost == NULL, state == CHECK_OK, "%s: cost", name);
}

/* Only this one row changes, and with it the verdict. */
static inline void expect_missing_and_fatal(const char *name, const char *in_detail)
{
	run();
	expect_row(name, CHECK_MISSING, in_detail);
	cr_expect_eq(checks_verdict(checks, n), CHECKS_WILL_NOT, "%s", name);
}

#endif
