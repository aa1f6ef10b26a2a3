/* SPDX-License-Identifier: GPL-2.0-only */
/* The running kernel's types, as far as the loader needs them, learnt by a child process. */
#ifndef OOMN_KERNEL_TYPES_H
#define OOMN_KERNEL_TYPES_H

#include "features.h"

struct btf;

/*
 * Has a child process read the kernel's BTF, so that the process that stays never holds its 5.5 MB:
 * fills @f and writes to @fd (a memfd) the slice of it that @wanted, a BPF object's BTF, asks
 * about. 0 or negative errno: -ENOENT where the kernel has no BTF, -ECHILD when that process was
 * killed.
 */
int kernel_types_probe(const struct btf *wanted, struct features *f, int fd);

#endif
