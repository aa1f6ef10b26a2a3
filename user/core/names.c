// SPDX-License-Identifier: GPL-2.0-only
#include "names.h"

const char *const kind_names[OOMN_NR_KINDS] = {
	[OOMN_SWAP_OUT] = "swap_out",		[OOMN_WAKEUP_KSWAPD] = "wakeup_kswapd",
	[OOMN_KSWAPD_WAKE] = "kswapd_wake",	[OOMN_KSWAPD_SLEEP] = "kswapd_sleep",
	[OOMN_RECLAIM_BEGIN] = "reclaim_begin", [OOMN_RECLAIM_END] = "reclaim_end",
	[OOMN_THROTTLED] = "throttled",		[OOMN_OOM_KILL] = "oom_kill",
};

const char *const cause_names[OOMN_NR_CAUSES] = {
	[OOMN_CAUSE_UNKNOWN] = "unknown", [OOMN_CAUSE_KSWAPD] = "kswapd",
	[OOMN_CAUSE_DIRECT] = "direct",	  [OOMN_CAUSE_MEMCG] = "memcg",
	[OOMN_CAUSE_NODE] = "node",	  [OOMN_CAUSE_PROACTIVE] = "proactive",
};

const char *const level_names[NR_LEVELS] = {
	[LEVEL_NONE] = "none",
	[LEVEL_LOW] = "low",
	[LEVEL_MEDIUM] = "medium",
	[LEVEL_CRITICAL] = "critical",
};

const char *const short_level_names[NR_LEVELS] = { "none", "low", "med", "crit" };

const char *const headroom_edge_names[NR_HEADROOM_EDGES] = {
	[HEADROOM_FALLS] = "falls",
	[HEADROOM_RECOVERS] = "recovers",
	[HEADROOM_HIGH] = "high",
};

/* In the order of enum vmscan_throttle_state, the same since it came in 5.16. */
static const char *const throttle_reasons[] = { "writeback", "isolated", "noprogress",
						"congested" };

const char *scope_name(enum scope scope)
{
	static const char *const names[] = {
		[SCOPE_GLOBAL] = "global", [SCOPE_CGROUP] = "cgroup", [SCOPE_UNKNOWN] = "unknown"
	};

	return names[scope];
}

const char *throttle_reason_name(uint32_t reason)
{
	if (reason >= sizeof(throttle_reasons) / sizeof(throttle_reasons[0]))
		return "unknown";
	return throttle_reasons[reason];
}
