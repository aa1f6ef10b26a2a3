// SPDX-License-Identifier: GPL-2.0-only
/* The OOM killer's victims: each told by itself, with what is known of it and why it had to go. */
#include <bpf/bpf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "box/cgroup.h"
#include "box/file.h"
#include "common/clock.h"
#include "libcheck.h"
#include "librig.h"

#define GFP	      0x140ccaU
#define TOUCHED_BYTES (32UL << 20)
#define NR_RECENT     1024 /* as in bpf/reclaim.bpf.h */

/* bpf/reclaim.bpf.h, which only BPF programs can include. */
struct recent {
	uint64_t end_ns;
	uint32_t tid;
	uint32_t cause;
};

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
	EXPECT_EQ(kill->hdr.cause, OOMN_UNKNOWN);
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
	struct box_why why;
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
	EXPECT_EQ(kill->is_memcg, cause == OOMN_MEMCG);
	rig_close(r);
}

static void causes(void)
{
	const struct rig_opts plain = { 0 }, psi = { .psi_on = true };

	expect_cause(&plain, "memcg_begin", "memcg_end", OOMN_MEMCG);
	expect_cause(&plain, "direct_begin", "direct_end", OOMN_DIRECT);
	expect_cause(&plain, "node_begin", "node_end", OOMN_NODE);
	/* Asked for, but within a limit all the same (a limit being lowered). */
	expect_cause(&psi, "memcg_begin", "memcg_end", OOMN_MEMCG);
}

/* Neither another task's reclaim nor one of long ago says anything. */
static void unrelated(void)
{
	uint32_t tid = (uint32_t)gettid(), slot = tid % NR_RECENT;
	struct recent others[] = {
		{ .end_ns = now_ns(), .tid = tid + NR_RECENT, .cause = OOMN_MEMCG },
		{ .end_ns = now_ns() - 11 * NS_PER_S, .tid = tid, .cause = OOMN_MEMCG },
		{ .end_ns = now_ns(), .tid = tid, .cause = OOMN_MEMCG },
	};
	const size_t related = 2;
	struct rig *r = rig_open(&(struct rig_opts){ 0 });

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		const struct oomn_oom_kill *kill;

		EXPECT_EQ(bpf_map_update_elem(rig_map_fd(r, "recents"), &slot, &others[i], BPF_ANY),
			  0);
		run(r, "mark_victim", 4321);
		kill = read_kill(r);
		EXPECT_EQ(kill->hdr.cause, i == related ? OOMN_MEMCG : OOMN_UNKNOWN);
		EXPECT_EQ(kill->is_memcg, i == related);
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
		{ "unrelated", unrelated },
		{ "victim_without_memory", victim_without_memory }, /* moves this process */
	};

	rig_pin(rig_cpu(0));
	return CHECK_ALL(checks);
}
