// SPDX-License-Identifier: GPL-2.0-only
/* Loads tick.bpf.c for one measurement, and adds up what it saw on each processor. */
#include "tick.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tick.skel.h"

#define MAX_LINKS 8

static struct {
	struct bpf_object *obj;
	struct bpf_link *link[MAX_LINKS];
	unsigned int nr_links;
} tick;

static int load(struct env *env, uint32_t prog_id)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "tick");
	struct bpf_map *rodata;
	size_t size;
	const void *elf = tick_bpf__elf_bytes(&size);

	tick.obj = bpf_object__open_mem(elf, size, &opts);
	if (!tick.obj)
		return env_fail(env, "cannot open tick.bpf.o: %s", strerror(errno));
	rodata = bpf_object__find_map_by_name(tick.obj, "tick.rodata");
	if (!rodata || bpf_map__set_initial_value(rodata, &prog_id, sizeof(prog_id)))
		return env_fail(env, "cannot tell tick.bpf.o which timer it is about");
	if (bpf_object__load(tick.obj))
		return env_fail(env, "cannot load tick.bpf.o: %s", strerror(errno));
	return 0;
}

/* The hard interrupt's tracepoint is x86's. */
static bool may_miss(const struct bpf_program *prog)
{
	return !strncmp(bpf_program__name(prog), "hard_", strlen("hard_"));
}

int tick_start(struct env *env, uint32_t prog_id)
{
	struct bpf_program *prog;
	int err = load(env, prog_id);

	if (err)
		return err;
	bpf_object__for_each_program(prog, tick.obj) {
		struct bpf_link *link = tick.nr_links < MAX_LINKS ? bpf_program__attach(prog) :
								    NULL;

		if (link)
			tick.link[tick.nr_links++] = link;
		else if (!may_miss(prog))
			return env_fail(env, "cannot attach %s of tick.bpf.o",
					bpf_program__name(prog));
	}
	return 0;
}

int tick_read(struct env *env, struct tick_cost *cost)
{
	const struct bpf_map *map = bpf_object__find_map_by_name(tick.obj, "ticks");
	const size_t size = map ? bpf_map__value_size(map) : 0;
	const int cpus = libbpf_num_possible_cpus();
	char *values = cpus > 0 && size ? calloc((size_t)cpus, size) : NULL;
	uint32_t key = 0;

	memset(cost, 0, sizeof(*cost));
	if (!values || bpf_map_lookup_elem(bpf_map__fd(map), &key, values)) {
		free(values);
		return env_fail(env, "cannot read what the timer took");
	}
	for (int i = 0; i < cpus; i++) {
		struct tick_cost one; /* the first member of a processor's value */

		memcpy(&one, values + (size_t)i * size, sizeof(one));
		cost->ticks += one.ticks;
		cost->soft_ns += one.soft_ns;
		cost->hard_ns += one.hard_ns;
	}
	free(values);
	return 0;
}

void tick_stop(void)
{
	while (tick.nr_links)
		bpf_link__destroy(tick.link[--tick.nr_links]);
	bpf_object__close(tick.obj);
	tick.obj = NULL;
}
