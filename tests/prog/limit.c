// SPDX-License-Identifier: GPL-2.0-only
/*
 * The BPF side's view of a memory cgroup's counters, and when it rings: against the kernel's files.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "common/clock.h"
#include "libcheck.h"
#include "libgroup.h"
#include "librig.h"
#include "limit.h"

#define MB	    (1ULL << 20)
#define SLOT	    5
#define MS_NS	    1000000ULL
#define TICK_NS	    (4 * MS_NS)
#define HOUR_NS	    (3600 * 1000 * MS_NS)
#define PATIENCE_NS (20 * 1000 * MS_NS)
/* Twice as long as it takes to rest. */
#define SOON_NS	 (2 * 32 * 20 * MS_NS)
#define NO_LIMIT (1ULL << 40) /* in pages: more than any machine has */

static struct rig *rig;
static struct oomn_limit *table;

static void open_rig(void)
{
	rig = rig_open(&(struct rig_opts){ 0 });
	table = mmap(NULL, OOMN_NR_LIMITS * sizeof(*table), PROT_READ | PROT_WRITE, MAP_SHARED,
		     rig_map_fd(rig, "limits"), 0);
	if (table == MAP_FAILED)
		abort();
}

static void close_rig(void)
{
	munmap(table, OOMN_NR_LIMITS * sizeof(*table));
	rig_close(rig);
}

static int add(const struct group *g, uint32_t slot)
{
	return run(rig, "limit_add", (uint64_t)g->fd, slot);
}

/* As if all were due. */
static uint32_t look(void)
{
	volatile struct oomn_limit *s = &table[SLOT];

	s->due_ns = s->all_due_ns = 0;
	EXPECT_EQ(run(rig, "limit_look", 0), 0);
	return s->why;
}

static const char *file_of(const struct group *g, const char *v1, const char *v2)
{
	return faccessat(g->fd, v1, F_OK, 0) ? v2 : v1;
}

