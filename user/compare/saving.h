/* SPDX-License-Identifier: GPL-2.0-only */
/* Saves a run as JSON: an object a line wherever there are many, for diff and for people. */
#ifndef OOMN_COMPARE_SAVING_H
#define OOMN_COMPARE_SAVING_H

#include <stdio.h>

#include "common/json.h"
#include "compare/run_result.h"

struct saving {
	struct json json;
	FILE *f;
	char buf[8192]; /* a line: the longest holds a few texts, each byte escaped at worst */
};

/* Opens the object of a whole run. @incomplete: why; "" for a complete run. */
void saving_begin(struct saving *s, FILE *f, const char *format, int version, uint64_t started_ns,
		  const char *incomplete);

/* JSON allows a new line between any two of its parts. */
void saving_line(struct saving *s);

void saving_machine(struct saving *s, const struct result_machine *m);

/* Closes it: 0 or negative errno. */
int saving_end(struct saving *s);

#endif
