/* SPDX-License-Identifier: GPL-2.0-only */
/* Where and when it was measured: without it, figures say little. */
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

#include "common/json.h"

struct machine {
	char kernel[256];
	char version[256]; /* has the preemption model's name in it */
	char processor[128];
	unsigned int cores;
	unsigned long memory_kb;
	double load[3];
};

void machine_read(struct machine *m);

/* Of the last minute; above this it is said that figures are noisy. */
#define LOAD_MAX 0.5

/* Members of the object that is open. */
void machine_json(struct json *j, const struct machine *m);

/* The load averages of now. */
void machine_load_json(struct json *j, const char *key);

#endif
