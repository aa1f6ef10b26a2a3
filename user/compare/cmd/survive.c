// SPDX-License-Identifier: GPL-2.0-only
/* `oom-notify compare --survive`: the command line. */
#include "survive.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/args.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/parse.h"
#include "source_list.h"
#include "survive_report.h"
#include "compare/survive/sources.h"

#define MIN_LIMIT_BYTES (32ULL << 20)
#define MAX_LIMIT_BYTES (1ULL << 40)
#define MIN_CACHE	10
#define MAX_CACHE	85
#define MAX_BENIGN_NS	(24 * 60 * 60 * NS_PER_S)

enum {
	OPT_JSON = 'j',
	OPT_VERBOSE = 'v',
	OPT_SURVIVE = 256,
	OPT_EPISODES,
	OPT_SOURCES,
	OPT_RATES,
	OPT_LIMIT,
	OPT_CACHE,
	OPT_SWAP,
	OPT_BENIGN,
	OPT_SEED,
	OPT_PLOT,
	OPT_REPLAY,
};

static const struct argp_option options[] = {
	{ "survive", OPT_SURVIVE, NULL, 0, "who survives, not who is told first", 0 },
	{ "episodes", OPT_EPISODES, "N", 0, "episodes of each source at each rate (5)", 0 },
	{ "sources", OPT_SOURCES, "NAME,...", 0, "only these (all)", 0 },
	{ "rates", OPT_RATES, "MB/S,...", 0,
	  "how fast the load grows; max: as fast as it can (10,50,200,500,1000,max)", 0 },
	{ "limit", OPT_LIMIT, "SIZE", 0, "memory limit of the cgroup (256M)", 0 },
	{ "cache", OPT_CACHE, "PERCENT", 0, "of the limit, that is held as a cache (60)", 0 },
	{ "swap", OPT_SWAP, "HOW", 0, "without, with or both (both)", 0 },
	{ "benign", OPT_BENIGN, "TIME", 0, "of each load that nobody need be told of; 0: none (1m)",
	  0 },
	{ "seed", OPT_SEED, "N", 0, "of all that is left to chance (one is chosen and told)", 0 },
	{ "json", OPT_JSON, "FILE", 0, "write the run, with every episode", 0 },
	{ "plot", OPT_PLOT, "FILE", 0,
	  "draw survivors against rates, with gnuplot: FILE.svg or FILE.png", 0 },
	{ "replay", OPT_REPLAY, "FILE", 0, "tables and plot of a saved run; measures nothing", 0 },
	{ "verbose", OPT_VERBOSE, NULL, 0, "before the tables: what each source is, the rules", 0 },
	ARGS_HELP_OPTION,
	{ 0 },
};

static const char doc[] =
	"Measure how many programs survive that are told by each source: in a cgroup with a "
	"limit, a "
	"program holds a cache, and a load grows until half of the cache must have gone. Who frees "
	"it in time lives."
	"\vSources: headroom, psi, psi-2s, sd-event, memory.events, vmpressure, usage-100ms, "
	"usage-1s, timer; and for control deaf (never told) and foretold (told by the load).\n\n"
	"At 10 MB/s an episode takes about 20 seconds, at others two to five: all of it, as it "
	"is by "
	"default, is most of an hour.\n\n"
	"Exit status: 0 done, 1 failed, 2 wrong command line or file, 128+N ended by signal N.";

static int bad_rates(const char *arg)
{
	return usage_err(
		"--rates: '%s' is no list of 1 to %d different rates from 1 to %d MB/s, or max",
		arg, SURVIVE_MAX_RATES, SURVIVE_MAX_RATE_MB_S);
}

static int rate_list(const char *arg, struct survive_params *p)
{
	const char *at = arg;

	p->nr_rates = 0;
	for (;;) {
		const size_t len = strcspn(at, ",");
		char word[16];
		uint64_t rate_mb_s = SURVIVE_UNTHROTTLED;

		if (p->nr_rates == SURVIVE_MAX_RATES || len >= sizeof(word))
			return bad_rates(arg);
		memcpy(word, at, len);
		word[len] = '\0';
		if (strcmp(word, "max") != 0 &&
		    parse_u64(word, 1, SURVIVE_MAX_RATE_MB_S, &rate_mb_s))
			return bad_rates(arg);
		for (uint32_t i = 0; i < p->nr_rates; i++)
			if (p->rate_mb_s[i] == rate_mb_s)
				return bad_rates(arg);
		p->rate_mb_s[p->nr_rates++] = (uint32_t)rate_mb_s;
		if (!at[len])
			return 0;
		at += len + 1;
	}
}

