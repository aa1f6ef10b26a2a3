// SPDX-License-Identifier: GPL-2.0-only
/* The OOM killer's victims: each told by itself, with what is known of it and why it had to go. */
#include <bpf/bpf.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "box/cgroup.h"
#include "common/file.h"
#include "common/clock.h"
#include "libcheck.h"
#include "librig.h"
#include "record.h"
#include "tables.h"

#define GFP	      0x140ccaU
#define TOUCHED_BYTES (32UL << 20)
static const struct oomn_oom_kill *read_kill(struct rig *r)
{
	EXPECT_EQ(rig_read(r), 1);
	EXPECT_EQ(r->rec[0].hdr.kind, OOMN_OOM_KILL);
	EXPECT_EQ(r->rec[0].hdr.size, sizeof(struct oomn_oom_kill));
	EXPECT_EQ(r->rec[0].hdr.hits, 1);
	return &r->rec[0].oom_kill;
}

static uint64_t status_kb(const char *key)
{
	char text[4096] = "";
	const char *line;

	EXPECT(file_read(AT_FDCWD, "/proc/self/status", text, sizeof(text)) > 0);
	line = strstr(text, key);
	EXPECT(line);
	return line ? strtoull(line + strlen(key), NULL, 10) : 0;
}

/* Until 5.10 the kernel told nothing else. */
static void pid_only(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ 0 });
	const struct oomn_oom_kill *kill;
	uint64_t id;

	rig_own_memcg(r, &id);
	run(r, "mark_victim", 4321);
	kill = read_kill(r);
	EXPECT_EQ(kill->hdr.pid, 4321);
	EXPECT_EQ(kill->hdr.tid, 4321);
	EXPECT_STR(kill->hdr.comm, "");
	EXPECT_EQ(kill->has_task, 0);
	EXPECT_EQ(kill->hdr.cause, OOMN_CAUSE_UNKNOWN);
	EXPECT_EQ(kill->is_memcg, 0);
	EXPECT_EQ(kill->hdr.cgroup_id, id);
	rig_close(r);
}

/* ... and so says it did not tell. */
static void pid_only_not_told(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ 0 });
	const struct oomn_oom_kill *kill;

	run(r, "mark_victim", 4321);
	kill = read_kill(r);
	EXPECT_EQ(kill->uid, OOMN_NOT_TOLD);
	EXPECT_EQ(kill->total_vm_kb, OOMN_NOT_TOLD);
	EXPECT_EQ(kill->anon_rss_kb, OOMN_NOT_TOLD);
	EXPECT_EQ(kill->file_rss_kb, OOMN_NOT_TOLD);
	EXPECT_EQ(kill->shmem_rss_kb, OOMN_NOT_TOLD);
	EXPECT_EQ(kill->pgtables_kb, OOMN_NOT_TOLD);
	rig_close(r);
}

/* Resident pages are counted per CPU, and only the sum's central part is read. */
static void expect_about(struct rig *r, uint64_t got_kb, uint64_t want_kb)
{
	uint64_t batch = r->nr_cpus > 16 ? 2 * r->nr_cpus : 32;
	uint64_t off_kb = 4 * batch * r->nr_cpus;

	EXPECT_LE(got_kb, want_kb + off_kb);
	EXPECT_GE(got_kb + off_kb, want_kb);
}

static void with_task(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .victim_has_task = true });
	char *touched = mmap(NULL, TOUCHED_BYTES, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	const struct oomn_oom_kill *kill;
	char comm[OOMN_COMM_LEN] = "", adj[32] = "";
	uint64_t id, vm_kb, tables_kb;

	EXPECT(touched != MAP_FAILED);
	rig_own_memcg(r, &id);
	prctl(PR_GET_NAME, comm);
	EXPECT(file_read(AT_FDCWD, "/proc/self/oom_score_adj", adj, sizeof(adj)) > 0);
	vm_kb = status_kb("VmSize:");
	tables_kb = status_kb("VmPTE:");
	run(r, "mark_victim", rig_own_task(r), 1234);
	kill = read_kill(r);
	EXPECT_EQ(kill->has_task, 1);
	EXPECT_EQ(kill->hdr.pid, getpid());
	EXPECT_EQ(kill->hdr.tid, gettid());
	EXPECT_STR(kill->hdr.comm, comm);
	EXPECT_EQ(kill->hdr.cgroup_id, id);
	EXPECT_EQ(kill->uid, 1234);
	EXPECT_EQ(kill->oom_score_adj, strtol(adj, NULL, 10));
	EXPECT_GE(kill->total_vm_kb, vm_kb);
	EXPECT_LE(kill->total_vm_kb, status_kb("VmSize:"));
	EXPECT_GE(kill->pgtables_kb, tables_kb);
	EXPECT_LE(kill->pgtables_kb, status_kb("VmPTE:"));
	expect_about(r, kill->anon_rss_kb, status_kb("RssAnon:"));
	expect_about(r, kill->file_rss_kb, status_kb("RssFile:"));
	expect_about(r, kill->shmem_rss_kb, status_kb("RssShmem:"));
	EXPECT_GE(kill->anon_rss_kb, TOUCHED_BYTES / 1024 - 4096);
	EXPECT_LE(kill->file_rss_kb, TOUCHED_BYTES / 1024 / 2);
	munmap(touched, TOUCHED_BYTES);
	rig_close(r);
}

