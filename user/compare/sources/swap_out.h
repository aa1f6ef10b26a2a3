/* SPDX-License-Identifier: GPL-2.0-only */
/* The swap-out tracepoint, for programs of the comparison's own. */
#ifndef OOMN_COMPARE_SWAP_OUT_H
#define OOMN_COMPARE_SWAP_OUT_H

#include <bpf/libbpf.h>

/* Its name since 5.18, and until then; which a kernel has cannot be asked without tracefs. */
#define SWAP_OUT_NAMES 2
extern const char *const swap_out_names[SWAP_OUT_NAMES];

/* Attaches @prog as a raw tracepoint; NULL and errno. */
struct bpf_link *swap_out_attach(struct bpf_program *prog);

#endif
