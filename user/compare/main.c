// SPDX-License-Identifier: GPL-2.0-only
/* oom-notify-compare, which `oom-notify compare` and `make bench` run. */
#include <string.h>

#include "compare/cmd/bench.h"
#include "compare/cmd/latency.h"
#include "compare/cmd/load.h"
#include "compare/cmd/survive.h"
#include "common/clock.h"
#include "common/log.h"

int main(int argc, char **argv)
{
	clock_init();
	if (argc > 1 && !strcmp(argv[1], "bench"))
		return cmd_bench(argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "load"))
		return cmd_load(argc - 1, argv + 1);
	log_set_verb("compare");
	return survive_is_asked(argc, argv) ? cmd_survive(argc, argv) : cmd_latency(argc, argv);
}
