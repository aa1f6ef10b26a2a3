// SPDX-License-Identifier: GPL-2.0-only
/* bpftrace counting hits, where it is installed: what many would take for this. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "common/program.h"
#include "proc.h"
#include "source.h"

#define ATTACH_NS (30 * NS_PER_S)
/* It says nothing once attached; loading is what takes it long. */
#define SETTLE_NS (300 * NS_PER_MS)

static struct proc proc = PROC_NONE;

static const char *missing(void)
{
	return program_installed("bpftrace") ? NULL : "bpftrace is not installed";
}

static bool has_program(void)
{
	struct progs p;

	progs_read(proc.pid, &p);
	return p.n;
}

/* Nothing of it needs to be taken down, and 0.17 was seen not to hear SIGINT. */
static void free_bpftrace(void)
{
	if (proc.pid)
		(void)kill(proc.pid, SIGKILL);
	proc_free(&proc);
}

static int start(struct env *env)
{
	const struct proc_opts opts = { .cpu = -1, .tracefs = true };
	char script[128];
	const char *argv[] = { "bpftrace", "-e", script, NULL };
	uint64_t deadline_ns;
	char *line;
	int err = -1;

	for (int i = 0; i < 2 && err && err != -EINTR; i++) {
		free_bpftrace();
		snprintf(script, sizeof(script), "tracepoint:vmscan:%s { @ = count(); }",
			 swap_tracepoints[i]);
		err = proc_start(env, &proc, argv, &opts);
		if (!err)
			err = proc_wait_line(env, &proc, &proc.out, "Attaching", ATTACH_NS, &line);
	}
	deadline_ns = now_ns() + ATTACH_NS;
	while (!err && !has_program()) {
		err = env_sleep(env, 20 * NS_PER_MS);
		if (!err && now_ns() > deadline_ns)
			err = env_fail(env, "bpftrace loaded nothing");
	}
	return err ? err : env_sleep(env, SETTLE_NS);
}

static void read_progs(struct progs *p)
{
	progs_read(proc.pid, p);
}

static int stop(struct env *env, uint64_t *dropped)
{
	(void)env;
	(void)dropped;
	free_bpftrace();
	return 0;
}

const struct source source_bpftrace = {
	.name = "bpftrace",
	.program = "", /* it has one only */
	.start = start,
	.read = read_progs,
	.stop = stop,
	.free = free_bpftrace,
	.missing = missing,
};
