// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looks at the usage of memory cgroups, in time for each (bpf/limit.h). A page counter is read
 * where it lies: no file, no text, nothing that the kernel would first have to add up.
 *
 * Functions without __hidden are verified by themselves, once a program instead of once a call.
 */
#include "vmlinux.h"
#include <bpf/bpf_tracing.h>
#include "cgroup.bpf.h"
#include "config.h"
#include "limit.h"

extern const volatile struct oomn_config cfg;

/*
 * Two looks are so far apart at least: a line that could be reached sooner is too near for anybody
 * to do something about it. And further by the time that looking at all slots takes, so that a
 * thousand cgroups of a megabyte cost no more than a few percent of a processor.
 */
#define MIN_GAP_NS	500000ULL
#define MIN_GAP_SLOT_NS 2000ULL
/* Slots that are due so soon are looked at in the same go. */
#define SLACK_NS 100000ULL
/* The clock rests after so many goes in which no usage has moved. */
#define STILL_GOES 32
/* Limits are changed seldom, and user space hears of that by itself as well. */
#define ALL_GAP_NS 500000000ULL
/* Slots are looked at by three loops within each other, of so many turns: 16 x 16 x 16. */
#define TURNS 16

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, OOMN_NR_LIMITS);
	__type(key, __u32);
	__type(value, struct oomn_limit);
} limits SEC(".maps");

/* One record until user space has taken it: what has rung is in limits_shared.rung. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024); /* a page of any size */
} limit_bell SEC(".maps");

struct limit_clock {
	struct bpf_timer timer;
};

/* Only made where the kernel has timers. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct limit_clock);
} limit_clocks SEC(".maps");

volatile struct oomn_limits_shared limits_shared = {};

/* User space neither reads nor writes these. */
static volatile __u32 limit_moved;   /* a look has found another usage than the one before */
static volatile __u32 limit_still;   /* goes of the clock in a row in which none has */
static volatile __u32 limit_looking; /* a processor is in limit_busy() */

static __always_inline void ring_bell(__u32 i)
{
	__u64 *record;

	if (limits_shared.bell_rung)
		return;
	record = bpf_ringbuf_reserve(&limit_bell, sizeof(*record), 0);
	if (!record)
		return;
	limits_shared.bell_rung = 1;
	*record = i;
	bpf_ringbuf_submit(record, BPF_RB_FORCE_WAKEUP);
}

static __always_inline void ring(struct oomn_limit *slot, __u32 i, __u32 why)
{
	slot->why = why;
	limits_shared.rung[i & (OOMN_NR_LIMITS - 1)] = 1;
	ring_bell(i);
}

static __always_inline bool is_there(const struct mem_cgroup *memcg, __u64 id)
{
	return memcg_id(memcg) == id && (BPF_CORE_READ(memcg, css.flags) & CSS_ONLINE);
}

/* Charges that met the limit so far, in this cgroup or below, on version 1 as well. */
static __always_inline __u64 max_events(const struct mem_cgroup *memcg)
{
	__u32 max = bpf_core_enum_value(enum memcg_memory_event, MEMCG_MAX);
	long events = 0;

	bpf_core_read(&events, sizeof(events), &memcg->memory_events[max]);
	return events;
}

/* All that changes seldom. Returns why user space wants to know. */
static __always_inline __u32 look_at_all(struct oomn_limit *slot, const struct mem_cgroup *memcg,
					 __u64 now)
{
	__u64 limit = BPF_CORE_READ(memcg, memory.max), high = BPF_CORE_READ(memcg, memory.high);
	__u32 why = 0;

	slot->all_due_ns = now + ALL_GAP_NS;
	if (!is_there(memcg, slot->id))
		return OOMN_WHY_GONE;
	if (limit != slot->limit_pages || high != slot->high_pages)
		why = OOMN_WHY_CHANGED;
	slot->limit_pages = limit;
	slot->high_pages = high;
	return why;
}

static __always_inline __u32 look_at_usage(struct oomn_limit *slot, const struct mem_cgroup *memcg)
{
	__u32 was_over = slot->is_over_high, why = 0;
	__u64 events, usage = BPF_CORE_READ(memcg, memory.usage.counter);

	if (usage != slot->usage_pages)
		limit_moved = 1;
	slot->usage_pages = usage;
	slot->is_over_high = slot->usage_pages > slot->high_pages;
	if (slot->is_over_high && !was_over)
		why |= OOMN_WHY_HIGH;
	if (slot->usage_pages >= slot->wake_pages)
		why |= OOMN_WHY_USAGE;
	if (slot->want_max) {
		events = max_events(memcg);
		if (events != slot->max_events)
			why |= OOMN_WHY_MAX;
		slot->max_events = events;
	}
	return why;
}

