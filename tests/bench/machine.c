// SPDX-License-Identifier: GPL-2.0-only
/* Writes what the machine is and how busy it is. */
#include "machine.h"

static void load_json(struct json *j, const char *key, const double load[3])
{
	json_open(j, key, '[');
	for (int i = 0; i < 3; i++)
		json_fixed(j, NULL, load[i]);
	json_close(j, ']');
}

void machine_json(struct json *j, const struct machine *m)
{
	json_str(j, "kernel", m->kernel);
	json_str(j, "kernel_version", m->version);
	json_str(j, "processor", m->processor);
	json_u64(j, "cores", m->cores);
	json_u64(j, "memory_kb", m->memory_kb);
	load_json(j, "load_before", m->load);
}

void machine_load_json(struct json *j, const char *key)
{
	double load[3];

	machine_load(load);
	load_json(j, key, load);
}