/* Moves this process to where the idle task is: the root of the memory cgroups. */
static bool join_root(void)
{
	struct cgroup_mount mount;
	struct failure why;
	int dir, err;

	if (cgroup_mount_self(&mount, &why))
		return false;
	dir = open(mount.dir, O_PATH | O_CLOEXEC);
	err = file_write(dir, "cgroup.procs", "0");
	close(dir);
	return !err;
}

/* The figures of the victim before it at the same gate must not be taken for its own. */
static void victim_without_memory(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .victim_has_task = true });
	uint64_t idle = rig_idle_task(r), id;
	const struct oomn_oom_kill *kill;
	bool moved = join_root();

	if (!idle) {
		check_skip("the idle task is not among our ancestors");
		return rig_close(r);
	}
	run(r, "mark_victim", rig_own_task(r), 1);
	EXPECT(read_kill(r)->total_vm_kb > 0);
	id = r->rec[0].hdr.cgroup_id;
	run(r, "mark_victim", idle, 2);
	kill = read_kill(r);
	EXPECT_EQ(kill->hdr.pid, 0);
	EXPECT_EQ(kill->uid, 2);
	EXPECT_EQ(kill->has_task, 1);
	EXPECT_EQ(kill->total_vm_kb, OOMN_NOT_TOLD);
	EXPECT_EQ(kill->anon_rss_kb, OOMN_NOT_TOLD);
	EXPECT_EQ(kill->pgtables_kb, OOMN_NOT_TOLD);
	if (!moved || kill->hdr.cgroup_id != id)
		check_skip("this process can't get to the root cgroup, where the idle task is");
	rig_close(r);
}

/* Three in a row within whatever gap: three records, each of its own victim. */
static void each_by_itself(void)
{
	static const struct rig_opts modes[] = {
		{ 0 },
		{ .gap_ns = NS_PER_S },
		{ .gap_ns = NS_PER_S, .gap_by_clock = true },
	};

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		struct rig *r = rig_open(&modes[i]);

		for (unsigned int pid = 501; pid <= 503; pid++)
			run(r, "mark_victim", pid);
		EXPECT_EQ(rig_read(r), 3);
		for (size_t j = 0; j < r->nr_rec; j++)
			EXPECT_EQ(r->rec[j].hdr.pid, 501 + j);
		EXPECT_EQ(rig_waiting(r), 0);
		rig_close(r);
	}
}

/* The killer's last reclaim says whose memory ran out. */
static void expect_cause(const struct rig_opts *o, const char *begin, const char *end,
			 enum oomn_cause cause)
{
	struct rig *r = rig_open(o);
	const struct oomn_oom_kill *kill;

	run(r, begin, 0, GFP);
	run(r, end, 0);
	EXPECT_EQ(rig_read(r), 2);
	run(r, "mark_victim", 4321);
	kill = read_kill(r);
	EXPECT_EQ(kill->hdr.cause, cause);
	EXPECT_EQ(kill->is_memcg, cause == OOMN_CAUSE_MEMCG);
	rig_close(r);
}

static void causes(void)
{
	const struct rig_opts plain = { 0 }, psi = { .psi_on = true };

	expect_cause(&plain, "memcg_begin", "memcg_end", OOMN_CAUSE_MEMCG);
	expect_cause(&plain, "direct_begin", "direct_end", OOMN_CAUSE_DIRECT);
	expect_cause(&plain, "node_begin", "node_end", OOMN_CAUSE_NODE);
	/* Asked for, but within a limit all the same (a limit being lowered). */
	expect_cause(&psi, "memcg_begin", "memcg_end", OOMN_CAUSE_MEMCG);
}

#define SEND_SIG_PRIV 1
#define DELIVERED     0
#define IGNORED	      1

static void signalled(struct rig *r, uint64_t sig, uint64_t info, uint64_t group, uint64_t result)
{
	run(r, "signal_generate", sig, info, rig_own_task(r), group, result);
}

static uint64_t kills_told(struct rig *r, uint32_t tid)
{
	run(r, "mark_victim", tid);
	return rig_read(r);
}

