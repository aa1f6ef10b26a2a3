// SPDX-License-Identifier: GPL-2.0-only
/* Slots of tasks in reclaim: who has one, who finds it taken, what it keeps of its last task. */
#include <bpf/bpf.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "common/clock.h"
#include "core/reclaimers.h"
#include "libcheck.h"
#include "librig.h"
#include "record.h"
#include "tables.h"

#define GFP	    0x140ccaU
#define LONG_GAP_NS (3600 * NS_PER_S)

static uint32_t own_tid(void)
{
	return (uint32_t)gettid();
}

static struct oomn_reclaimer *slot_of(const struct rig *r, uint32_t tid)
{
	return &r->slots[tid % OOMN_NR_SLOTS];
}

static bool in_hash(const struct rig *r, uint32_t tid)
{
	struct oomn_reclaimer entry;

	return !bpf_map_lookup_elem(rig_map_fd(r, "reclaimers"), &tid, &entry);
}

static bool in_slot(const struct rig *r, uint32_t tid)
{
	return slot_of(r, tid)->owner == (OOMN_SLOT_BUSY | tid);
}

/* The one record in the ring, of a reclaim that ended. */
static const struct oomn_reclaim_end *read_end(struct rig *r)
{
	EXPECT_EQ(rig_read(r), 1);
	EXPECT_EQ(r->rec[0].hdr.kind, OOMN_RECLAIM_END);
	EXPECT_EQ(r->rec[0].hdr.flags, 0);
	return &r->rec[0].reclaim_end;
}

static void begin(struct rig *r, const char *prog, unsigned int order)
{
	run(r, prog, order, GFP);
	EXPECT_EQ(rig_read(r), 1);
}

static void pair(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .slots = true });
	const struct oomn_reclaim_end *end;
	const uint32_t tid = own_tid();

	begin(r, "direct_begin", 3);
	EXPECT(in_slot(r, tid));
	EXPECT(!in_hash(r, tid));
	EXPECT_EQ(reclaimers_count_slots(r->slots), 1);
	run(r, "shrink_inactive", 0, 50, 20);
	run(r, "drive_swap_out", 0, 1, 0);
	EXPECT_EQ(rig_read(r), 1);
	EXPECT_EQ(r->rec[0].hdr.cause, OOMN_CAUSE_DIRECT);
	rig_sleep_ns(2 * NS_PER_MS);
	run(r, "direct_end", 20);
	end = read_end(r);
	EXPECT(end->order == 3 && end->gfp == GFP && end->hdr.node == -1);
	EXPECT_EQ(end->scanned_pages, 50);
	EXPECT_EQ(end->freed_pages, 20);
	EXPECT_GE(end->duration_ns, 2 * NS_PER_MS);
	EXPECT_EQ(slot_of(r, tid)->owner, tid);
	EXPECT_EQ(reclaimers_count_slots(r->slots), 0);
	/* Nothing is left of its scanning. */
	begin(r, "direct_begin", 0);
	run(r, "direct_end", 0);
	EXPECT_EQ(read_end(r)->scanned_pages, 0);
	rig_close(r);
}

/* A thread that begins and ends reclaim when told to. */
struct other {
	struct rig *r;
	pthread_t thread;
	uint32_t tid;
	sem_t is_there, go, done;
};

static void *other_main(void *arg)
{
	struct other *o = arg;

	o->tid = own_tid();
	sem_post(&o->is_there);
	sem_wait(&o->go);
	run(o->r, "direct_begin", 1, GFP);
	sem_post(&o->done);
	sem_wait(&o->go);
	run(o->r, "direct_end", 7);
	sem_post(&o->done);
	return NULL;
}

static void other_start(struct other *o, struct rig *r)
{
	o->r = r;
	sem_init(&o->is_there, 0, 0);
	sem_init(&o->go, 0, 0);
	sem_init(&o->done, 0, 0);
	EXPECT_EQ(pthread_create(&o->thread, NULL, other_main, o), 0);
	sem_wait(&o->is_there);
}

