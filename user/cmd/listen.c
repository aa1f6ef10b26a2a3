// SPDX-License-Identifier: GPL-2.0-only
/* `oom-notify listen`: the command line. */
#include "listen.h"

#include <errno.h>

#include "common/args.h"
#include "cmd.h"
#include "common/clock.h"
#include "common/log.h"
#include "core/names.h"
#include "core/device.h"

enum {
	OPT_JSON = 'j',
	OPT_DEVICE = 256,
	OPT_COUNT,
	OPT_DURATION,
	OPT_MIN_LEVEL,
};

static const struct argp_option options[] = {
	{ "device", OPT_DEVICE, "PATH", 0, "read this one (default " DEVICE_PATH ")", 0 },
	{ "json", OPT_JSON, NULL, 0, "one JSON object a line, for programs", 0 },
	{ "min-level", OPT_MIN_LEVEL, "LEVEL", 0,
	  "ask the device for what is told at this level or above only: none, low, medium, "
	  "critical",
	  0 },
	{ "count", OPT_COUNT, "N", 0, "end after N records", 0 },
	{ "duration", OPT_DURATION, "TIME", 0, "end after TIME", 0 },
	ARGS_HELP_OPTION,
	{ 0 },
};

static const char doc[] =
	"Print what " DEVICE_PATH
	" tells: that the machine runs short of memory, why, and how much "
	"to free. Needs the oom_notify kernel module, and no privilege."
	"\vTIME is a number and a unit, as in 10ms, 1.5s, 2m. Ends on SIGINT and SIGTERM, too.\n\n"
	"Exit status: 0 ended as asked, 1 it did not work, 2 wrong command line.";

static int option(int key, const char *arg, struct listen_opts *o)
{
	switch (key) {
	case OPT_DEVICE:
		o->path = arg;
		return *arg ? 0 : usage_err("--device: '' is no path");
	case OPT_JSON:
		o->json = true;
		return 0;
	case OPT_COUNT:
		return args_number("--count", arg, 1, UINT64_MAX, &o->count);
	case OPT_DURATION:
		return args_duration("--duration", arg, NS_PER_MS, &o->duration_ns);
	case OPT_MIN_LEVEL:
		return args_word("--min-level", arg, level_names, NR_LEVELS, &o->min_level);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	int err;

	if (key == ARGP_KEY_ARG)
		err = usage_hint("'%s' is not an option, and listen takes no arguments", arg);
	else
		err = option(key, arg, state->input);
	return err == EXIT_USAGE ? EINVAL : err;
}

int cmd_listen(int argc, char **argv)
{
	static const struct argp argp = { .options = options, .parser = parse, .doc = doc };
	struct listen_opts opts = { .path = DEVICE_PATH };
	int err = args_parse(&argp, "oom-notify listen", 0, argc, argv, &opts);

	return err == ARGS_GO_ON ? listen_run(&opts) : err;
}
