// SPDX-License-Identifier: GPL-2.0-only
/* The command line of oom-notify pressure. */
#include "common/args.h"
#include "pressure_args.h"

#include <errno.h>
#include <stdio.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/parse.h"

#define MIN_SIZE_BYTES (4ULL << 20) /* below, a process hardly fits beside its page tables */
#define MAX_SIZE_BYTES (1ULL << 50) /* sums and rounding cannot overflow */
#define MAX_NS	       (24ULL * 3600 * NS_PER_S)
#define MAX_EPISODES   1000000

const char *const pressure_swaps[] = { "file", "zram", "none" };
const char *const pressure_causes[] = { "memcg", "proactive" };

enum key {
	KEY_LIMIT = 256, /* no short option */
	KEY_USE,
	KEY_EPISODES,
	KEY_GAP,
	KEY_HOLD,
	KEY_SWAP,
	KEY_SWAP_SIZE,
	KEY_CAUSE,
};

static const struct argp_option options[] = {
	{ "limit", KEY_LIMIT, "SIZE", 0, "memory limit of the box (64M)", 0 },
	{ "use", KEY_USE, "SIZE", 0, "memory that an episode touches (192M)", 0 },
	{ "episodes", KEY_EPISODES, "N", 0, "how many episodes (1)", 0 },
	{ "gap", KEY_GAP, "TIME", 0, "quiet between two episodes (2s)", 0 },
	{ "hold", KEY_HOLD, "TIME", 0, "how long an episode keeps its memory (500ms)", 0 },
	{ "swap", KEY_SWAP, "KIND", 0,
	  "private swap: file (in $TMPDIR or /var/tmp), zram or none (file, or zram where no file "
	  "can be swapped to)",
	  0 },
	{ "swap-size", KEY_SWAP_SIZE, "SIZE", 0, "size of the private swap (256M)", 0 },
	{ "cause", KEY_CAUSE, "CAUSE", 0,
	  "memcg (run into the limit) or proactive (no limit in the way, MADV_PAGEOUT) (memcg)",
	  0 },
	{ "json", 'j', NULL, 0, "one JSON object a line", 0 },
	ARGS_HELP_OPTION,
	{ 0 },
};

static int size_arg(const char *name, const char *arg, uint64_t *bytes)
{
	if (!parse_size_bytes(arg, MIN_SIZE_BYTES, MAX_SIZE_BYTES, bytes))
		return 0;
	return usage_err("--%s '%s': a size such as 64M, from 4M to 1048576G, is allowed", name,
			 arg);
}

static int time_arg(const char *name, const char *arg, uint64_t *ns)
{
	if (!parse_duration_ns(arg, 0, MAX_NS, ns))
		return 0;
	return usage_err("--%s '%s': a time such as 500ms or 2s, from 0 to 24h, is allowed", name,
			 arg);
}

/* Index into @names, or negative. */
static int name_arg(const char *option, const char *arg, const char *const names[], size_t n)
{
	int i = parse_name(arg, names, n);

	if (i < 0) {
		char allowed[64];

		usage_err("--%s '%s': allowed are %s", option, arg,
			  join_names(names, n, allowed, sizeof(allowed)));
	}
	return i;
}

/* Options that only episodes have. */
static int parse_episode_opt(int key, const char *arg, struct pressure_config *c)
{
	int i;

	switch (key) {
	case KEY_USE:
		c->episode_option = "--use";
		return size_arg("use", arg, &c->box.use_bytes);
	case KEY_EPISODES:
		c->episode_option = "--episodes";
		if (!parse_u64(arg, 1, MAX_EPISODES, &c->episodes))
			return 0;
		return usage_err("--episodes '%s': a number from 1 to %d is allowed", arg,
				 MAX_EPISODES);
	case KEY_GAP:
		c->episode_option = "--gap";
		return time_arg("gap", arg, &c->gap_ns);
	case KEY_HOLD:
		c->episode_option = "--hold";
		return time_arg("hold", arg, &c->box.hold_ns);
	case KEY_CAUSE:
		c->episode_option = "--cause";
		i = name_arg("cause", arg, pressure_causes, 2);
		if (i < 0)
			return EXIT_USAGE;
		c->box.cause = (enum box_cause)i;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	struct pressure_config *c = state->input;
	int err = 0, i;

	switch (key) {
	case KEY_LIMIT:
		err = size_arg("limit", arg, &c->box.limit_bytes);
		break;
	case KEY_SWAP:
		i = name_arg("swap", arg, pressure_swaps, 3);
		if (i >= 0)
			c->box.swap = (enum box_swap)i;
		else
			err = EXIT_USAGE;
		break;
	case KEY_SWAP_SIZE:
		err = size_arg("swap-size", arg, &c->box.swap_bytes);
		break;
	case 'j':
		c->json = true;
		break;
	case ARGP_KEY_ARGS:
		c->command = state->argv + state->next;
		break;
	default:
		err = parse_episode_opt(key, arg, c);
	}
	if (err == ARGP_ERR_UNKNOWN)
		return err;
	return err ? EINVAL : 0;
}

static const struct argp argp = {
	.options = options,
	.parser = parse_opt,
	.args_doc = "[-- COMMAND [ARG...]]",
	.doc = "Makes real memory pressure inside a box, a cgroup with a memory limit and a "
	       "private "
	       "swap, and removes all of it at the end. The machine itself never runs short: sizes "
	       "over half of the available memory are refused. With COMMAND, runs that in the box "
	       "instead of episodes.\v"
	       "An episode that does not fit into --limit and --swap-size together is ended by the "
	       "OOM killer, inside the box.\n"
	       "Exit status: 0 done, 1 failed, 2 wrong command line or sizes, 128+N ended by "
	       "signal "
	       "N, with COMMAND its own.",
};

int pressure_parse(int argc, char **argv, struct pressure_config *c)
{
	struct failure why = { "" };
	int err;

	*c = (struct pressure_config){
		.box = {
			.limit_bytes = 64 << 20,
			.use_bytes = 192 << 20,
			.swap_bytes = 256 << 20,
			.hold_ns = NS_PER_S / 2,
			.swap = BOX_SWAP_AUTO,
			.cause = BOX_MEMCG,
		},
		.episodes = 1,
		.gap_ns = 2 * NS_PER_S,
	};

	err = args_parse(&argp, "oom-notify pressure", ARGP_IN_ORDER, argc, argv, c);
	if (err != ARGS_GO_ON)
		return err;
	if (c->command && c->episode_option)
		return usage_err("%s is about episodes, and with COMMAND there are none: leave out "
				 "one of them",
				 c->episode_option);
	if (c->command)
		c->box.use_bytes = 0;
	err = box_check_sizes(&c->box, box_available_bytes(), &why);
	if (err == -ERANGE)
		return usage_err("%s", why.text);
	if (!err)
		return ARGS_GO_ON;
	log_err("%s", why.text);
	return EXIT_FAIL;
}