static void other_step(struct other *o)
{
	sem_post(&o->go);
	sem_wait(&o->done);
}

static void *return_tid(void *arg)
{
	*(uint32_t *)arg = own_tid();
	return NULL;
}

/*
 * Two threads whose tids are equal modulo the table. Threads that end at once count tids up; the
 * pair may take a few rounds where others start processes meanwhile.
 */
static bool start_colliding(struct other *a, struct other *b, struct rig *r)
{
	pthread_t thread;
	uint32_t tid = 0;

	other_start(a, r);
	for (int i = 0; i < 64 * OOMN_NR_SLOTS; i++) {
		if (pthread_create(&thread, NULL, return_tid, &tid) || pthread_join(thread, NULL))
			return false;
		if ((tid + 1) % OOMN_NR_SLOTS != a->tid % OOMN_NR_SLOTS)
			continue;
		other_start(b, r);
		if (b->tid % OOMN_NR_SLOTS == a->tid % OOMN_NR_SLOTS)
			return true;
		other_step(b);
		other_step(b);
		pthread_join(b->thread, NULL);
		rig_read(r);
	}
	return false;
}

/* A task that finds the slot taken is in the hash table; both are told whole, in any order. */
static void collision(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .slots = true });
	struct other a, b;
	const struct oomn_reclaim_end *end;
	uint64_t before;

	EXPECT(start_colliding(&a, &b, r));
	before = rig_stall(r, OOMN_CAUSE_DIRECT).count;
	other_step(&a);
	EXPECT(in_slot(r, a.tid));
	other_step(&b);
	EXPECT(in_slot(r, a.tid));
	EXPECT(in_hash(r, b.tid));
	EXPECT_EQ(rig_read(r), 2);
	other_step(&a);
	end = read_end(r);
	EXPECT_EQ(end->hdr.tid, a.tid);
	EXPECT_EQ(end->order, 1);
	EXPECT(in_hash(r, b.tid));
	other_step(&b);
	end = read_end(r);
	EXPECT_EQ(end->hdr.tid, b.tid);
	EXPECT_EQ(end->order, 1);
	EXPECT(!in_hash(r, b.tid));
	EXPECT_EQ(rig_stall(r, OOMN_CAUSE_DIRECT).count, before + 2);
	EXPECT_EQ(slot_of(r, a.tid)->owner, a.tid);
	pthread_join(a.thread, NULL);
	pthread_join(b.thread, NULL);
	rig_close(r);
}

#define MANY (OOMN_NR_SLOTS + 76)

/* More tasks in reclaim than there are slots: each has its begin and its end, none is unseen. */
static void more_than_slots(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .slots = true, .gap_ns = LONG_GAP_NS });
	struct other *others = calloc(MANY, sizeof(*others));
	uint64_t untracked = 0, unended = 0, in_slots;

	for (int i = 0; others && i < MANY; i++) {
		other_start(&others[i], r);
		other_step(&others[i]);
	}
	in_slots = reclaimers_count_slots(r->slots);
	EXPECT_GE(in_slots, OOMN_NR_SLOTS / 2);
	EXPECT_EQ(in_slots + reclaimers_count(rig_map_fd(r, "reclaimers")), MANY);
	for (int i = 0; others && i < MANY; i++) {
		other_step(&others[i]);
		pthread_join(others[i].thread, NULL);
	}
	for (uint32_t i = 0; i < r->nr_cpus; i++) {
		untracked += r->cpus[i].untracked;
		unended += r->cpus[i].unended;
	}
	EXPECT_EQ(untracked, 0);
	EXPECT_EQ(unended, 0);
	EXPECT_EQ(rig_count(r, OOMN_RECLAIM_BEGIN).hits, MANY);
	EXPECT_EQ(rig_count(r, OOMN_RECLAIM_END).hits, MANY);
	EXPECT_EQ(rig_count(r, OOMN_RECLAIM_END).pages, 7 * MANY);
	EXPECT_EQ(rig_stall(r, OOMN_CAUSE_DIRECT).count, MANY);
	EXPECT_EQ(reclaimers_count_slots(r->slots), 0);
	EXPECT_EQ(reclaimers_count(rig_map_fd(r, "reclaimers")), 0);
	free(others);
	rig_close(r);
}

