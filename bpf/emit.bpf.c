// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring, the exact counters and the gate that coalesces. This is the only place that writes to
 * the ring, and what could not be written is counted here.
 */
#include "emit.bpf.h"

char LICENSE[] SEC("license") = "GPL";

const volatile struct oomn_config cfg = {};

struct cpus_map cpus SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024); /* the loader may change it */
} ring SEC(".maps");

/* State of each CPU that this file alone uses. */
struct sender {
	__u64 wake_ns;					/* last forced wake-up of the reader */
	__u64 sent_ns[OOMN_KIND_ROWS][OOMN_CAUSE_ROWS]; /* last record of this kind and cause */
};

/* A kind and cause that sent nothing for so many wake-up gaps is told as something new. */
#define NEW_AFTER_GAPS 8

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

static __always_inline struct oomn_gate *gate_at(struct oomn_cpu *c, __u32 i)
{
	return &c->gate[i % OOMN_NR_GATES];
}

__noinline int gate_pass(__u32 i)
{
	struct oomn_cpu *c = this_cpu();
	const struct oomn_gate *gate;
	const struct oomn_hdr *h;

	if (!c)
		return GATE_COUNTED;
	gate = gate_at(c, i);
	h = &gate->rec.hdr;
	if (cfg.gap_ticks || !cfg.gap_ns || h->kind == OOMN_OOM_KILL ||
	    bpf_ktime_get_ns() - gate->sent_ns >= cfg.gap_ns)
		return GATE_OPEN;
	return h->hits == 1 ? GATE_FIRST : GATE_COUNTED;
}

