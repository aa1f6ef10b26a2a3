/* SPDX-License-Identifier: GPL-2.0-only */
/* Programs that others end in: bpf/tails.bpf.h. */
#ifndef OOMN_TAILS_H
#define OOMN_TAILS_H

#include <stdbool.h>

struct bpf_object;

/* Before load: which of the two kinds of programs on tracepoints will be loaded. */
void tails_choose(struct bpf_object *obj, bool raw, bool classic);

/* After load, before anything is attached: fills their tables. 0 or negative errno. */
int tails_fill(const struct bpf_object *obj);

#endif
