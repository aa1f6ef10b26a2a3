// SPDX-License-Identifier: GPL-2.0-only
#include "tails.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include "config.h"

static const char *const tail_names[OOMN_NR_TAILS] = {
	[OOMN_TAIL_BEGIN] = "begin",
	[OOMN_TAIL_END] = "end",
	[OOMN_TAIL_PLAIN] = "plain",
};

static const char *const kinds[] = { "", "tp_" };

static struct bpf_program *find(const struct bpf_object *obj, const char *kind, int tail)
{
	char name[32];

	snprintf(name, sizeof(name), "%stail_%s", kind, tail_names[tail]);
	return bpf_object__find_program_by_name(obj, name);
}

void tails_choose(struct bpf_object *obj, bool raw, bool classic)
{
	for (int tail = 0; tail < OOMN_NR_TAILS; tail++) {
		bpf_program__set_autoload(find(obj, kinds[0], tail), raw);
		bpf_program__set_autoload(find(obj, kinds[1], tail), classic);
	}
}

static int fill(const struct bpf_object *obj, const char *kind, const char *map)
{
	const int map_fd = bpf_object__find_map_fd_by_name(obj, map);
	int err = 0;

	for (__u32 tail = 0; !err && tail < OOMN_NR_TAILS; tail++) {
		const struct bpf_program *prog = find(obj, kind, (int)tail);
		const int fd = prog && bpf_program__autoload(prog) ? bpf_program__fd(prog) : -1;

		if (fd >= 0)
			err = bpf_map_update_elem(map_fd, &tail, &fd, BPF_ANY);
	}
	return err;
}

int tails_fill(const struct bpf_object *obj)
{
	int err = fill(obj, kinds[0], "raw_tails");

	return err ?: fill(obj, kinds[1], "tp_tails");
}