static void ends_elsewhere(void)
{
	struct rig *r;

	if (rig_cpu(1) < 0) {
		check_skip("needs two CPUs");
		return;
	}
	rig_pin(rig_cpu(0));
	r = rig_open(&(struct rig_opts){ .slots = true });
	begin(r, "direct_begin", 2);
	rig_pin(rig_cpu(1));
	run(r, "shrink_inactive", 0, 50, 20);
	run(r, "direct_end", 20);
	EXPECT_EQ(read_end(r)->order, 2);
	EXPECT_EQ(r->rec[0].reclaim_end.scanned_pages, 50);
	EXPECT_EQ(r->rec[0].hdr.cpu, rig_cpu(1));
	for (int i = 1; i >= 0; i--) {
		rig_pin(rig_cpu(i));
		run(r, "drive_swap_out", 0, 1, 0);
		EXPECT_EQ(rig_read(r), 1);
		EXPECT_EQ(r->rec[0].hdr.cause, OOMN_CAUSE_PROACTIVE);
	}
	rig_close(r);
}

/* Begun again without an end in between: counted as that, and the second alone is timed. */
static void end_never_comes(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .slots = true });
	uint64_t again_ns, start_ns;

	begin(r, "direct_begin", 3);
	rig_sleep_ns(20 * NS_PER_MS);
	again_ns = now_ns();
	begin(r, "memcg_begin", 0);
	EXPECT_EQ(r->cpus[rig_cpu(0)].unended, 1);
	run(r, "memcg_end", 1);
	EXPECT_EQ(read_end(r)->hdr.cause, OOMN_CAUSE_MEMCG);
	EXPECT_LE(r->rec[0].reclaim_end.duration_ns, now_ns() - again_ns);
	EXPECT_EQ(rig_stall(r, OOMN_CAUSE_DIRECT).count, 0);
	/* Nor is there another begin: found when it is old, for this task is in no reclaim. */
	begin(r, "direct_begin", 3);
	start_ns = slot_of(r, own_tid())->start_ns;
	EXPECT_EQ(reclaimers_sweep_slots(r->slots, rig_prog_fd(r, "still_reclaims"), r->cpus,
					 (int)r->nr_cpus, start_ns + RECLAIMER_STALE_NS - 1),
		  0);
	EXPECT_EQ(reclaimers_sweep_slots(r->slots, rig_prog_fd(r, "still_reclaims"), r->cpus,
					 (int)r->nr_cpus, start_ns + RECLAIMER_STALE_NS),
		  1);
	EXPECT_EQ(r->cpus[rig_cpu(0)].reclaimer, 0);
	EXPECT_EQ(reclaimers_count_slots(r->slots), 0);
	run(r, "direct_end", 1);
	EXPECT_EQ(rig_read(r), 1);
	EXPECT_EQ(r->rec[0].hdr.flags, OOMN_F_START_UNSEEN);
	rig_close(r);
}

#define PF_MEMALLOC 0x800U

/* A slot stays with who is in reclaim for long, by the kernel's word. */
static void long_in_reclaim(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .slots = true });
	struct oomn_reclaimer *slot = slot_of(r, 77);

	slot->task = rig_fake_task(r, 77, PF_MEMALLOC);
	slot->start_ns = 1;
	slot->owner = OOMN_SLOT_BUSY | 77;
	for (int gone = 0; gone <= 1; gone++) {
		EXPECT_EQ(reclaimers_sweep_slots(r->slots, rig_prog_fd(r, "still_reclaims"),
						 r->cpus, (int)r->nr_cpus, now_ns()),
			  gone);
		rig_fake_task(r, 77, 0);
	}
	EXPECT_EQ(slot->owner, 77);
	rig_close(r);
}