static int limit(const char *arg, uint64_t *bytes)
{
	if (!parse_size_bytes(arg, MIN_LIMIT_BYTES, MAX_LIMIT_BYTES, bytes))
		return 0;
	return usage_err("--limit: '%s' is no size such as 256M, from 32M to 1024G", arg);
}

static int swap(const char *arg, bool out[SURVIVE_NR_SWAPS])
{
	static const char *const words[] = { "without", "with", "both" };
	unsigned int i;
	const int err = args_word("--swap", arg, words, 3, &i);

	if (err)
		return err;
	out[SURVIVE_NO_SWAP] = i != 1;
	out[SURVIVE_SWAP] = i != 0;
	return 0;
}

static int benign(const char *arg, uint64_t *ns)
{
	if (!parse_duration_ns(arg, 0, MAX_BENIGN_NS, ns))
		return 0;
	return usage_err("--benign: '%s' is no time such as 30s or 10m, up to 24h", arg);
}

static int measuring_option(int key, const char *arg, struct survive_config *c)
{
	struct survive_params *p = &c->run.params;
	uint64_t percent = 0;
	int err;

	switch (key) {
	case OPT_EPISODES:
		c->measuring = "--episodes";
		return args_number("--episodes", arg, 1, SURVIVE_MAX_EPISODES, &p->episodes);
	case OPT_SOURCES:
		c->measuring = "--sources";
		return source_list(arg, survive_sources, nr_survive_sources, c->run.source,
				   &c->run.nr_sources);
	case OPT_RATES:
		c->measuring = "--rates";
		return rate_list(arg, p);
	case OPT_LIMIT:
		c->measuring = "--limit";
		return limit(arg, &p->limit_bytes);
	case OPT_CACHE:
		c->measuring = "--cache";
		err = args_number("--cache", arg, MIN_CACHE, MAX_CACHE, &percent);
		if (!err)
			c->run.cache_percent = (uint32_t)percent;
		return err;
	case OPT_SWAP:
		c->measuring = "--swap";
		return swap(arg, p->swap);
	case OPT_BENIGN:
		c->measuring = "--benign";
		return benign(arg, &p->benign_ns);
	case OPT_SEED:
		c->measuring = "--seed";
		c->seeded = true;
		return args_number("--seed", arg, 0, RESULT_MAX_SEED, &p->seed);
	case OPT_JSON:
		c->measuring = "--json";
		c->json_path = arg;
		return *arg ? 0 : usage_err("--json: '' is no path");
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int option(int key, const char *arg, struct survive_config *c)
{
	switch (key) {
	case OPT_SURVIVE:
		return 0;
	case OPT_PLOT:
		c->plot_path = arg;
		return *arg ? 0 : usage_err("--plot: '' is no path");
	case OPT_REPLAY:
		c->replay_path = arg;
		return *arg ? 0 : usage_err("--replay: '' is no path");
	case OPT_VERBOSE:
		c->verbose = true;
		return 0;
	case ARGP_KEY_ARG:
		return usage_hint("--survive takes no files to put side by side: '%s'", arg);
	default:
		return measuring_option(key, arg, c);
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	const int err = option(key, arg, state->input);

	return err == EXIT_USAGE ? EINVAL : err;
}

bool survive_is_asked(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (!strcmp(argv[i], "--survive"))
			return true;
	return false;
}

int cmd_survive(int argc, char **argv)
{
	static const struct argp argp = { .options = options, .parser = parse, .doc = doc };
	struct survive_config c = {
		.run = { .params = { .episodes = 5,
				     .limit_bytes = 256ULL << 20,
				     .rate_mb_s = { 10, 50, 200, 500, 1000, SURVIVE_UNTHROTTLED },
				     .nr_rates = 6,
				     .swap = { true, true },
				     .benign_ns = 60 * NS_PER_S },
			 .cache_percent = 60 },
	};
	int err;

	(void)source_list(NULL, survive_sources, nr_survive_sources, c.run.source,
			  &c.run.nr_sources);
	err = args_parse(&argp, "oom-notify compare", 0, argc, argv, &c);
	if (err != ARGS_GO_ON)
		return err;
	if (c.replay_path && c.measuring)
		return usage_err("%s is about measuring, and a saved run has been measured: leave "
				 "out one of them",
				 c.measuring);
	if (c.replay_path)
		return survive_replay(c.replay_path, c.plot_path, c.verbose);
	if (!c.seeded)
		c.run.params.seed = args_any_seed();
	return survive_live(&c);
}
