/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ids that BPF programs need to read pointers by plain loads (bpf/direct.bpf.h). libbpf would
 * find them by itself, but only by parsing all of the kernel's BTF: 35 ms and 10 MB.
 */
#ifndef OOMN_DIRECT_H
#define OOMN_DIRECT_H

#include "config.h"
#include "features.h"

enum direct_way {
	DIRECT_PROBE,  /* bpf_probe_read_kernel() */
	DIRECT_TP_BTF, /* loads of what a tracepoint passes, by a program of the type tp_btf */
	DIRECT_CAST,   /* loads of whatever was cast */
};

enum direct_way direct_best(const struct features *f);

/* The members of @cfg that bpf/direct.bpf.h goes by. */
void direct_config(struct oomn_config *cfg, const struct features *f, enum direct_way way);

/* The kernel that programs are finished for; both may be filled in between open and load. */
struct direct {
	struct features features;
	enum direct_way way;
};

/*
 * Before a BPF object is opened: from here on to direct_end(), libbpf has each program finished
 * just before it is loaded, as @d then says. 0 or negative errno.
 */
int direct_begin(const struct direct *d);
void direct_end(void);

#endif