/* Only what the kernel itself has just killed: a thread that dies anyway is marked as well. */
static void killed_by_the_kernel(void)
{
	static const struct {
		uint64_t sig, info, group;
		bool kills;
	} cases[] = {
		{ SIGKILL, SEND_SIG_PRIV, 1, true },
		{ SIGKILL, 0, 1, false }, /* kill() has no siginfo in some kernels */
		{ SIGKILL, 0xffff888000001000, 1, false }, /* ... and one in others */
		{ SIGKILL, SEND_SIG_PRIV, 0, false },	   /* to one thread */
		{ SIGTERM, SEND_SIG_PRIV, 1, false },
	};
	struct rig *r = rig_open(&(struct rig_opts){ .kills_signalled = true });
	uint32_t tid = (uint32_t)gettid();

	EXPECT_EQ(kills_told(r, tid), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		signalled(r, cases[i].sig, cases[i].info, cases[i].group, DELIVERED);
		EXPECT_EQ(kills_told(r, tid + 1), 0); /* another thread of the victim */
		EXPECT_EQ(kills_told(r, tid), cases[i].kills);
		EXPECT_EQ(kills_told(r, tid), 0); /* it meets the limit again */
	}
	EXPECT_EQ(rig_count(r, OOMN_OOM_KILL).hits, 1);
	rig_close(r);
}

/* Whom the kernel kills again is one victim, though it counts two. */
static void killed_again(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .kills_signalled = true });
	uint32_t tid = (uint32_t)gettid();

	signalled(r, SIGKILL, SEND_SIG_PRIV, 1, DELIVERED);
	EXPECT_EQ(kills_told(r, tid), 1);
	EXPECT_EQ(rig_kills_again(r), 0);
	signalled(r, SIGKILL, SEND_SIG_PRIV, 1, IGNORED);
	EXPECT_EQ(rig_kills_again(r), 1);
	/* Another of its threads may be marked for it. */
	signalled(r, SIGKILL, SEND_SIG_PRIV, 1, IGNORED);
	EXPECT_EQ(kills_told(r, tid), 0);
	EXPECT_EQ(rig_kills_again(r), 2);
	signalled(r, SIGKILL, SEND_SIG_PRIV, 1, DELIVERED);
	EXPECT_EQ(kills_told(r, tid), 1);
	rig_close(r);
}

static void *reclaim_memcg(void *arg)
{
	run((struct rig *)arg, "memcg_begin", 0, GFP);
	run((struct rig *)arg, "memcg_end", 0);
	return NULL;
}

/* However many others have reclaimed since. */
static void among_others(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .victim_has_task = true });

	run(r, "direct_begin", 0, GFP);
	run(r, "direct_end", 0);
	for (int i = 0; i < 2100; i++) {
		pthread_t thread;

		EXPECT_EQ(pthread_create(&thread, NULL, reclaim_memcg, r), 0);
		EXPECT_EQ(pthread_join(thread, NULL), 0);
		rig_read(r);
	}
	run(r, "mark_victim", rig_own_task(r), 0);
	EXPECT_EQ(read_kill(r)->hdr.cause, OOMN_CAUSE_DIRECT);
	rig_close(r);
}

/* Nothing is said by the reclaim of an earlier task of this tid, by one of long ago, by none. */
static void unrelated(void)
{
	uint32_t tid = (uint32_t)gettid();
	struct rig *r = rig_open(&(struct rig_opts){ 0 });
	struct oomn_recent own, other;
	int fd = rig_map_fd(r, "recents");

	reclaim_memcg(r);
	EXPECT_EQ(rig_read(r), 2);
	EXPECT_EQ(bpf_map_lookup_elem(fd, &tid, &own), 0);
	EXPECT_EQ(own.cause, OOMN_CAUSE_MEMCG);
	for (int i = 0; i < 4; i++) {
		const struct oomn_oom_kill *kill;

		other = own;
		other.task_start_ns -= i == 0;
		other.end_ns -= i == 1 ? 11 * NS_PER_S : 0;
		other.end_ns = i == 2 ? 0 : other.end_ns;
		EXPECT_EQ(bpf_map_update_elem(fd, &tid, &other, BPF_ANY), 0);
		run(r, "mark_victim", 4321);
		kill = read_kill(r);
		EXPECT_EQ(kill->hdr.cause, i == 3 ? OOMN_CAUSE_MEMCG : OOMN_CAUSE_UNKNOWN);
		EXPECT_EQ(kill->is_memcg, i == 3);
	}
	rig_close(r);
}

int main(void)
{
	static const struct check checks[] = {
		{ "pid_only", pid_only },
		{ "pid_only_not_told", pid_only_not_told },
		{ "with_task", with_task },
		{ "each_by_itself", each_by_itself },
		{ "causes", causes },
		{ "killed_by_the_kernel", killed_by_the_kernel },
		{ "killed_again", killed_again },
		{ "among_others", among_others },
		{ "unrelated", unrelated },
		{ "victim_without_memory", victim_without_memory }, /* moves this process */
	};

	rig_pin(rig_cpu(0));
	return CHECK_ALL(checks);
}
