// SPDX-License-Identifier: GPL-2.0-only
/* Tells every hit at once, by a record as long as ours and a wake-up, to show what that costs. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "../record.h"

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 * 1024 * 1024); /* as watch --raw */
} ring SEC(".maps");

__u64 dropped = 0; /* not exact: two CPUs may count at once */

SEC("raw_tp")
int wake(void *ctx)
{
	struct oomn_swap_out *rec = bpf_ringbuf_reserve(&ring, sizeof(*rec), 0);
	__u64 pid_tgid = bpf_get_current_pid_tgid();

	if (!rec) {
		dropped++;
		return 0;
	}
	__builtin_memset(rec, 0, sizeof(*rec));
	rec->hdr.size = sizeof(*rec);
	rec->hdr.hits = 1;
	rec->hdr.time_ns = bpf_ktime_get_ns();
	rec->hdr.cpu = bpf_get_smp_processor_id();
	rec->hdr.pid = pid_tgid >> 32;
	rec->hdr.tid = (__u32)pid_tgid;
	bpf_get_current_comm(rec->hdr.comm, sizeof(rec->hdr.comm));
	bpf_ringbuf_submit(rec, BPF_RB_FORCE_WAKEUP);
	return 0;
}