/* Until usage can be where somebody wants to know. */
static __always_inline __u64 gap_ns(const struct oomn_limit *slot)
{
	__u64 line = slot->wake_pages, gap = slot->max_gap_ns, pages, least;

	if (!slot->is_over_high && slot->high_pages < line)
		line = slot->high_pages;
	pages = line > slot->usage_pages ? line - slot->usage_pages : 0;
	if (pages < gap / cfg.growth_ns_per_page)
		gap = pages * cfg.growth_ns_per_page;
	least = MIN_GAP_NS + limits_shared.slots * MIN_GAP_SLOT_NS;
	return gap > least ? gap : least;
}

/*
 * The first of two times up to OOMN_NOT_DUE_NS, without a branch that the verifier would follow
 * twice.
 */
static __always_inline __u64 earlier(__u64 a, __u64 b)
{
	__s64 d = (__s64)(b - a), is_less = d;

	asm volatile("%0 s>>= 63" : "+r"(is_less));
	return a + (__u64)(d & is_less);
}

/*
 * Returns when slot @i is due next, or OOMN_NOT_DUE_NS. Looks at it if it is due within @ahead_ns.
 */
__noinline __u64 limit_look_at(__u32 i, __u64 now, __u64 ahead_ns)
{
	struct oomn_limit *slot = bpf_map_lookup_elem(&limits, &i);
	const struct mem_cgroup *memcg;
	__u32 why = 0;

	if (!slot || !slot->id)
		return OOMN_NOT_DUE_NS;
	if (slot->why) {
		/* User space may have put the bell away just before it saw this one. */
		if (limits_shared.rung[i & (OOMN_NR_LIMITS - 1)])
			ring_bell(i);
		return OOMN_NOT_DUE_NS;
	}
	if (slot->due_ns > now + ahead_ns)
		return slot->due_ns;
	memcg = (const void *)slot->memcg;
	limits_shared.looks++;
	if (now >= slot->all_due_ns)
		why = look_at_all(slot, memcg, now);
	why |= look_at_usage(slot, memcg);
	if (why) {
		ring(slot, i, why);
		return OOMN_NOT_DUE_NS;
	}
	slot->due_ns = now + gap_ns(slot);
	return slot->due_ns;
}

/*
 * When the first of the next 16 and 256 slots is due. One loop over all would be 4,096 turns for
 * the verifier, and even two that share them 128 in each program.
 */
__noinline __u64 limit_look_at_16(__u32 first_slot, __u64 now, __u64 ahead_ns)
{
	__u64 first = OOMN_NOT_DUE_NS;

	for (__u32 i = 0; i < TURNS; i++) {
		if (first_slot + i >= limits_shared.slots)
			break;
		first = earlier(first, limit_look_at(first_slot + i, now, ahead_ns));
	}
	return first;
}

__noinline __u64 limit_look_at_256(__u32 first_slot, __u64 now, __u64 ahead_ns)
{
	__u64 first = OOMN_NOT_DUE_NS;

	for (__u32 i = 0; i < TURNS * TURNS; i += TURNS) {
		if (first_slot + i >= limits_shared.slots)
			break;
		first = earlier(first, limit_look_at_16(first_slot + i, now, ahead_ns));
	}
	return first;
}

static __always_inline __u64 look_at_slots(__u64 now, __u64 ahead_ns)
{
	__u64 first = OOMN_NOT_DUE_NS;

	for (__u32 i = 0; i < OOMN_NR_LIMITS; i += TURNS * TURNS) {
		if (i >= limits_shared.slots)
			break;
		first = earlier(first, limit_look_at_256(i, now, ahead_ns));
	}
	limits_shared.due_ns = first;
	return first;
}

/*
 * Nothing moves, and all lines are so far that a scheduler tick or two do not matter: then
 * limit_busy() looks, and a processor that sleeps is left alone.
 */
static __always_inline bool may_rest(__u64 first, __u64 now)
{
	limit_still = limit_moved ? 0 : limit_still + 1;
	return limits_shared.tick_ns && limit_still >= STILL_GOES &&
	       first > now + 2 * limits_shared.tick_ns;
}

static int limit_tick(void *map, __u32 *key, struct limit_clock *clock)
{
	__u64 now = bpf_ktime_get_ns(), first, after;

	(void)map;
	(void)key;
	limit_moved = 0;
	first = look_at_slots(now, SLACK_NS);
	if (first == OOMN_NOT_DUE_NS)
		return 0;
	after = first > now ? first - now : 0;
	limits_shared.rests = may_rest(first, now);
	if (limits_shared.rests)
		after = ALL_GAP_NS;
	if (!bpf_timer_start(&clock->timer, after, 0))
		return 0;
	/* User space has to look then. */
	limits_shared.rests = 0;
	limits_shared.stopped = 1;
	ring_bell(0);
	return 0;
}

