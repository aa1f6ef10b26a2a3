// SPDX-License-Identifier: GPL-2.0-only
/* The least that a program on a raw tracepoint can cost. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("raw_tp")
int empty(void *ctx)
{
	return 0;
}
