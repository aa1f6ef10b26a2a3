/* SPDX-License-Identifier: GPL-2.0-only */
/* Where and when something was measured: without it, figures say little. */
#ifndef OOMN_MACHINE_H
#define OOMN_MACHINE_H

#include <stdint.h>

#include "common/json.h"

struct machine {
	char kernel[256];  /* "6.1.0-18-amd64 x86_64" */
	char version[256]; /* has the preemption model's name in it */
	char processor[128];
	uint32_t cores;
	uint64_t memory_kb;
	double load[3];
};

/* Above this, over the last minute, figures are noisy. */
#define MACHINE_LOAD_MAX 0.5

/* A member that cannot be read is "" or 0. */
void machine_read(struct machine *m);

/* The load averages of now; zeros where they cannot be read. */
void machine_load(double load[3]);

/* Writes its members into the open object; without the load, which is of a moment. */
void machine_json(struct json *j, const struct machine *m);
void machine_load_json(struct json *j, const char *key, const double load[3]);

#endif