static void expect_kill(struct rig *r, enum oomn_cause cause)
{
	run(r, "mark_victim", 4321);
	EXPECT_EQ(rig_read(r), 1);
	EXPECT_EQ(r->rec[0].hdr.kind, OOMN_OOM_KILL);
	EXPECT_EQ(r->rec[0].hdr.cause, cause);
}

/* The OOM killer's cause is what its caller did last, for which the slot is asked first. */
static void last_act(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .slots = true });
	struct oomn_reclaimer *slot = slot_of(r, own_tid());
	struct oomn_recent recent;
	uint32_t tid = own_tid();

	begin(r, "memcg_begin", 0);
	run(r, "memcg_end", 0);
	EXPECT_EQ(rig_read(r), 1);
	EXPECT(bpf_map_lookup_elem(rig_map_fd(r, "recents"), &tid, &recent)); /* not needed yet */
	expect_kill(r, OOMN_CAUSE_MEMCG);
	begin(r, "direct_begin", 0);
	run(r, "direct_end", 0);
	EXPECT_EQ(rig_read(r), 1);
	expect_kill(r, OOMN_CAUSE_DIRECT);
	/* An earlier task of the same tid says nothing of this one. */
	EXPECT_EQ(bpf_map_delete_elem(rig_map_fd(r, "recents"), &tid), 0);
	slot->task_start_ns--;
	expect_kill(r, OOMN_CAUSE_UNKNOWN);
	rig_close(r);
}

/* A task that begins with this tid later does not inherit what the slot kept. */
static void tid_comes_back(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .slots = true });
	struct oomn_reclaimer *slot = slot_of(r, own_tid());

	begin(r, "memcg_begin", 0);
	run(r, "memcg_end", 0);
	EXPECT_EQ(rig_read(r), 1);
	slot->task_start_ns--;
	begin(r, "direct_begin", 0);
	EXPECT_EQ(slot->end_ns, 0);
	expect_kill(r, OOMN_CAUSE_UNKNOWN);
	run(r, "direct_end", 0);
	EXPECT_EQ(rig_read(r), 1);
	expect_kill(r, OOMN_CAUSE_DIRECT);
	rig_close(r);
}

/* The last act that a slot kept is written down for its task when the slot goes to another. */
static void handed_over(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .slots = true });
	struct other a, b;
	struct oomn_recent recent = { 0 };
	int fd = rig_map_fd(r, "recents");

	EXPECT(start_colliding(&a, &b, r));
	other_step(&a);
	other_step(&a);
	/* It is about to kill somebody: a note that must not be lost. */
	recent.task_start_ns = slot_of(r, a.tid)->task_start_ns;
	recent.killed = 99;
	EXPECT_EQ(bpf_map_update_elem(fd, &a.tid, &recent, BPF_ANY), 0);
	other_step(&b);
	EXPECT(in_slot(r, b.tid));
	EXPECT_EQ(bpf_map_lookup_elem(fd, &a.tid, &recent), 0);
	EXPECT_EQ(recent.cause, OOMN_CAUSE_DIRECT);
	EXPECT(recent.end_ns > 0);
	EXPECT_EQ(recent.killed, 99);
	other_step(&b);
	pthread_join(a.thread, NULL);
	pthread_join(b.thread, NULL);
	rig_close(r);
}

int main(void)
{
	static const struct check checks[] = {
		{ "pair", pair },
		{ "collision", collision },
		{ "more_than_slots", more_than_slots },
		{ "end_never_comes", end_never_comes },
		{ "long_in_reclaim", long_in_reclaim },
		{ "last_act", last_act },
		{ "tid_comes_back", tid_comes_back },
		{ "handed_over", handed_over },
		{ "ends_elsewhere", ends_elsewhere }, /* moves this process */
	};

	rig_pin(rig_cpu(0));
	return CHECK_ALL(checks);
}
