/* SPDX-License-Identifier: GPL-2.0-only */
/* From the loader's options and the kernel's features to what the BPF programs are told. */
#ifndef OOMN_CONFIG_FILL_H
#define OOMN_CONFIG_FILL_H

#include "config.h"
#include "direct.h"
#include "loader.h"

void config_fill(struct oomn_config *cfg, const struct loader_opts *o, const struct direct *d);

#endif
