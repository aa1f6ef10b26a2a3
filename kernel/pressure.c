// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the kernel's counters by hand, which needs no lock, and judges them as the loader judges
 * what it sees, as far as counters tell.
 */
#include "pressure.h"

#include <linux/cpumask.h>
#include <linux/ktime.h>
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/swap.h>
#include <linux/vmstat.h>

#include "oom_notify.h"

/* Differences between kernels; Kbuild asks their headers. */
#ifdef HAS_NODE_PGSCAN
#define scan_event(item) global_node_page_state(item)
#else
#define scan_event(item) vm_event(item)
#endif
#ifdef HAS_PER_CPU_PAGESET
#define pcp_pages(zone, cpu) READ_ONCE(per_cpu_ptr((zone)->per_cpu_pageset, cpu)->count)
#else
#define pcp_pages(zone, cpu) READ_ONCE(per_cpu_ptr((zone)->pageset, cpu)->pcp.count)
#endif

/*
 * Sum over all CPUs without a lock: all_vm_events() takes that of CPU hotplug and sleeps. While a
 * CPU goes offline its counts may be seen twice for a moment, so that a sum can step back
 * afterwards.
 */
static unsigned long vm_event(int item)
{
	unsigned long sum = 0;
#ifdef CONFIG_VM_EVENT_COUNTERS
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(vm_event_states, cpu).event[item]);
#endif
	return sum;
}

/*
 * A page that zswap writes back reaches the device as well, but it was swapped out, and told, when
 * zswap took it. Such a page is counted as written back before it is as swapped out, so that the
 * difference may step back for a moment.
 */
static void read_swapped(unsigned long *pages)
{
	pages[BY_DEVICE] = vm_event(PSWPOUT);
#ifdef CONFIG_ZSWAP
#ifdef HAS_ZSWPWB
	pages[BY_DEVICE] -= vm_event(ZSWPWB);
#endif
#ifdef HAS_ZSWPOUT
	pages[BY_ZSWAP] = vm_event(ZSWPOUT);
#endif
#endif
#if defined(CONFIG_SWAP) && defined(HAS_SWPOUT_ZERO)
	pages[BY_ZERO] = vm_event(SWPOUT_ZERO);
#endif
}

#ifdef HAS_NODE_PGSCAN
/* As many children of the root are asked, which tell for all below them. */
#define MAX_LIMITED_CGROUPS 256

/*
 * Since 7.1 what is reclaimed at the limit of a cgroup is counted as direct, too. How much it was
 * is not told anywhere, only that some cgroup met its limit; where there are too many to be asked,
 * each time passes for that.
 */
static void read_limits(struct reading *r)
{
#ifdef CONFIG_MEMCG
	struct cgroup_subsys_state *css;
	unsigned int nr = 0;

	if (mem_cgroup_disabled())
		return;
	rcu_read_lock();
	list_for_each_entry_rcu(css, &root_mem_cgroup->css.children, sibling) {
		struct mem_cgroup *memcg = mem_cgroup_from_css(css);

		r->limits += atomic_long_read(&memcg->memory_events[MEMCG_MAX]) +
			     atomic_long_read(&memcg->memory_events[MEMCG_HIGH]);
		if (++nr > MAX_LIMITED_CGROUPS) {
			r->limits = ktime_get_ns();
			break;
		}
	}
	rcu_read_unlock();
#endif
}

static void read_other_scans(struct reading *r)
{
	r->proactive.scanned_pages = scan_event(PGSCAN_PROACTIVE);
	read_limits(r);
}
#else
/* Here kswapd's and direct scans are the machine's, and all others those of limits and requests. */
static void read_other_scans(struct reading *r)
{
#ifdef HAS_PGSCAN_KHUGEPAGED
	r->direct.scanned_pages += vm_event(PGSCAN_KHUGEPAGED);
	r->direct.freed_pages += vm_event(PGSTEAL_KHUGEPAGED);
#endif
}
#endif

static void read_direct(struct reading *r)
{
	int zone;

	for (zone = 0; zone <= ZONE_MOVABLE; zone++)
		r->stalls += vm_event(ALLOCSTALL_NORMAL - ZONE_NORMAL + zone);
	r->direct.scanned_pages = scan_event(PGSCAN_DIRECT);
	r->direct.freed_pages = scan_event(PGSTEAL_DIRECT);
	read_other_scans(r);
}

static void read_events(struct reading *r)
{
	int zone;

	read_swapped(r->swapped_pages);
	for (zone = 0; zone <= ZONE_MOVABLE; zone++)
		r->skipped_pages += vm_event(PGSCAN_SKIP_NORMAL - ZONE_NORMAL + zone);
	r->kswapd.scanned_pages = scan_event(PGSCAN_KSWAPD);
	r->kswapd.freed_pages = scan_event(PGSTEAL_KSWAPD);
	read_direct(r);
	/* After those that they hold, so that these are never more. */
	r->scanned_anon_pages = scan_event(PGSCAN_ANON);
	r->scanned_pages = r->scanned_anon_pages + scan_event(PGSCAN_FILE);
}

