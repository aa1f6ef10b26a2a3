/* SPDX-License-Identifier: GPL-2.0-only */
/* Why the BPF programs could not be loaded, in words that help. */
#ifndef OOMN_LOAD_ERROR_H
#define OOMN_LOAD_ERROR_H

/* Silences libbpf, whose words are for debugging (OOM_NOTIFY_DEBUG). */
void load_error_hush(void);

/*
 * Logs one line. What this machine or process lacks, if anything required is lacking, comes before
 * what the kernel's @err (negative errno) alone would suggest. @doing: what went wrong, as in
 * "reading the kernel's types".
 */
void load_error_explain(int err, const char *doing);

/*
 * The meaning of @err (negative errno) when it comes out of the loader, where strerror() would
 * mislead.
 */
const char *load_error_text(int err);

#endif
