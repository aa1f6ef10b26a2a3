// SPDX-License-Identifier: GPL-2.0-only
/*
 * The time that a BPF timer takes (tick.h). Since 5.15 it runs in the soft interrupt of timers,
 * which the hard one asks for: both are timed whole when the timer ran in them, with whatever else
 * they did.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "tick.h"

char LICENSE[] SEC("license") = "GPL";

/* Until 6.10. */
struct bpf_hrtimer___first {
	struct bpf_prog *prog;
} __attribute__((preserve_access_index));

extern const void bpf_timer_cb __ksym;

const volatile __u32 timer_prog_id = 0;

struct on_cpu {
	struct tick_cost cost;
	__u64 hard_since_ns; /* 0: not in it */
	__u64 hard_ns;	     /* of the one that asked for the soft interrupt to come */
	__u64 soft_since_ns;
	__u32 asked;
	__u32 ours; /* the timer ran in this soft interrupt */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct on_cpu);
} ticks SEC(".maps");

static __always_inline struct on_cpu *this_cpu(void)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&ticks, &key);
}

SEC("raw_tp/local_timer_entry")
int hard_entry(void *ctx)
{
	struct on_cpu *c = this_cpu();

	if (c) {
		c->asked = 0;
		c->hard_since_ns = bpf_ktime_get_ns();
	}
	return 0;
}

SEC("raw_tp/softirq_raise")
int soft_raise(struct bpf_raw_tracepoint_args *ctx)
{
	struct on_cpu *c = this_cpu();

	if (c && ctx->args[0] == HRTIMER_SOFTIRQ)
		c->asked = 1;
	return 0;
}

SEC("raw_tp/local_timer_exit")
int hard_exit(void *ctx)
{
	struct on_cpu *c = this_cpu();

	if (c && c->asked && c->hard_since_ns)
		c->hard_ns = bpf_ktime_get_ns() - c->hard_since_ns;
	return 0;
}

SEC("raw_tp/softirq_entry")
int soft_entry(struct bpf_raw_tracepoint_args *ctx)
{
	struct on_cpu *c = this_cpu();

	if (c && ctx->args[0] == HRTIMER_SOFTIRQ) {
		c->ours = 0;
		c->soft_since_ns = bpf_ktime_get_ns();
	}
	return 0;
}

static __always_inline __u32 prog_id(const struct hrtimer *timer)
{
	const void *t = (const void *)timer - bpf_core_field_offset(struct bpf_hrtimer, timer);
	const struct bpf_prog *prog;

	if (bpf_core_field_exists(struct bpf_hrtimer, cb))
		prog = BPF_CORE_READ((const struct bpf_hrtimer *)t, cb.prog);
	else
		prog = BPF_CORE_READ((const struct bpf_hrtimer___first *)t, prog);
	return BPF_CORE_READ(prog, aux, id);
}

SEC("raw_tp/hrtimer_expire_entry")
int expire(struct bpf_raw_tracepoint_args *ctx)
{
	const struct hrtimer *timer = (const void *)ctx->args[0];
	struct on_cpu *c = this_cpu();

	if (c && (const void *)BPF_CORE_READ(timer, function) == &bpf_timer_cb &&
	    prog_id(timer) == timer_prog_id)
		c->ours = 1;
	return 0;
}

SEC("raw_tp/softirq_exit")
int soft_exit(struct bpf_raw_tracepoint_args *ctx)
{
	struct on_cpu *c = this_cpu();

	if (!c || ctx->args[0] != HRTIMER_SOFTIRQ)
		return 0;
	if (c->ours && c->soft_since_ns) {
		c->cost.ticks++;
		c->cost.soft_ns += bpf_ktime_get_ns() - c->soft_since_ns;
		c->cost.hard_ns += c->hard_ns;
	}
	c->hard_ns = 0;
	return 0;
}