/*
 * A zone is low by the mark itself: neither with the reserve of other zones, with which the RFC's
 * check was always true on machines of 4 GB and more, nor with the boost that fragmentation gives
 * marks for a while. To be free again takes the boost too: allocations heed it.
 */
static u64 read_node(int nid, struct reading *r)
{
	u64 lacking = 0;
	int i;

	for (i = 0; i < MAX_NR_ZONES; i++) {
		struct zone *zone = &NODE_DATA(nid)->node_zones[i];
		unsigned long free, high;

		if (!populated_zone(zone))
			continue;
		free = zone_page_state(zone, NR_FREE_PAGES);
		high = high_wmark_pages(zone);
		r->free_pages += free;
		if (free < zone->_watermark[WMARK_LOW])
			r->below_low = true;
		if (free < high)
			lacking += high - free;
	}
	return lacking;
}

void take_reading(struct reading *r)
{
	u64 worst = 0;
	int nid;

	*r = (struct reading){ .jiffies = jiffies, .node = NUMA_NO_NODE };
	read_events(r);
	for_each_online_node(nid) {
		u64 lacking = read_node(nid, r);

		r->pages_to_free += lacking;
		if (lacking > worst) {
			worst = lacking;
			r->node = nid;
		}
	}
	r->time_ns = ktime_get_ns();
}

unsigned long oom_kills(void)
{
	return vm_event(OOM_KILL);
}

/*
 * With the lists of each CPU: these drain while nobody allocates, up to 8 MB on 7.3 with two CPUs,
 * which would look as if somebody had freed it.
 */
unsigned long free_pages_now(void)
{
	unsigned long pages = global_zone_page_state(NR_FREE_PAGES);
	int nid, cpu, i;

	for_each_online_node(nid) {
		for (i = 0; i < MAX_NR_ZONES; i++) {
			struct zone *zone = &NODE_DATA(nid)->node_zones[i];

			if (!populated_zone(zone))
				continue;
			for_each_possible_cpu(cpu)
				pages += pcp_pages(zone, cpu);
		}
	}
	return pages;
}

/*
 * The time that tasks stalled is in no counter that a module may read: psi_system is not exported,
 * and kernel_read() refuses files of /proc. ALLOCSTALL counts direct reclaims as they begin; a
 * short one takes about STALL_NS (1,470 took 464 ms on 6.18). That some take long shows in between:
 * direct scans go on though none has begun, so that one which had been under way, still is. For
 * this the counters are read every STALL_SAMPLE_MS, as long as tasks stalled of late. It is a lower
 * bound: of several tasks at once, one is seen, and of a reclaim's end nothing.
 */
#define STALL_NS       (350 * NSEC_PER_USEC)
#define OF_LATE_NS     (2 * NSEC_PER_SEC)
#define LONGEST_GAP_NS NSEC_PER_SEC

static struct {
	unsigned long stalls, direct_pages, limits; /* as last seen */
	u64 seen_ns;	/* a task was in direct reclaim, 0: none of late */
	u64 began_ns;	/* the last that was seen to begin */
	u64 limit_ns;	/* a cgroup met its limit */
	u64 stalled_ns; /* since the last tick */
} meter;

void begin_meter(const struct reading *now)
{
	meter.stalls = now->stalls;
	meter.direct_pages = now->direct.scanned_pages + now->direct.freed_pages;
	meter.limits = now->limits;
	meter.seen_ns = 0;
	meter.stalled_ns = 0;
}

static bool of_late(u64 then_ns, u64 now_ns)
{
	return then_ns && now_ns - then_ns < OF_LATE_NS;
}

static void read_meter(const struct reading *now)
{
	const unsigned long direct_pages = now->direct.scanned_pages + now->direct.freed_pages;

	if (moved(meter.limits, now->limits)) /* back, where a cgroup was removed */
		meter.limit_ns = now->time_ns;
	if (moved(meter.stalls, now->stalls)) {
		meter.began_ns = now->time_ns;
		meter.seen_ns = now->time_ns;
	} else if (now->time_ns - meter.seen_ns > LONGEST_GAP_NS) {
		meter.seen_ns = 0;
	} else if (moved(meter.direct_pages, direct_pages)) {
		if (!of_late(meter.limit_ns, now->time_ns))
			meter.stalled_ns += now->time_ns - meter.seen_ns;
		meter.seen_ns = now->time_ns;
	}
	meter.stalls = now->stalls;
	meter.direct_pages = direct_pages;
	meter.limits = now->limits;
}

