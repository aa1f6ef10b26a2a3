# SPDX-License-Identifier: GPL-2.0-only
# What the tests ask of the output of "oom-notify watch --json", given as an array of its lines.

def kinds: ["swap_out", "wakeup_kswapd", "kswapd_wake", "kswapd_sleep", "reclaim_begin",
	"reclaim_end", "throttled", "oom_kill"];

def is_in($list): . as $it | $list | index([$it]) != null;
def facts: map(select(.event | is_in(kinds)));
def summary: last | if .event == "summary" then . else error("the last line is no summary") end;
def kind($k): map(select(.event == $k));
def of($id): map(select(.cgroup_id == $id)); # what concerns a cgroup
def sum(f): map(f) | add // 0;

# What the summary says of a cgroup; null when others, more than it lists, swapped out more.
def total($id): summary.cgroups |
	map(select(.cgroup_id == $id)) as $mine |
	if $mine != [] then $mine[0] elif length >= 10 then null else error("the summary does not list it") end;

# For messages.
def brief:
	(last | {event, kinds: ((.kinds // {}) | map_values(select(.hits > 0))), lost, vmstat, cgroups}),
	(kind("level") | map([.scope, .cgroup_id, .from, .level])), (length);

def adds_up: summary.kinds | (keys == (kinds | sort)) and all(.[];
	.hits == .told + .waiting + .dropped and .pages == .pages_told + .pages_waiting + .pages_dropped);

def told_is_printed: summary.kinds as $counted |
	(facts | group_by(.event) | map({key: .[0].event, value: [sum(.hits), sum(.pages)]}) |
		from_entries) as $printed |
	all(kinds[]; . as $k | ($counted[$k] | [.told, .pages_told]) == ($printed[$k] // [0, 0]));

def losses: [sum(.hits), sum(.ring_hits), sum(.queue_hits), sum(.queue_levels), sum(.level_hits), sum(.row_hits),
	sum(.queue_headroom), sum(.unwatched_cgroups)];
def dropped_is_said: (kind("lost") | losses) == (summary | [.lost] | losses) and
	(summary | .lost.hits == .lost.ring_hits + .lost.queue_hits and .lost.hits == (.kinds | sum(.dropped)));

# The level changes of one cgroup begin where the one before ended.
def levels($id): kind("level") | map(select(.scope == "cgroup")) | of($id);
def is_chain: map(.from) == ["none"] + (map(.level) | .[:-1]);

# Whether the machine itself had any reason for another level meanwhile.
def machine_in_want: facts | any(.cause | is_in(["kswapd", "direct", "node"]));
def machine_at_rest: machine_in_want or (kind("level") | all(.scope == "cgroup"));

# Which fields, and what may be in them: "n" a number, "s" a string, "0" null where it is not known.
def level_names: ["none", "low", "medium", "critical"];
def cause_names: ["kswapd", "direct", "memcg", "node", "proactive", "unknown"];
def scope_names: ["global", "cgroup", "unknown"];
def numbers($names): . as $o | all($names[]; ($o[.] | type) == "number");
def numbers_or_null($names): . as $o |
	all($names[]; . as $k | ($o | has($k)) and ($o[$k] | type | is_in(["number", "null"])));

def has_fields_of_kind:
	if .event == "reclaim_end" then
		numbers(["reclaimed_pages", "order", "gfp"]) and numbers_or_null(["duration_ns"])
	elif .event == "reclaim_begin" or .event == "wakeup_kswapd" then numbers(["order", "gfp"])
	elif .event == "kswapd_wake" then numbers(["order"])
	elif .event == "throttled" then numbers(["timeout_us"]) and (.reason | type) == "string"
	elif .event == "oom_kill" then
		numbers_or_null(["uid", "oom_score_adj", "total_vm_kb", "anon_rss_kb", "file_rss_kb",
			"shmem_rss_kb", "pgtables_kb"])
	else true end;

def totals_have_fields:
	(.kinds | all(.[]; numbers(["hits", "told", "waiting", "dropped", "pages", "pages_told",
		"pages_waiting", "pages_dropped"]))) and
	(.latency_ns | numbers(["p50", "p90", "p99", "max"])) and
	(.stall | numbers(["count", "sum_ns", "max_ns"]) and
		.count == (.buckets | sum(.count)) and
		(.buckets | .[-1].le_ns == null and (.[:-1] | map(.le_ns) | . == sort))) and
	numbers(["ready_ms", "max_rss_kb", "major_faults"]);

# The wall time and this boot, without which a stored line could not be put on a calendar.
def has_when: (.time | type) == "string" and
	(.time | test("^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\\.[0-9]{6}Z$")) and
	.boot_id == env.boot_id;

def has_fields: has_when and
	if .event == "stats" then totals_have_fields
	elif .event == "summary" then totals_have_fields and (.vmstat |
		numbers_or_null(["pswpout", "swpout_zero", "zswpout", "allocstall", "oom_kill"]))
	elif .event == "lost" then
		numbers(["time_ns", "hits", "ring_hits", "queue_hits", "queue_levels", "level_hits",
			"row_hits", "queue_headroom", "unwatched_cgroups"])
	else
		numbers(["time_ns", "latency_ns", "cgroup_id"]) and .latency_ns >= 0 and
		has("cgroup") and (.scope | is_in(scope_names)) and (.level | is_in(level_names)) and
		if .event == "level" then .from | is_in(level_names)
		elif .event == "headroom" then
			(.edge | is_in(["falls", "recovers", "high"])) and
			numbers(["growth_bytes_per_s", "to_free_bytes"]) and
			numbers_or_null(["left_bytes", "limit_bytes", "left_percent", "time_left_ns"])
		else
			(.event | is_in(kinds)) and (.cause | is_in(cause_names)) and
			numbers(["cpu", "hits", "pages", "pid"]) and numbers_or_null(["node"]) and
			(.comm | type) == "string" and .hits > 0 and has_fields_of_kind
		end
	end;

# What is wrong with an output; with $exact, that of a run that was to leave nothing out. In a long
# one, those in the middle are like the rest.
def wrong($exact):
	if (map(.event == "summary") | last and (.[:-1] | any | not)) | not then
		"the summary is not the last line"
	else
		((.[:500] + .[-500:])[] | select(has_fields | not) | "a field is missing or wrong: \(.)"),
		(select(adds_up | not) | "hits = told + waiting + dropped does not hold"),
		(select($exact and (told_is_printed | not)) | "not what is printed is counted as told"),
		(select($exact and (dropped_is_said | not)) | "not what is lost is counted as dropped")
	end;
