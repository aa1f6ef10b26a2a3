/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine as members of bench.json. */
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

#include "common/json.h"
#include "core/machine.h"

/* Members of the object that is open. */
void machine_json(struct json *j, const struct machine *m);

/* The load averages of now. */
void machine_load_json(struct json *j, const char *key);

#endif