bool stalls_of_late(void)
{
	return of_late(meter.began_ns, ktime_get_ns());
}

void sample_stalls(void)
{
	struct reading now = { .time_ns = ktime_get_ns() };

	read_direct(&now);
	read_meter(&now);
}

/*
 * The loader's thresholds, as far as counters tell: 90 % and 95 % of what was looked at left
 * unfreed (the latter is vmpressure's), of not too few pages, and 70 ms of stalls a second. One
 * tick is enough: without swap, a task that creeps up on the OOM killer shows such a share for half
 * a second only (5.10 to 7.3), and files read or written never showed it over a whole one.
 */
#define MIN_SCANNED_PAGES	 4096
#define LOW_UNFREED_PERCENT	 90
#define MIN_CRITICAL_PAGES	 512
#define CRITICAL_UNFREED_PERCENT 95
#define MEDIUM_STALL_MS_PER_S	 70

/* Pages scanned for the limits of cgroups, or because somebody asked for it, at most. */
static unsigned long scanned_for_others(const struct reading *last, const struct reading *now)
{
	const unsigned long direct = moved(last->direct.scanned_pages, now->direct.scanned_pages);
#ifdef HAS_NODE_PGSCAN
	const unsigned long limited = of_late(meter.limit_ns, now->time_ns) ? direct : 0;
	const unsigned long others = limited + moved(last->proactive.scanned_pages,
						     now->proactive.scanned_pages);

	/* Each CPU keeps so many of each counter to itself for up to a second. */
	return others ? others + 128 * num_online_cpus() : 0;
#else
	const unsigned long ours = moved(last->kswapd.scanned_pages, now->kswapd.scanned_pages) +
				   direct;

	return moved(ours, moved(last->scanned_pages, now->scanned_pages));
#endif
}

/*
 * The owners of pages that were swapped out are not counted, but no more can have been for others
 * than were scanned for them; an eighth is for counters that are not read in one moment. What may
 * be others' is not the machine's: where a cgroup reads files at its limit, the timer hears of the
 * machine's swapping only what exceeds that.
 */
static bool machine_swaps(const struct reading *last, const struct reading *now)
{
	unsigned long others = scanned_for_others(last, now), swapped = 0;
	int i;

	others += others / 8;
	for (i = 0; i < SWAP_WAYS; i++)
		swapped += moved(last->swapped_pages[i], now->swapped_pages[i]);
	return swapped > others &&
	       moved(last->scanned_anon_pages, now->scanned_anon_pages) > others;
}

static u64 stalled_ns(const struct reading *last, const struct reading *now)
{
	return max_t(u64, meter.stalled_ns, moved(last->stalls, now->stalls) * STALL_NS);
}

/* The machine's own scans. */
static struct scan scans(const struct reading *last, const struct reading *now)
{
	struct scan s = {
		.scanned_pages = moved(last->kswapd.scanned_pages, now->kswapd.scanned_pages),
		.freed_pages = moved(last->kswapd.freed_pages, now->kswapd.freed_pages),
	};

	if (!stalled_ns(last, now) || of_late(meter.limit_ns, now->time_ns))
		return s;
	s.scanned_pages += moved(last->direct.scanned_pages, now->direct.scanned_pages);
	s.freed_pages += moved(last->direct.freed_pages, now->direct.freed_pages);
	return s;
}

/* The machine's state, whoever has a file open. */
static u16 level_of(const struct reading *last, const struct reading *now, u32 *reasons)
{
	const u64 elapsed_ns = now->time_ns - last->time_ns;
	const u64 stall_ns = stalled_ns(last, now);
	const struct scan scan = scans(last, now);
	const u64 looked_at = moved(moved(last->skipped_pages, now->skipped_pages),
				    scan.scanned_pages);
	const u64 unfreed = moved(scan.freed_pages, looked_at);

	*reasons = stall_ns ? OOM_NOTIFY_STALL : 0;
	if (looked_at >= MIN_SCANNED_PAGES && unfreed * 100 >= looked_at * LOW_UNFREED_PERCENT)
		*reasons |= OOM_NOTIFY_POOR_RECLAIM;
	else if (!machine_swaps(last, now))
		return OOM_NOTIFY_NONE;
	if (stall_ns * MSEC_PER_SEC < elapsed_ns * MEDIUM_STALL_MS_PER_S)
		return OOM_NOTIFY_LOW;
	if (looked_at >= MIN_CRITICAL_PAGES &&
	    unfreed * 100 >= looked_at * CRITICAL_UNFREED_PERCENT)
		return OOM_NOTIFY_CRITICAL;
	return OOM_NOTIFY_MEDIUM;
}

u16 judge(const struct reading *last, const struct reading *now, u32 *reasons)
{
	u16 level;

	read_meter(now);
	level = level_of(last, now, reasons);
	meter.stalled_ns = 0;
	return level;
}