static uint64_t usage_bytes(const struct group *g)
{
	const char *name = file_of(g, "memory.usage_in_bytes", "memory.current");
	int fd = openat(g->fd, name, O_RDONLY | O_CLOEXEC);
	char text[32] = "";

	EXPECT(fd >= 0 && read(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	return strtoull(text, NULL, 10);
}

static void set_limit(const struct group *g, const char *text)
{
	const char *name = file_of(g, "memory.limit_in_bytes", "memory.max");
	int fd = openat(g->fd, name, O_WRONLY | O_CLOEXEC);

	EXPECT(fd >= 0 && write(fd, text, strlen(text)) > 0);
	close(fd);
}

static uint64_t page_bytes(void)
{
	return (uint64_t)sysconf(_SC_PAGESIZE);
}

static void touch(uint64_t bytes)
{
	char *mem = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	EXPECT(mem != MAP_FAILED);
	if (mem != MAP_FAILED)
		memset(mem, 1, bytes);
}

/* At rest, which is when the file says the same before and after. */
static void same_as_the_file(void *ctx)
{
	const struct group *g = ctx;
	uint64_t before, after;

	touch(8 * MB);
	do {
		before = usage_bytes(g);
		(void)look();
		after = usage_bytes(g);
	} while (before != after);
	EXPECT_EQ(table[SLOT].usage_pages * page_bytes(), before);
	EXPECT_GE(before, 8 * MB);
}

static void counters(void)
{
	struct group g = group_make(NULL, "counters");

	open_rig();
	set_limit(&g, "64M");
	EXPECT_EQ(add(&g, SLOT), 0);
	EXPECT_EQ(table[SLOT].id, g.id);
	EXPECT_EQ(table[SLOT].limit_pages * page_bytes(), 64 * MB);
	EXPECT_EQ(table[SLOT].why, 0);
	EXPECT_EQ(rig->cgroups[table[SLOT].row].id, g.id);
	group_run(&g, same_as_the_file, &g);
	close_rig();
	group_remove(&g);
}

/* From the line on and not before; then not again until user space has taken it. */
static void at_the_line(void *ctx)
{
	const struct group *g = ctx;
	volatile struct oomn_limit *s = &table[SLOT];

	s->wake_pages = (usage_bytes(g) + 4 * MB) / page_bytes();
	EXPECT_EQ(look(), 0);
	touch(6 * MB);
	EXPECT_EQ(look(), OOMN_WHY_USAGE);
	s->due_ns = 0;
	s->usage_pages = 0;
	EXPECT_EQ(run(rig, "limit_look", 0), 0);
	EXPECT_EQ(s->usage_pages, 0);
	s->why = 0;
	s->wake_pages = OOMN_LIMIT_NEVER;
	EXPECT_EQ(look(), 0);
}

static void rings_at_the_line(void)
{
	struct group g = group_make(NULL, "line");

	open_rig();
	set_limit(&g, "64M");
	EXPECT_EQ(add(&g, SLOT), 0);
	group_run(&g, at_the_line, &g);
	close_rig();
	group_remove(&g);
}

static void not_before_it_is_due(void)
{
	struct group g = group_make(NULL, "due");
	volatile struct oomn_limit *s;

	open_rig();
	EXPECT_EQ(add(&g, SLOT), 0);
	s = &table[SLOT];
	EXPECT_EQ(look(), 0);
	EXPECT(s->due_ns > 0 && s->due_ns != OOMN_NOT_DUE_NS);
	s->wake_pages = 0;
	EXPECT_EQ(run(rig, "limit_look", 0), 0);
	EXPECT_EQ(s->why, 0);
	EXPECT_EQ(look(), OOMN_WHY_USAGE);
	close_rig();
	group_remove(&g);
}

static void rings_when_the_limit_changes(void)
{
	struct group g = group_make(NULL, "changes");

	open_rig();
	EXPECT_EQ(add(&g, SLOT), 0);
	EXPECT(table[SLOT].limit_pages > NO_LIMIT);
	EXPECT_EQ(look(), 0);
	set_limit(&g, "32M");
	EXPECT_EQ(look(), OOMN_WHY_CHANGED);
	EXPECT_EQ(table[SLOT].limit_pages * page_bytes(), 32 * MB);
	table[SLOT].why = 0;
	EXPECT_EQ(look(), 0);
	close_rig();
	group_remove(&g);
}

static void rings_when_it_is_removed(void)
{
	struct group g = group_make(NULL, "removed");

	open_rig();
	EXPECT_EQ(add(&g, SLOT), 0);
	EXPECT_EQ(look(), 0);
	group_remove(&g);
	/* The kernel takes it offline a little later. */
	for (int i = 0; i < 10000 && !look(); i++)
		rig_sleep_ns(1000000);
	EXPECT_EQ(table[SLOT].why & OOMN_WHY_GONE, OOMN_WHY_GONE);
	close_rig();
}

static void free_slots_are_left_alone(void)
{
	struct group g = group_make(NULL, "free");

	open_rig();
	EXPECT_EQ(add(&g, SLOT), 0);
	table[SLOT].id = 0;
	table[SLOT].wake_pages = 0;
	table[SLOT].usage_pages = 0;
	EXPECT_EQ(look(), 0);
	close_rig();
	group_remove(&g);
}

/*
 * While the clock rests something else comes by: it looks at what is due before it may come by
 * again.
 */
static void when_something_runs(void *ctx)
{
	volatile struct oomn_limits_shared *shared = rig_limits(rig);
	volatile struct oomn_limit *s = &table[SLOT];
	uint64_t looks;

	(void)ctx;
	touch(MB);
	(void)look();
	shared->tick_ns = TICK_NS;
	shared->rests = 0;
	s->due_ns = shared->due_ns = 0;
	looks = shared->looks;
	EXPECT_EQ(run(rig, "limit_busy", 0), 0);
	EXPECT_EQ(shared->looks, looks); /* the clock goes */
	shared->rests = 1;
	s->due_ns = shared->due_ns = now_ns() + HOUR_NS;
	EXPECT_EQ(run(rig, "limit_busy", 0), 0);
	EXPECT_EQ(shared->looks, looks); /* nothing is due */
	s->due_ns = shared->due_ns = now_ns() + TICK_NS / 2;
	EXPECT_EQ(run(rig, "limit_busy", 0), 0);
	EXPECT_EQ(shared->looks, looks + 1);
	EXPECT_EQ(shared->rests, 1); /* nothing has moved */
	EXPECT_EQ(shared->stopped, 0);
	touch(4 * MB);
	s->due_ns = shared->due_ns = 0;
	EXPECT_EQ(run(rig, "limit_busy", 0), 0);
	EXPECT_EQ(shared->rests, 0);
	EXPECT_EQ(shared->stopped, 1);
}

static void looks_when_something_runs(void)
{
	struct group g = group_make(NULL, "busy");

	open_rig();
	set_limit(&g, "64M");
	EXPECT_EQ(add(&g, SLOT), 0);
	group_run(&g, when_something_runs, NULL);
	close_rig();
	group_remove(&g);
}

static bool rests_within(uint64_t ns)
{
	const uint64_t until_ns = now_ns() + ns;

	while (!rig_limits(rig)->rests && now_ns() < until_ns)
		rig_sleep_ns(MS_NS);
	return rig_limits(rig)->rests;
}

/* It does when nothing moves and lines are far, and not when one is near. */
static void the_clock_rests(void)
{
	struct group g = group_make(NULL, "rests");
	volatile struct oomn_limits_shared *shared;

	open_rig();
	shared = rig_limits(rig);
	EXPECT_EQ(add(&g, SLOT), 0);
	table[SLOT].max_gap_ns = 20 * MS_NS;
	shared->tick_ns = 9 * MS_NS;
	if (run(rig, "limit_start", 0)) {
		check_skip("this kernel gives us no BPF timer");
	} else {
		EXPECT(rests_within(PATIENCE_NS));
		/* A line that is nearer than two ticks does not wait for them. */
		shared->tick_ns = 11 * MS_NS;
		EXPECT_EQ(run(rig, "limit_start", 0), 0);
		EXPECT_EQ(shared->rests, 0);
		EXPECT(!rests_within(SOON_NS));
	}
	close_rig();
	group_remove(&g);
}

static void what_is_no_memory_cgroup(void)
{
	struct group g = group_make(NULL, "none");
	struct group other = g;

	open_rig();
	other.fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	EXPECT_EQ(add(&other, SLOT), 1);
	close(other.fd);
	other.fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
	EXPECT_EQ(add(&other, SLOT), 1);
	close(other.fd);
	other.fd = openat(g.fd, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	EXPECT_EQ(add(&other, SLOT), 1);
	close(other.fd);
	other.fd = 1 << 20;
	EXPECT_EQ(add(&other, SLOT), 1);
	EXPECT_EQ(add(&g, OOMN_NR_LIMITS), 1);
	EXPECT_EQ(table[SLOT].id, 0);
	close_rig();
	group_remove(&g);
}

int main(void)
{
	static const struct check checks[] = {
		{ "counters are those of the files", counters },
		{ "rings at the line", rings_at_the_line },
		{ "not before it is due", not_before_it_is_due },
		{ "rings when the limit changes", rings_when_the_limit_changes },
		{ "rings when it is removed", rings_when_it_is_removed },
		{ "free slots are left alone", free_slots_are_left_alone },
		{ "looks when something runs", looks_when_something_runs },
		{ "the clock rests", the_clock_rests },
		{ "what is no memory cgroup", what_is_no_memory_cgroup },
	};

	return GROUP_CHECK_ALL(checks);
}
