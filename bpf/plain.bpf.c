// SPDX-License-Identifier: GPL-2.0-only
#include "plain.bpf.h"

SEC("raw_tp")
int tail_plain(void *ctx)
{
	return plain_report();
}
