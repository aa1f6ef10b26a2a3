// SPDX-License-Identifier: GPL-2.0-only
/* The tables of the programs that others end in; the loader fills them. */
#include "tails.bpf.h"

struct facts_map facts SEC(".maps");
struct tails_map raw_tails SEC(".maps");
struct tails_map tp_tails SEC(".maps");
