# SPDX-License-Identifier: GPL-2.0-only
# What the tests ask of the output of "oom-notify watch --json", given as an array of its lines.

def kinds: ["swap_out", "wakeup_kswapd", "kswapd_wake", "kswapd_sleep", "reclaim_begin",
	"reclaim_end", "throttled", "oom_kill"];

def is_fact: .event as $e | kinds | index([$e]) != null;
def facts: map(select(is_fact));
def summary: last | if .event == "summary" then . else error("no summary") end;

# of($id): what is told of a cgroup; also of those of one kind.
def of($id): map(select(.cgroup_id == $id));
def kind($k): map(select(.event == $k));
def sum(f): map(f) | add // 0;

# For messages.
def brief: (summary | {kinds: (.kinds | map_values(select(.hits > 0))), lost, vmstat, cgroups}),
	(kind("level") | map([.scope, .cgroup_id, .from, .level])), (length);

def adds_up: summary.kinds | (keys - kinds == []) and (kinds - keys == []) and
	all(.[]; .hits == .told + .waiting + .dropped and
		.pages == .pages_told + .pages_waiting + .pages_dropped);

def told_is_printed: summary.kinds as $s | facts | group_by(.event) |
	map({key: .[0].event, value: {told: sum(.hits), pages_told: sum(.pages)}}) | from_entries as $p |
	all(kinds[]; . as $k | ($s[$k] | {told, pages_told}) == ($p[$k] // {told: 0, pages_told: 0}));

def dropped_is_said: (summary | .lost.hits == (.lost.ring_hits + .lost.queue_hits) and
		.lost.hits == (.kinds | map(.dropped) | add)) and
	(summary.lost | del(.queue_levels)) ==
		(kind("lost") | {hits: sum(.hits), ring_hits: sum(.ring_hits), queue_hits: sum(.queue_hits)});

# The levels of a cgroup, as told one after the other: each begins where the one before ended.
def levels($id): kind("level") | map(select(.scope == "cgroup")) | of($id);
def is_chain: [.[].from] == ["none"] + [.[:-1][].level];

# Whether there was any reason for the machine's own level to change.
def machine_in_want: facts | any(.scope == "global" and .cause != "proactive");