/*
 * Attached to what comes by wherever something runs: the scheduler's tick is a high-resolution
 * timer, and it is stopped when a processor goes idle. While the clock rests, slots that are due
 * before the next tick are looked at here; once something moves, user space winds the clock up
 * again, which only it may.
 */
SEC("raw_tp")
int limit_busy(void *ctx)
{
	__u64 now;

	(void)ctx;
	if (!limits_shared.rests)
		return 0;
	now = bpf_ktime_get_ns();
	if (now + limits_shared.tick_ns < limits_shared.due_ns ||
	    __sync_val_compare_and_swap(&limit_looking, 0, 1))
		return 0;
	limit_moved = 0;
	look_at_slots(now, limits_shared.tick_ns);
	if (limit_moved) {
		limits_shared.rests = 0;
		limits_shared.stopped = 1;
		ring_bell(0);
	}
	limit_looking = 0;
	return 0;
}

/* From here on the kernel looks by itself, and now. Once nothing is to be looked at it rests. */
SEC("syscall")
int limit_start(void *ctx)
{
	__u32 key = 0;
	struct limit_clock *clock = bpf_map_lookup_elem(&limit_clocks, &key);

	(void)ctx;
	limits_shared.rests = 0;
	limit_still = 0;
	if (!clock)
		return -1;
	if (!bpf_timer_init(&clock->timer, &limit_clocks, 1 /* CLOCK_MONOTONIC */))
		bpf_timer_set_callback(&clock->timer, limit_tick);
	return bpf_timer_start(&clock->timer, 0, 0);
}

/* The same by user space, where the kernel has no timers. */
SEC("raw_tp")
int limit_look(void *ctx)
{
	(void)ctx;
	look_at_slots(bpf_ktime_get_ns(), SLACK_NS);
	return 0;
}

/* The memory cgroup whose directory the current task has open as @fd. */
static __always_inline const struct mem_cgroup *memcg_of_fd(__u32 fd)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct files_struct *files = BPF_CORE_READ(task, files);
	__u32 memory = bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id);
	struct cgroup_subsys_state *css = NULL;
	struct file *file = NULL, **open;
	const struct kernfs_node *kn;
	const struct cgroup *cgrp;

	if (fd >= BPF_CORE_READ(files, fdt, max_fds))
		return NULL;
	open = BPF_CORE_READ(files, fdt, fd);
	bpf_probe_read_kernel(&file, sizeof(file), open + fd);
	kn = BPF_CORE_READ(file, f_inode, i_private);
	cgrp = BPF_CORE_READ(kn, priv);
	bpf_core_read(&css, sizeof(css), &cgrp->subsys[memory]);
	/* Any other file leads anywhere; the css of a cgroup leads back to it. */
	if (!css || BPF_CORE_READ(css, cgroup) != cgrp || BPF_CORE_READ(cgrp, kn) != kn)
		return NULL;
	return css_memcg(css);
}

/*
 * Has the cgroup with the open directory @fd looked at in slot @i. The loader runs it, and
 * gives no row to another cgroup meanwhile. Returns 1 for anything but a memory cgroup.
 */
SEC("raw_tp")
int BPF_PROG(limit_add, __u32 fd, __u32 i)
{
	const struct mem_cgroup *memcg = memcg_of_fd(fd);
	struct oomn_limit *slot = bpf_map_lookup_elem(&limits, &i);

	if (!slot || !memcg)
		return 1;
	slot->why = ~0U; /* nobody looks yet */
	slot->wake_pages = OOMN_LIMIT_NEVER;
	slot->max_gap_ns = ALL_GAP_NS;
	slot->want_max = 0;
	slot->memcg = (__u64)memcg;
	slot->id = memcg_id(memcg);
	slot->row = cgroup_row((__u64)memcg);
	slot->limit_pages = BPF_CORE_READ(memcg, memory.max);
	slot->high_pages = BPF_CORE_READ(memcg, memory.high);
	slot->usage_pages = BPF_CORE_READ(memcg, memory.usage.counter);
	slot->is_over_high = slot->usage_pages > slot->high_pages;
	slot->max_events = max_events(memcg);
	slot->due_ns = 0;
	slot->all_due_ns = 0;
	if (i >= limits_shared.slots)
		limits_shared.slots = i + 1;
	slot->why = 0;
	return 0;
}
