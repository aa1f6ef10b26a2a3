// SPDX-License-Identifier: GPL-2.0-only
/* Describes the machine, and how busy it is. */
#include "machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/cleanup.h"

/* Copies what stands behind the colon on the first line that begins with @key. */
static void read_field(const char *path, const char *key, char *to, size_t size)
{
	_cleanup_fclose_ FILE *f = fopen(path, "re");
	char line[512];

	to[0] = '\0';
	while (f && fgets(line, sizeof(line), f)) {
		const char *colon = strchr(line, ':');

		if (strncmp(line, key, strlen(key)) != 0 || !colon)
			continue;
		colon += 1 + strspn(colon + 1, " \t");
		snprintf(to, size, "%.*s", (int)strcspn(colon, "\n"), colon);
		return;
	}
}

/*
 * In hundredths, as uptime and top have them: what is printed now and what is printed from a saved
 * run, which keeps three places, must not be rounded to different digits.
 */
void machine_load(double load[3])
{
	if (getloadavg(load, 3) != 3)
		load[0] = load[1] = load[2] = 0;
	for (int i = 0; i < 3; i++)
		load[i] = (double)(long)(load[i] * 100 + 0.5) / 100;
}

void machine_read(struct machine *m)
{
	struct utsname u = { 0 };
	char memory[32];

	(void)uname(&u);
	snprintf(m->kernel, sizeof(m->kernel), "%s %s", u.release, u.machine);
	snprintf(m->version, sizeof(m->version), "%s", u.version);
	read_field("/proc/cpuinfo", "model name", m->processor, sizeof(m->processor));
	read_field("/proc/meminfo", "MemTotal", memory, sizeof(memory));
	m->memory_kb = strtoull(memory, NULL, 10);
	m->cores = (uint32_t)sysconf(_SC_NPROCESSORS_ONLN);
	machine_load(m->load);
}

void machine_json(struct json *j, const struct machine *m)
{
	json_str(j, "kernel", m->kernel);
	json_str(j, "kernel_version", m->version);
	json_str(j, "processor", m->processor);
	json_u64(j, "cores", m->cores);
	json_u64(j, "memory_kb", m->memory_kb);
}

void machine_load_json(struct json *j, const char *key, const double load[3])
{
	json_open(j, key, '[');
	for (int i = 0; i < 3; i++)
		json_fixed(j, NULL, load[i]);
	json_close(j, ']');
}
