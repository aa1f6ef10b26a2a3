/* SPDX-License-Identifier: GPL-2.0-only */
/* Why the BPF programs could not be loaded, in words that help. */
#ifndef OOMN_LOAD_ERROR_H
#define OOMN_LOAD_ERROR_H

/*
 * Logs one line. What this machine or process lacks, if anything required is lacking, comes before
 * what the kernel's @err (negative errno) alone would suggest.
 */
void load_error_explain(int err);

#endif
