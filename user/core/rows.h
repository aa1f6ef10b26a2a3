/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Gives the rows of removed cgroups back, so that the table never fills with what is gone. A row
 * may be referred to by a gate of any CPU, by a record in the ring, or by whoever keeps records; so
 * it goes in two steps. First it is made impossible to find. When every CPU has been seen outside
 * of a report, nobody is about to refer to it any more, and all that do can be looked at: the
 * gates, then the ring, then what was read from it.
 *
 *
 *
 *
 *
 *
 * What a row had counted is added to OOMN_CGROUP_GONE's.
 */
#ifndef OOMN_ROWS_H
#define OOMN_ROWS_H

#include <stdbool.h>
#include <stdint.h>
#include "tables.h"

/* With more rows than this in use it begins. */
#define ROWS_ENOUGH (OOMN_NR_CGROUPS / 4 * 3)

/* Runs the BPF program tend() for the rows from @first_row on. 0 or negative errno. */
typedef int (*rows_tend_fn)(void *ctx, uint32_t first_row);

struct rows {
	struct oomn_cgroup *table;
	struct oomn_cpu *cpus;
	int nr_cpus;
	rows_tend_fn tend;
	void *ctx;
	bool *is_quiet; /* by CPU */
	uint32_t next_row;
	uint32_t on_way;     /* rows that cannot be found any more */
	uint64_t not_before; /* when to try again after a vain try */
	uint64_t released;   /* rows, since the start */
	uint16_t children[OOMN_NR_CGROUPS];
	bool held[OOMN_NR_CGROUPS];
};

/* 0 or negative errno. */
int rows_init(struct rows *r, struct oomn_cgroup *table, struct oomn_cpu *cpus, int nr_cpus,
	      rows_tend_fn tend, void *ctx);
void rows_free(struct rows *r);

/* Has all rows looked after, or the next few. 0 or negative errno. */
int rows_tend_all(struct rows *r);
int rows_tend_some(struct rows *r);

/*
 * @taken: how many rows were ever taken. Returns whether it is time to look who refers to the rows
 * that are on their way; if so, rows_end() must follow. Those of the removed cgroups that the
 * summary will list stay.
 */
bool rows_begin(struct rows *r, uint64_t taken, uint64_t now_ns);
void rows_hold(struct rows *r, uint32_t row, uint64_t id);
/* Returns how many came free. */
uint32_t rows_end(struct rows *r, uint64_t now_ns);

#endif
