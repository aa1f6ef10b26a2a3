// SPDX-License-Identifier: GPL-2.0-only
/* `oom-notify watch`: the command line. */
#include "watch.h"

#include <errno.h>
#include <string.h>

#include "common/args.h"
#include "cmd.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/parse.h"
#include "core/cgroup_resolve.h"
#include "core/device.h"
#include "core/names.h"
#include "record.h"

enum {
	OPT_JSON = 'j',
	OPT_RAW = 256,
	OPT_GAP,
	OPT_KIND,
	OPT_CGROUP,
	OPT_MIN_LEVEL,
	OPT_STATS,
	OPT_DURATION,
	OPT_COUNT,
	OPT_RT,
	OPT_NO_RT,
	OPT_LOW_LATENCY,
	OPT_QUIET,
	OPT_FEED,
	OPT_RING,
	OPT_WINDOW,
	OPT_HOLD,
	OPT_LOW_PAGES,
	OPT_LOW_UNFREED,
	OPT_MEDIUM_STALL,
	OPT_CRITICAL_UNFREED,
	OPT_HEADROOM_LOW,
	OPT_HEADROOM_MEDIUM,
	OPT_HEADROOM_CRITICAL,
	OPT_HEADROOM_WITHIN,
	OPT_HEADROOM_RESERVE,
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Output:", 1 },
	{ "json", OPT_JSON, NULL, 0, "one JSON object a line, for programs", 0 },
	{ "quiet", OPT_QUIET, NULL, 0,
	  "no events: only the summary at the end, and what --stats asks for", 0 },
	{ "stats", OPT_STATS, "TIME", 0, "figures so far, every TIME", 0 },
	{ "feed-device", OPT_FEED, "PATH", OPTION_ARG_OPTIONAL,
	  "tell the oom_notify module (" DEVICE_PATH ", unless PATH is given) of swap-outs and "
	  "levels, for its readers to know at once; needs CAP_SYS_ADMIN",
	  0 },
	{ NULL, 0, NULL, 0, "Which events:", 2 },
	{ "kind", OPT_KIND, "K,K", 0,
	  "only these: swap_out, wakeup_kswapd, kswapd_wake, kswapd_sleep, reclaim_begin, "
	  "reclaim_end, throttled, oom_kill, level, headroom. Unless asked for, reclaim_begin is "
	  "told by its "
	  "reclaim_end, but in JSON",
	  0 },
	{ "cgroup", OPT_CGROUP, "PATH", 0,
	  "only of this cgroup and those below it: its directory under /sys/fs/cgroup, or a path "
	  "as in /proc/PID/cgroup",
	  0 },
	{ "min-level", OPT_MIN_LEVEL, "LEVEL", 0,
	  "only while the level is at least this: none, low, medium, critical", 0 },
	{ NULL, 0, NULL, 0, "When to end (also on SIGINT and SIGTERM):", 3 },
	{ "duration", OPT_DURATION, "TIME", 0, "after TIME", 0 },
	{ "count", OPT_COUNT, "N", 0, "after N events, level changes included", 0 },
	{ NULL, 0, NULL, 0, "How events come:", 4 },
	{ "gap", OPT_GAP, "TIME", 0,
	  "after an event, count those of the same CPU, kind, cause and cgroup for TIME and tell "
	  "them as one (default 10ms; in steps of the scheduler's tick from two ticks on). "
	  "Without it, "
	  "rows on a terminal come in 500ms",
	  0 },
	{ "raw", OPT_RAW, NULL, 0, "every hit is an event: no coalescing", 0 },
	{ "ring", OPT_RING, "SIZE", 0,
	  "size of the ring buffer, a power of two (default 256K; with --raw 1M)", 0 },
	{ "rt", OPT_RT, NULL, 0, "real-time scheduling where allowed (default)", 0 },
	{ "no-rt", OPT_NO_RT, NULL, 0, "normal scheduling", 0 },
	{ "low-latency", OPT_LOW_LATENCY, NULL, 0,
	  "from the first event until all levels are none again, keep idle processors awake "
	  "(/dev/cpu_dma_latency): events come sooner, and processors spin meanwhile",
	  0 },
	{ NULL, 0, NULL, 0, "Levels:", 5 },
	{ "level-window", OPT_WINDOW, "TIME", 0, "look back over TIME (default 1s)", 0 },
	{ "level-hold", OPT_HOLD, "TIME", 0,
	  "a level falls after TIME without reason for it (default 2s)", 0 },
	{ "low-pages", OPT_LOW_PAGES, "N", 0,
	  "low: this many pages swapped out in the window (default 1)", 0 },
	{ "low-unfreed", OPT_LOW_UNFREED, "PERCENT", 0,
	  "low: of the pages scanned, reclaim leaves this share unfreed (default 90)", 0 },
	{ "medium-stall", OPT_MEDIUM_STALL, "TIME", 0,
	  "medium: low, and tasks stall in reclaim for TIME in the window, all together "
	  "(default 70ms)",
	  0 },
	{ "critical-unfreed", OPT_CRITICAL_UNFREED, "PERCENT", 0,
	  "critical: medium, and this share unfreed (default 95); or an OOM kill", 0 },
	{ "headroom-low", OPT_HEADROOM_LOW, "PERCENT[,TIME]", 0,
	  "low: of a limit, or of the machine's memory, no more than PERCENT is left, or what is "
	  "left "
	  "lasts no longer than TIME at the present growth (default 10,1s)",
	  0 },
	{ "headroom-medium", OPT_HEADROOM_MEDIUM, "PERCENT[,TIME]", 0, "likewise (default 5,300ms)",
	  0 },
	{ "headroom-critical", OPT_HEADROOM_CRITICAL, "PERCENT[,TIME]", 0,
	  "likewise (default 2,100ms)", 0 },
	{ "headroom-within", OPT_HEADROOM_WITHIN, "PERCENT", 0,
	  "TIME counts only when no more than this is left (default 12)", 0 },
	{ "headroom-reserve", OPT_HEADROOM_RESERVE, "PERCENT", 0,
	  "of the machine's memory: does not count as left, as a killer in user space acts there "
	  "(earlyoom: 10; default 0)",
	  0 },
	ARGS_HELP_OPTION,
	{ 0 },
};

