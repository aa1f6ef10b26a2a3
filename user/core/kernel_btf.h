/* SPDX-License-Identifier: GPL-2.0-only */
/* The running kernel's BTF, read whole. */
#ifndef OOMN_KERNEL_BTF_H
#define OOMN_KERNEL_BTF_H

struct btf;

/*
 * The running kernel's whole BTF, to be freed with btf__free(). NULL with errno: EBADMSG when there
 * is a file for it that holds none.
 */
struct btf *kernel_btf_load(void);

#endif
