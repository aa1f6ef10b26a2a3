/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows of the table of cgroups as the BPF side leaves them. */
#ifndef OOMN_TEST_ROWS_H
#define OOMN_TEST_ROWS_H

#include <string.h>
#include "tables.h"

#define ROOT_ROW    (OOMN_NR_CGROUPS - 1)
#define ROOT_ID	    1
#define ROW_ID(row) (5000ULL + (row))

/*
 * A directory called @name; below the root, or in the row @parent. Its totals are left as they are.
 */
static inline void put_dir(struct oomn_cgroup *rows, uint32_t row, uint32_t parent,
			   const char *name)
{
	struct oomn_cgroup *cg = &rows[row];

	rows[ROOT_ROW].id = ROOT_ID;
	rows[ROOT_ROW].parent = OOMN_CGROUP_NONE;
	rows[ROOT_ROW].state = OOMN_ROW_USED;
	cg->id = ROW_ID(row);
	cg->removed_id = 0;
	cg->parent = parent;
	cg->parent_id = rows[parent].id;
	cg->state = OOMN_ROW_USED;
	memset(cg->name, 0, sizeof(cg->name));
	memcpy(cg->name, name, strlen(name));
}

/* As long a path as there is, each byte of which is @byte, and gone. Takes @row and 17 more. */
static inline void put_longest(struct oomn_cgroup *rows, uint32_t row, char byte)
{
	char name[OOMN_CGROUP_NAME_LEN] = { 0 };

	memset(name, byte, sizeof(name) - 1);
	put_dir(rows, row + 17, ROOT_ROW, name);
	for (uint32_t i = 17; i-- > 0;)
		put_dir(rows, row + i, row + i + 1, name);
	rows[row].removed_id = rows[row].id;
}

#endif