static const char doc[] =
	"Tell memory pressure as it happens: headroom, swap-out, reclaim, kswapd, OOM kills."
	"\vTIME is a number and a unit, as in 250us, 10ms, 1.5s, 2m. SIZE may end in K, M or G.\n\n"
	"Levels: low, the machine swaps out, or reclaim frees little of what it scans; medium, "
	"tasks stall for it as well; critical, and reclaim hardly frees anything, or the OOM "
	"killer ran; or so little is left before somebody is killed; none, the all-clear. A "
	"cgroup at its limit has a level of its own and never raises the "
	"machine's. What was asked for (MADV_PAGEOUT, memory.reclaim) raises none.\n\n"
	"Exit status: 0 ended as asked, 1 it did not work, 2 wrong command line.";

static int percent(const char *option, const char *arg, uint32_t *out)
{
	uint64_t v = 0;
	int err = args_number(option, arg, 1, 100, &v);

	if (!err)
		*out = (uint32_t)v;
	return err;
}

static int ring_size(const char *arg, uint64_t *out)
{
	uint64_t v = 0;

	if (parse_size_bytes(arg, 4096, 1ULL << 30, &v) || (v & (v - 1)))
		return usage_err("--ring: '%s' is no power of two from 4K to 1G", arg);
	*out = v;
	return 0;
}

static int kinds(const char *arg, uint32_t *out)
{
	const char *names[OOMN_NR_KINDS + 2], *bad = NULL;
	char allowed[256];
	size_t bad_len = 0;
	uint32_t mask = 0;

	memcpy(names, kind_names, sizeof(kind_names));
	names[OOMN_NR_KINDS] = "level";
	names[OOMN_NR_KINDS + 1] = "headroom";
	if (parse_name_list(arg, names, OOMN_NR_KINDS + 2, &mask, &bad, &bad_len))
		return usage_err("--kind: '%.*s' is none of %s", (int)bad_len, bad,
				 join_names(names, OOMN_NR_KINDS + 2, allowed, sizeof(allowed)));
	*out = mask & ((1U << OOMN_NR_KINDS) - 1);
	if (mask & 1U << OOMN_NR_KINDS)
		*out |= WATCH_KIND_LEVEL;
	if (mask & 1U << (OOMN_NR_KINDS + 1))
		*out |= WATCH_KIND_HEADROOM;
	return 0;
}

static int cgroup(const char *arg, struct cgroup_target *out)
{
	int err = cgroup_resolve(arg, out);

	return err ? usage_err("--cgroup: '%s': %s", arg, cgroup_resolve_why(err)) : 0;
}

