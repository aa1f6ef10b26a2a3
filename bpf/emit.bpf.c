// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring, the exact counters and the gate that coalesces. This is the only place that writes to
 * the ring, and what could not be written is counted here.
 */
#include "emit.bpf.h"

char LICENSE[] SEC("license") = "GPL";

const volatile struct oomn_config cfg = {};
volatile __u32 armed = 0;

struct cpus_map cpus SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024); /* the loader may change it */
} ring SEC(".maps");

/* State of each CPU that this file alone uses. */
struct sender {
	__u64 flush_next;				/* the gate that the flush looks at next */
	__u64 wake_ns[OOMN_KIND_ROWS][OOMN_CAUSE_ROWS]; /* last forced wake-up of the reader */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct sender);
} senders SEC(".maps");

static __always_inline struct sender *this_sender(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&senders, &zero);
}

__hidden int gate_pass(struct oomn_gate *gate)
{
	struct oomn_hdr *h = &gate->rec.hdr;

	if (cfg.gap_ticks || !cfg.gap_ns || h->kind == OOMN_OOM_KILL ||
	    bpf_ktime_get_ns() - gate->sent_ns >= cfg.gap_ns)
		return GATE_OPEN;
	return h->hits == 1 ? GATE_FIRST : GATE_COUNTED;
}

__hidden void gate_stamp(struct oomn_gate *gate)
{
	struct oomn_hdr *h = &gate->rec.hdr;
	__u64 pid_tgid = bpf_get_current_pid_tgid();

	h->time_ns = bpf_ktime_get_ns();
	if (h->hits == 1)
		gate->first_ns = h->time_ns;
	h->pid = pid_tgid >> 32;
	h->tid = (__u32)pid_tgid;
	bpf_get_current_comm(h->comm, sizeof(h->comm));
}

/* A row that has another id by now was given back; its totals went where these go too. */
static __always_inline void gate_total(const struct oomn_hdr *h, __u64 stall_ns)
{
	struct oomn_cgroup *cg = bpf_map_lookup_elem(&cgroups, &h->cgroup_row);
	__u32 gone = OOMN_CGROUP_GONE;
	struct oomn_total *total;

	if (cg && h->cgroup_row >= OOMN_CGROUP_FIRST && cg->id != h->cgroup_id)
		cg = bpf_map_lookup_elem(&cgroups, &gone);
	if (!cg)
		return;
	total = &cg->total[h->kind % OOMN_KIND_ROWS];
	__sync_fetch_and_add(&total->hits, h->hits);
	__sync_fetch_and_add(&total->pages, h->pages);
	if (stall_ns)
		__sync_fetch_and_add(&cg->stall_ns, stall_ns);
}

/*
 * Wakes the reader at once if it was not woken for this kind and cause within the gap; otherwise
 * it is awake or soon looks by itself.
 */
static __always_inline void gate_output(struct oomn_cpu *c, struct oomn_gate *gate, __u64 now)
{
	struct oomn_hdr *h = &gate->rec.hdr;
	__u32 kind = h->kind % OOMN_KIND_ROWS;
	struct sender *s = this_sender();
	__u64 size = h->size, *wake_ns;
	bool wake;

	if (!s || size > sizeof(gate->rec))
		return;
	wake_ns = &s->wake_ns[kind][h->cause % OOMN_CAUSE_ROWS];
	wake = kind == OOMN_OOM_KILL || now - *wake_ns >= cfg.wake_gap_ns;
	if (bpf_ringbuf_output(&ring, &gate->rec, size,
			       wake ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP)) {
		c->count[kind].dropped_hits += h->hits;
		c->count[kind].dropped_pages += h->pages;
	} else if (wake) {
		*wake_ns = now;
	}
}

__hidden void gate_send(struct oomn_cpu *c, struct oomn_gate *gate, __u32 flags)
{
	struct oomn_hdr *h = &gate->rec.hdr;
	__u64 now = flags & OOMN_F_TRAILING ? bpf_ktime_get_ns() : h->time_ns;
	__u64 stall_ns = h->kind == OOMN_RECLAIM_END ? gate->rec.reclaim_end.stall_ns : 0;

	h->flags |= flags;
	h->held_ns = now - gate->first_ns;
	gate_output(c, gate, now);
	gate_total(h, stall_ns);
	c->waiting_hits -= h->hits;
	gate->sent_ns = now;
	gate->sent_jiffies = h->kind == OOMN_OOM_KILL ? 0 : bpf_jiffies64();
	h->flags = 0;
	h->hits = 0;
	h->pages = 0;
	if (h->kind == OOMN_SWAP_OUT) {
		gate->rec.swap_out.shmem_pages = 0;
	} else if (h->kind == OOMN_RECLAIM_END) {
		gate->rec.reclaim_end.stall_ns = 0;
		gate->rec.reclaim_end.scanned_pages = 0;
		gate->rec.reclaim_end.freed_pages = 0;
	}
}

__hidden void gate_claim(struct oomn_cpu *c, struct oomn_gate *gate, __u64 key, __u64 memcg)
{
	struct oomn_hdr *h = &gate->rec.hdr;

	if (h->hits)
		gate_send(c, gate, OOMN_F_TRAILING);
	__builtin_memset(gate, 0, sizeof(*gate));
	gate->key = key;
	h->kind = key & 0xf;
	h->cause = key >> 4 & 0x7;
	h->size = oomn_record_size(h->kind);
	h->cpu = bpf_get_smp_processor_id();
	h->node = -1;
	h->cgroup_id = memcg_id((const struct mem_cgroup *)memcg);
	h->cgroup_row = cgroup_row(memcg);
}

/*
 * Run by the loader on a CPU where hits wait and no further hit may come to take them along. Sends
 * one gate's hits, and returns an enum oomn_flush.
 */
SEC("raw_tp")
int flush(void *ctx)
{
	struct oomn_cpu *c = this_cpu();
	struct sender *s = this_sender();
	__u64 now = bpf_ktime_get_ns();
	int ret = OOMN_FLUSH_DONE;

	if (!c || !s)
		return OOMN_FLUSH_DONE;
	c->flush_ns = now;
	if (c->busy)
		return OOMN_FLUSH_BUSY;
	c->busy = 1;
	barrier();
	for (int i = 0; i < OOMN_NR_GATES; i++) {
		struct oomn_gate *gate = &c->gate[s->flush_next++ % OOMN_NR_GATES];

		if (!gate->rec.hdr.hits || (armed && now - gate->sent_ns < cfg.flush_ns))
			continue;
		gate_send(c, gate, OOMN_F_TRAILING);
		ret = OOMN_FLUSH_MORE;
		break;
	}
	barrier();
	c->busy = 0;
	return ret;
}
