/* SPDX-License-Identifier: GPL-2.0-only */
/* A small part of a kernel's BTF that answers the same CO-RE questions as the whole. */
#ifndef OOMN_BTF_SLICE_H
#define OOMN_BTF_SLICE_H

struct btf;

/*
 * A new BTF with every type of @full whose name, up to a "___" flavour, is that of a type in
 * @wanted, and what these contain by value. Pointers point to void: CO-RE never looks behind one.
 * NULL with errno on failure. Free with btf__free().
 */
struct btf *btf_slice(const struct btf *full, const struct btf *wanted);

#endif
