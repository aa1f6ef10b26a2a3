/* SPDX-License-Identifier: GPL-2.0-only */
/* Words for figures of who survived. */
#ifndef OOMN_SURVIVE_FIGURES_H
#define OOMN_SURVIVE_FIGURES_H

#include <stdint.h>

#define SURVIVE_RATE_LEN 24

/* "200 MB/s", or "max" for the unthrottled one; returns @buf. */
const char *survive_rate(uint32_t rate_mb_s, char buf[SURVIVE_RATE_LEN]);

/* Five columns or less: "598ms", "-12ms"; "-" for NaN. Returns @buf, of HUMAN_LEN. */
const char *survive_lead(double ns, char *buf);

#endif
