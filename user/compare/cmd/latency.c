// SPDX-License-Identifier: GPL-2.0-only
/* `oom-notify compare`: the command line. */
#include "latency.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/args.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/parse.h"
#include "report.h"
#include "compare/latency/sources.h"
#include "source_list.h"

#define MIN_INTERVAL_NS (10 * NS_PER_MS)
#define MAX_INTERVAL_NS (60 * NS_PER_S)

enum {
	OPT_JSON = 'j',
	OPT_VERBOSE = 'v',
	OPT_EPISODES = 256,
	OPT_SOURCES,
	OPT_INTERVAL,
	OPT_RAMP,
	OPT_ALONE,
	OPT_SEED,
	OPT_PLOT,
	OPT_REPLAY,
	OPT_SURVIVE, /* main() has looked for it */
};

static const struct argp_option options[] = {
	{ "survive", OPT_SURVIVE, NULL, 0,
	  "who survives, instead of who is told first; has options of its own: compare --survive "
	  "--help",
	  0 },
	{ "episodes", OPT_EPISODES, "N", 0, "episodes of pressure for each source (20)", 0 },
	{ "sources", OPT_SOURCES, "NAME,...", 0, "only these (all)", 0 },
	{ "interval", OPT_INTERVAL, "TIME", 0, "interval of the timer, 10ms to 60s (1s)", 0 },
	{ "ramp", OPT_RAMP, "HOW", 0, "how memory is touched, fast or slow (fast)", 0 },
	{ "one-at-a-time", OPT_ALONE, NULL, 0,
	  "each source alone, by turns: what company costs, beside a run of the same seed", 0 },
	{ "seed", OPT_SEED, "N", 0, "of all that is left to chance (one is chosen and told)", 0 },
	{ "json", OPT_JSON, "FILE", 0, "write the run, with every sample", 0 },
	{ "plot", OPT_PLOT, "FILE", 0, "draw all latencies, with gnuplot: FILE.svg or FILE.png",
	  0 },
	{ "replay", OPT_REPLAY, "FILE", 0, "table and plot of a saved run; measures nothing", 0 },
	{ "verbose", OPT_VERBOSE, NULL, 0,
	  "before the table: what each source is and why some are not here, what was checked", 0 },
	ARGS_HELP_OPTION,
	{ 0 },
};

static const char doc[] =
	"Measure how late each way to be told of memory pressure is, all on the same episodes of "
	"real pressure in a box. Or put two saved runs side by side."
	"\vTIME is a number and a unit, as in 100ms, 1s. An episode takes about seven seconds.\n\n"
	"Sources: timer, device-fed, tracepoint, tracepoint-raw, psi, psi-cgroup, memory.events, "
	"vmpressure, poll-100ms, poll-1s, sd-event, bpftrace, perf, trace_pipe.\n\n"
	"Exit status: 0 done, 1 failed, 2 wrong command line or file, 128+N ended by signal N.";

static int interval(const char *arg, uint64_t *out)
{
	if (parse_duration_ns(arg, MIN_INTERVAL_NS, MAX_INTERVAL_NS, out))
		return usage_err(
			"--interval: '%s' is no time such as 100ms or 1s, from 10ms to 60s", arg);
	return 0;
}

static int measuring_option(int key, const char *arg, struct latency_config *c)
{
	uint64_t episodes = 0;
	int err;

	switch (key) {
	case OPT_EPISODES:
		c->measuring = "--episodes";
		err = args_number("--episodes", arg, 1, RESULT_MAX_EPISODES, &episodes);
		if (!err)
			c->run.episodes = (uint32_t)episodes;
		return err;
	case OPT_SOURCES:
		c->measuring = "--sources";
		return source_list(arg, latency_sources, nr_latency_sources, c->run.source,
				   &c->run.nr_sources);
	case OPT_INTERVAL:
		c->measuring = "--interval";
		return interval(arg, &c->run.interval_ns);
	case OPT_RAMP:
		c->measuring = "--ramp";
		return args_word("--ramp", arg, result_ramps, RESULT_NR_RAMPS, &c->run.ramp);
	case OPT_ALONE:
		c->measuring = "--one-at-a-time";
		c->run.one_at_a_time = true;
		return 0;
	case OPT_SEED:
		c->measuring = "--seed";
		c->seeded = true;
		return args_number("--seed", arg, 0, RESULT_MAX_SEED, &c->run.seed);
	case OPT_JSON:
		c->measuring = "--json";
		c->json_path = arg;
		return *arg ? 0 : usage_err("--json: '' is no path");
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int option(int key, char *arg, struct latency_config *c, struct argp_state *state)
{
	switch (key) {
	case OPT_PLOT:
		c->plot_path = arg;
		return *arg ? 0 : usage_err("--plot: '' is no path");
	case OPT_REPLAY:
		c->replay_path = arg;
		return *arg ? 0 : usage_err("--replay: '' is no path");
	case OPT_VERBOSE:
		c->verbose = true;
		return 0;
	case ARGP_KEY_ARGS:
		c->pair = state->argv + state->next;
		if (state->argc - state->next != 2)
			return usage_hint("two saved runs are put side by side, not %d: compare "
					  "A.json B.json",
					  state->argc - state->next);
		return 0;
	default:
		return measuring_option(key, arg, c);
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	const int err = option(key, arg, state->input, state);

	return err == EXIT_USAGE ? EINVAL : err;
}

static int check(const struct latency_config *c)
{
	if (c->pair && (c->replay_path || c->plot_path))
		return usage_err("%s is not for two saved runs: only the table is made",
				 c->replay_path ? "--replay" : "--plot");
	if ((c->pair || c->replay_path) && c->measuring)
		return usage_err("%s is about measuring, and saved runs have been measured: leave "
				 "out one of them",
				 c->measuring);
	return 0;
}

int cmd_latency(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "\nA.json B.json",
		.doc = doc,
	};
	struct latency_config c = {
		.run = { .episodes = 20, .interval_ns = NS_PER_S, .ramp = RESULT_FAST },
	};
	int err;

	(void)source_list(NULL, latency_sources, nr_latency_sources, c.run.source,
			  &c.run.nr_sources);
	err = args_parse(&argp, "oom-notify compare", 0, argc, argv, &c);
	if (err != ARGS_GO_ON)
		return err;
	err = check(&c);
	if (err)
		return err;
	if (c.pair)
		return latency_pair(c.pair[0], c.pair[1], c.verbose);
	if (c.replay_path)
		return latency_replay(c.replay_path, c.plot_path, c.verbose);
	if (!c.seeded)
		c.run.seed = args_any_seed();
	return latency_live(&c);
}