__noinline int gate_stamp(__u32 i)
{
	struct oomn_cpu *c = this_cpu();
	__u64 pid_tgid = bpf_get_current_pid_tgid();
	struct oomn_gate *gate;
	struct oomn_hdr *h;

	if (!c)
		return 0;
	gate = gate_at(c, i);
	h = &gate->rec.hdr;
	h->time_ns = bpf_ktime_get_ns();
	if (h->hits == 1)
		gate->first_ns = h->time_ns;
	h->pid = pid_tgid >> 32;
	h->tid = (__u32)pid_tgid;
	bpf_get_current_comm(h->comm, sizeof(h->comm));
	return 0;
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
 * Sends the gate's record and empties it. With @wake the reader is woken at once; otherwise it is
 * awake or soon looks by itself.
 */
__noinline int gate_put(__u32 i, __u64 now, bool wake)
{
	struct oomn_cpu *c = this_cpu();
	struct oomn_gate *gate;
	struct oomn_hdr *h;
	__u64 stall_ns, size;
	__u32 kind;

	if (!c)
		return 0;
	gate = gate_at(c, i);
	h = &gate->rec.hdr;
	kind = h->kind % OOMN_KIND_ROWS;
	stall_ns = kind == OOMN_RECLAIM_END ? gate->rec.reclaim_end.stall_ns : 0;
	size = h->size;
	h->held_ns = now - gate->first_ns;
	if (size > sizeof(gate->rec) ||
	    bpf_ringbuf_output(&ring, &gate->rec, size,
			       wake ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP)) {
		c->count[kind].dropped_hits += h->hits;
		c->count[kind].dropped_pages += h->pages;
	}
	gate_total(h, stall_ns);
	c->waiting_hits -= h->hits;
	c->waiting_gates &= ~(1ULL << i % OOMN_NR_GATES);
	gate->sent_ns = now;
	gate->sent_jiffies = kind == OOMN_OOM_KILL ? 0 : bpf_jiffies64();
	h->flags = 0;
	h->hits = 0;
	h->pages = 0;
	if (kind == OOMN_SWAP_OUT) {
		gate->rec.swap_out.shmem_pages = 0;
	} else if (kind == OOMN_RECLAIM_END) {
		gate->rec.reclaim_end.stall_ns = 0;
		gate->rec.reclaim_end.scanned_pages = 0;
		gate->rec.reclaim_end.freed_pages = 0;
	}
	return 0;
}

/*
 * Sends what waits in gate @i of this CPU for @least_ns or longer, as a trailing record. Returns
 * whether it did. Verified by itself, as the loops that call it would be once a turn.
 */
__noinline int gate_trail(__u32 i, __u64 least_ns)
{
	struct oomn_cpu *c = this_cpu();
	struct oomn_gate *gate;
	__u64 now;

	i %= OOMN_NR_GATES;
	if (!c || !(c->waiting_gates & 1ULL << i))
		return 0;
	gate = gate_at(c, i);
	now = bpf_ktime_get_ns();
	if (now - gate->sent_ns < least_ns)
		return 0;
	gate->rec.hdr.flags |= OOMN_F_TRAILING;
	gate_put(i, now, false);
	return 1;
}

/*
 * A wake-up costs the task that swaps 18 to 45 us, so there is one a gap for each CPU, but at once
 * for a kind or cause that is new, and for each OOM kill.
 */
static __always_inline bool wake_is_due(struct sender *s, const struct oomn_hdr *h, __u64 now)
{
	__u64 *sent_ns = &s->sent_ns[h->kind % OOMN_KIND_ROWS][h->cause % OOMN_CAUSE_ROWS];
	bool is_new = now - *sent_ns >= NEW_AFTER_GAPS * cfg.wake_gap_ns;

	*sent_ns = now;
	if (h->kind != OOMN_OOM_KILL && !is_new && now - s->wake_ns < cfg.wake_gap_ns)
		return false;
	s->wake_ns = now;
	return true;
}

/*
 * The place of the one bit that is set: each of these 64 products has other top bits. A loop over
 * the bits would cost the verifier 10,000 instructions a program.
 */
static __always_inline __u32 bit_index(__u64 bit)
{
	static const __u8 places[64] = {
		0,  1,	2,  53, 3,  7,	54, 27, 4,  38, 41, 8,	34, 55, 48, 28,
		62, 5,	39, 46, 44, 42, 22, 9,	24, 35, 59, 56, 49, 18, 29, 11,
		63, 52, 6,  26, 37, 40, 33, 47, 61, 45, 43, 21, 23, 58, 17, 10,
		51, 25, 36, 32, 60, 20, 57, 16, 50, 31, 19, 15, 30, 14, 13, 12,
	};

	return places[bit * 0x022fdd63cc95386dULL >> 58];
}

/* The first @most of @gates, a bit each. */
static __always_inline void gates_trail(__u64 gates, int most, __u64 least_ns)
{
	for (int n = 0; n < most && gates; n++) {
		gate_trail(bit_index(gates & -gates), least_ns);
		gates &= gates - 1;
	}
}

#define TAKEN_ALONG 8 /* gates, at most: a wake-up is no time for more */

/* A wake-up takes along what waits for half of a gap or more: its own would come all too soon. */
__noinline int gate_open(__u32 i)
{
	struct oomn_cpu *c = this_cpu();
	struct sender *s = this_sender();
	struct oomn_gate *gate;
	__u64 now;
	bool wake;

	if (!c || !s)
		return 0;
	gate = gate_at(c, i);
	now = gate->rec.hdr.time_ns;
	wake = wake_is_due(s, &gate->rec.hdr, now);
	gate_put(i, now, wake);
	if (wake)
		gates_trail(c->waiting_gates, TAKEN_ALONG, cfg.gap_ns / 2);
	return 0;
}

__noinline int gate_claim(__u32 i, __u64 key, __u64 at)
{
	struct oomn_cpu *c = this_cpu();
	struct oomn_gate *gate;
	struct oomn_hdr *h;
	__u64 memcg;

	if (!c)
		return 0;
	gate = gate_at(c, i);
	h = &gate->rec.hdr;
	if (h->hits) {
		h->flags |= OOMN_F_TRAILING;
		gate_put(i, bpf_ktime_get_ns(), false);
	}
	__builtin_memset(gate, 0, sizeof(*gate));
	memcg = owner_memcg(at);
	gate->key = key;
	h->kind = key & 0xf;
	h->cause = key >> 4 & 0x7;
	h->size = oomn_record_size(h->kind);
	h->cpu = bpf_get_smp_processor_id();
	h->node = -1;
	h->cgroup_id = memcg_id((const struct mem_cgroup *)memcg);
	h->cgroup_row = cgroup_row(memcg);
	return 0;
}

/*
 * Run by the loader on a CPU where hits wait and no further hit may come to take them along. Sends
 * what is due of OOMN_FLUSHED of the gates in its argument, a bit each. Returns an enum oomn_flush.
 */
SEC("raw_tp")
int flush(struct bpf_raw_tracepoint_args *ctx)
{
	struct oomn_cpu *c = this_cpu();

	if (!c)
		return OOMN_FLUSH_DONE;
	c->flush_ns = bpf_ktime_get_ns();
	if (c->busy)
		return OOMN_FLUSH_BUSY;
	c->busy = 1;
	barrier();
	gates_trail(ctx->args[0], OOMN_FLUSHED, c->armed ? cfg.flush_ns : 0);
	barrier();
	c->busy = 0;
	return OOMN_FLUSH_DONE;
}
