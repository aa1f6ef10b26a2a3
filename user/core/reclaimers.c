// SPDX-License-Identifier: GPL-2.0-only
#include "reclaimers.h"

#include <bpf/bpf.h>
#include <stdbool.h>

/* More than the table holds: entries come and go while it is walked. */
#define MAX_STEPS 16384

uint64_t reclaimers_count(int map_fd)
{
	__u32 key, *prev = NULL;
	uint64_t n = 0;

	while (n < MAX_STEPS && !bpf_map_get_next_key(map_fd, prev, &key)) {
		prev = &key;
		n++;
	}
	return n;
}

/*
 * Asked of the kernel, not of /proc: there a task of another PID namespace has another id or none.
 * When the question cannot be put, the entry stays.
 */
static bool is_reclaiming(int prog_fd, __u32 tid, const struct oomn_reclaimer *r)
{
	const __u64 args[] = { r->task, tid };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = args, .ctx_size_in = sizeof(args));

	return bpf_prog_test_run_opts(prog_fd, &opts) || opts.retval;
}

static bool is_stale(const struct oomn_reclaimer *r, uint64_t now_ns)
{
	return now_ns >= r->start_ns && now_ns - r->start_ns >= RECLAIMER_STALE_NS;
}

/*
 * Another task may become the CPU's reclaimer between the look and the store; it then loses its
 * note and is looked up in the table once more.
 */
static void forget(struct oomn_cpu *cpus, int nr_cpus, __u32 tid)
{
	for (int i = 0; i < nr_cpus; i++) {
		volatile __u32 *reclaimer = &cpus[i].reclaimer;

		if (*reclaimer == tid)
			*reclaimer = 0;
	}
}

uint64_t reclaimers_sweep(int map_fd, int prog_fd, struct oomn_cpu *cpus, int nr_cpus,
			  uint64_t now_ns)
{
	struct oomn_reclaimer r;
	__u32 key, next;
	uint64_t removed = 0;
	bool more = !bpf_map_get_next_key(map_fd, NULL, &next);

	for (int i = 0; more && i < MAX_STEPS; i++) {
		key = next;
		more = !bpf_map_get_next_key(map_fd, &key, &next);
		if (bpf_map_lookup_elem(map_fd, &key, &r) || !is_stale(&r, now_ns) ||
		    is_reclaiming(prog_fd, key, &r))
			continue;
		if (bpf_map_delete_elem(map_fd, &key))
			continue;
		forget(cpus, nr_cpus, key);
		removed++;
	}
	return removed;
}

/* A moment's view of a slot; false when its task is not in reclaim, or begins or ends just now. */
static bool slot_read(const struct oomn_reclaimer *slot, struct oomn_reclaimer *view)
{
	*view = (struct oomn_reclaimer){
		.owner = __atomic_load_n(&slot->owner, __ATOMIC_ACQUIRE),
		.start_ns = __atomic_load_n(&slot->start_ns, __ATOMIC_ACQUIRE),
		.task = __atomic_load_n(&slot->task, __ATOMIC_ACQUIRE),
	};
	return view->owner & OOMN_SLOT_BUSY && view->start_ns &&
	       view->owner == __atomic_load_n(&slot->owner, __ATOMIC_ACQUIRE);
}

uint64_t reclaimers_count_slots(const struct oomn_reclaimer *slots)
{
	struct oomn_reclaimer view;
	uint64_t n = 0;

	for (int i = 0; i < OOMN_NR_SLOTS; i++)
		n += slot_read(&slots[i], &view);
	return n;
}

/*
 * Given back as its task would. Who took it meanwhile is another owner, or the same one that began
 * anew, at another time.
 */
static bool slot_give_back(struct oomn_reclaimer *slot, const struct oomn_reclaimer *view)
{
	uint64_t owner = view->owner;

	if (__atomic_load_n(&slot->start_ns, __ATOMIC_ACQUIRE) != view->start_ns)
		return false;
	return __atomic_compare_exchange_n(&slot->owner, &owner, owner & ~OOMN_SLOT_BUSY, false,
					   __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

uint64_t reclaimers_sweep_slots(struct oomn_reclaimer *slots, int prog_fd, struct oomn_cpu *cpus,
				int nr_cpus, uint64_t now_ns)
{
	struct oomn_reclaimer view;
	uint64_t given_back = 0;

	for (int i = 0; i < OOMN_NR_SLOTS; i++) {
		if (!slot_read(&slots[i], &view) || !is_stale(&view, now_ns) ||
		    is_reclaiming(prog_fd, (__u32)view.owner, &view) ||
		    !slot_give_back(&slots[i], &view))
			continue;
		forget(cpus, nr_cpus, (__u32)view.owner);
		given_back++;
	}
	return given_back;
}
