// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program that follows systemd's memory pressure protocol by libsystemd's own means, on what
 * MEMORY_PRESSURE_WATCH and MEMORY_PRESSURE_WRITE say. It says "ready", and "called" each time that
 * libsystemd calls it. The library is found at run time, and nothing else is needed.
 */
#include <dlfcn.h>
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct sd_event;
struct sd_event_source;
typedef int (*handler_fn)(struct sd_event_source *s, void *arg);

static int on_pressure(struct sd_event_source *s, void *arg)
{
	(void)s;
	(void)arg;
	puts("called");
	fflush(stdout);
	return 0;
}

/* POSIX has it that a function's address fits into a void *. */
static void find(void *library, const char *name, void *fn)
{
	void *symbol = dlsym(library, name);

	if (!symbol)
		errx(1, "%s", dlerror());
	memcpy(fn, &symbol, sizeof(symbol));
}

int main(void)
{
	/* Version 14 takes these pointers for multiplications. */
	/* clang-format off */
	int (*create)(struct sd_event **event);
	int (*run)(struct sd_event *event, uint64_t timeout_us);
	int (*add)(struct sd_event *event, struct sd_event_source **s, handler_fn fn, void *arg);
	/* clang-format on */
	void *library = dlopen("libsystemd.so.0", RTLD_NOW);
	struct sd_event *event;

	if (!library)
		errx(1, "%s", dlerror());
	find(library, "sd_event_new", &create);
	find(library, "sd_event_run", &run);
	find(library, "sd_event_add_memory_pressure", &add);
	if (create(&event) < 0 || add(event, NULL, on_pressure, NULL) < 0)
		errx(1, "no memory pressure source");
	/* What it writes it writes at the first turn of the loop. */
	if (run(event, 0) < 0)
		errx(1, "sd_event_run");
	puts("ready");
	fflush(stdout);
	while (run(event, UINT64_MAX) >= 0)
		;
	return 1;
}
