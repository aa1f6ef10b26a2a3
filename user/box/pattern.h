/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory that costs what real data cost. */
#ifndef OOMN_PATTERN_H
#define OOMN_PATTERN_H

#include <stddef.h>

struct pattern {
	size_t page_size;
	char page[65536]; /* one page, of the largest size there is */
};

/* 0 or negative errno. */
int pattern_init(struct pattern *p);

/* Random, so that neither zram nor the kernel's zero-page check makes page @i of @mem cheaper. */
void pattern_touch(const struct pattern *p, char *mem, size_t i);

/* Anonymous memory, none of it touched: page by page, or a touch could be 2 MB. NULL and errno. */
char *pattern_map(size_t bytes);

#endif
