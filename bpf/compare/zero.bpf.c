// SPDX-License-Identifier: GPL-2.0-only
/*
 * Zero of `oom-notify compare`: stamps the first swap-out or reclaim by a task of the box, and the
 * first swap-out, which is what some sources tell of. It serves no source and is attached before
 * any, so it also runs before any. It looks at no argument of a tracepoint, so one program fits all
 * kernels; user space names the tracepoints.
 */
#include "../cgroup.bpf.h"
#include "zero.h"

char LICENSE[] SEC("license") = "GPL";

struct zero_shared shared = {};

/*
 * One task is in the box, so nobody races for zero; before 5.12 there would be no exchange either.
 */
static __always_inline int stamp(__u64 kind)
{
	__u64 now = bpf_ktime_get_ns();
	__u64 id;

	if (!shared.cgroup_id || (shared.zero_ns && (kind != ZERO_SWAP_OUT || shared.swap_ns)))
		return 0;
	id = memcg_id(task_memcg((struct task_struct *)bpf_get_current_task()));
	if (id == shared.cgroup_id) {
		if (kind == ZERO_SWAP_OUT)
			shared.swap_ns = now;
		if (!shared.zero_ns) {
			shared.kind = kind;
			shared.zero_ns = now;
		}
		return 0;
	}
	if (shared.zero_ns)
		return 0;
	if (!shared.others_hits)
		bpf_get_current_comm(shared.others_comm, sizeof(shared.others_comm));
	__sync_fetch_and_add(&shared.others_hits, 1);
	return 0;
}

SEC("raw_tp")
int swap_out(void *ctx)
{
	return stamp(ZERO_SWAP_OUT);
}

SEC("raw_tp")
int reclaim(void *ctx)
{
	return stamp(ZERO_RECLAIM);
}