static int level_option(int key, const char *arg, struct level_opts *l)
{
	switch (key) {
	case OPT_WINDOW:
		return args_duration("--level-window", arg, 10 * NS_PER_MS, &l->window_ns);
	case OPT_HOLD:
		return args_duration("--level-hold", arg, 0, &l->hold_ns);
	case OPT_LOW_PAGES:
		return args_number("--low-pages", arg, 1, UINT32_MAX, &l->low_swap_pages);
	case OPT_LOW_UNFREED:
		return percent("--low-unfreed", arg, &l->low_unfreed_percent);
	case OPT_MEDIUM_STALL:
		return args_duration("--medium-stall", arg, NS_PER_US, &l->medium_stall_ns);
	case OPT_CRITICAL_UNFREED:
		return percent("--critical-unfreed", arg, &l->critical_unfreed_percent);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* "10" or "10,500ms" */
static int headroom_line(const char *option, const char *arg, enum level level,
			 struct headroom_opts *o)
{
	const char *comma = strchr(arg, ',');
	uint64_t time_ns = o->time_ns[level], share = 0;
	const size_t len = strcspn(arg, ",");
	char number[8] = "";

	if (len < sizeof(number))
		memcpy(number, arg, len);
	if (parse_u64(number, 0, 99, &share) ||
	    (comma && parse_duration_ns(comma + 1, 0, NS_PER_S * 3600, &time_ns)))
		return usage_err(
			"%s: '%s' is no share from 0 to 99 percent, with or without a time, "
			"as in 10 or 10,500ms",
			option, arg);
	o->percent[level] = (uint32_t)share;
	o->time_ns[level] = time_ns;
	return 0;
}

static int reserve(const char *arg, uint32_t *out)
{
	uint64_t v = 0;
	int err = args_number("--headroom-reserve", arg, 0, 50, &v);

	if (!err)
		*out = (uint32_t)v;
	return err;
}

static int headroom_option(int key, const char *arg, struct headroom_opts *o)
{
	switch (key) {
	case OPT_HEADROOM_LOW:
		return headroom_line("--headroom-low", arg, LEVEL_LOW, o);
	case OPT_HEADROOM_MEDIUM:
		return headroom_line("--headroom-medium", arg, LEVEL_MEDIUM, o);
	case OPT_HEADROOM_CRITICAL:
		return headroom_line("--headroom-critical", arg, LEVEL_CRITICAL, o);
	case OPT_HEADROOM_WITHIN:
		return percent("--headroom-within", arg, &o->time_percent);
	case OPT_HEADROOM_RESERVE:
		return reserve(arg, &o->reserve_percent);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Worse is less. */
static int check_headroom(const struct headroom_opts *o)
{
	for (int level = LEVEL_MEDIUM; level <= LEVEL_CRITICAL; level++)
		if (o->percent[level] > o->percent[level - 1] ||
		    o->time_ns[level] > o->time_ns[level - 1])
			return usage_err("--headroom-%s leaves more than --headroom-%s",
					 level_names[level], level_names[level - 1]);
	return 0;
}

static int set_flag(bool *flag, bool value)
{
	*flag = value;
	return 0;
}

static int option(int key, const char *arg, struct watch_opts *o)
{
	switch (key) {
	case OPT_JSON:
		return set_flag(&o->json, true);
	case OPT_RAW:
		return set_flag(&o->raw, true);
	case OPT_QUIET:
		return set_flag(&o->quiet, true);
	case OPT_FEED:
		o->feed_device = arg ? arg : DEVICE_PATH;
		return *o->feed_device ? 0 : usage_err("--feed-device: '' is no path");
	case OPT_RT:
		return set_flag(&o->no_rt, false);
	case OPT_NO_RT:
		return set_flag(&o->no_rt, true);
	case OPT_LOW_LATENCY:
		return set_flag(&o->low_latency, true);
	case OPT_GAP:
		o->has_gap = true;
		return args_duration("--gap", arg, 0, &o->gap_ns);
	case OPT_KIND:
		o->has_kinds = true;
		return kinds(arg, &o->kinds);
	case OPT_CGROUP:
		return cgroup(arg, &o->cgroup);
	case OPT_MIN_LEVEL:
		return args_word("--min-level", arg, level_names, NR_LEVELS, &o->min_level);
	case OPT_STATS:
		return args_duration("--stats", arg, 10 * NS_PER_MS, &o->stats_ns);
	case OPT_DURATION:
		return args_duration("--duration", arg, NS_PER_MS, &o->duration_ns);
	case OPT_COUNT:
		return args_number("--count", arg, 1, UINT64_MAX, &o->count);
	case OPT_RING:
		return ring_size(arg, &o->ring_bytes);
	default:
		if (key >= OPT_HEADROOM_LOW)
			return headroom_option(key, arg, &o->headroom);
		return level_option(key, arg, &o->level);
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	int err;

	if (key == ARGP_KEY_ARG)
		err = usage_hint("'%s' is not an option, and watch takes no arguments", arg);
	else
		err = option(key, arg, state->input);
	return err == EXIT_USAGE ? EINVAL : err;
}

int cmd_watch(int argc, char **argv)
{
	static const struct argp argp = { .options = options, .parser = parse, .doc = doc };
	struct watch_opts opts = {
		.gap_ns = 10 * NS_PER_MS,
		.kinds = ((1U << OOMN_NR_KINDS) - 1) | WATCH_KIND_LEVEL | WATCH_KIND_HEADROOM,
		.level = level_opts_default,
		.headroom = headroom_opts_default,
	};
	int err;

	err = args_parse(&argp, "oom-notify watch", 0, argc, argv, &opts);
	if (err != ARGS_GO_ON)
		return err;
	err = check_headroom(&opts.headroom);
	if (err)
		return err;
	if (!opts.ring_bytes)
		opts.ring_bytes = opts.raw ? 1U << 20 : 256U << 10;
	return watch_run(&opts);
}
