#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# More short-lived cgroups than the table has rows, each of which swaps at its limit: all are named while
# they live and when they are gone, and what comes after them is, too. A service that was there before,
# and is started again under the same name after them, is shown by --cgroup.
. "$(dirname "$0")/lib-watch.sh"
need_watch
[ ! -e "$memory_root/cgroup.controllers" ] ||
	skip "on cgroup v2 a box cannot have cgroups below it with tasks of their own"
jobs=${JOBS:-3300}

mkfifo "$tmp/go"
exec {go}<>"$tmp/go"
watch_start w --kind swap_out,reclaim_end
# shellcheck disable=SC2016 # the inner shell's
box_start a --limit 16M -- bash -euc 'dir=$1$(grep -m 1 oom-notify-box /proc/self/cgroup | cut -d : -f 3)
	exec "$2" "$dir" 1024 - "job-%d*$3" service <"$4"' bash "$memory_root" "$OUTPUT/tests/live/jobs" "$jobs" "$tmp/go"
mkdir "$(box_dir a)/service"
watch_start mine --cgroup "${box_path[a]}/service" --kind swap_out,reclaim_end
rmdir "$(box_dir a)/service"
echo >&"$go"
patience=200 # for all of them
box_wait a
[ "$rc" -eq 0 ] || fail "exit code $rc: $(cat "$tmp/a.err")"
watch_end mine
watch_end w
expect_well_formed w
expect_well_formed mine
expect w "what is lost is not what is counted as dropped" dropped_is_said
tail -n +2 "$tmp/a.box" | head -n -1 | jq -s . >"$tmp/ids"
service=$(tail -n 1 "$tmp/a.box")
[ "$(jq length "$tmp/ids")" -eq "$jobs" ] || fail "$(jq length "$tmp/ids") jobs, not $jobs"

# What was lost to a slow output may have been all of a job.
expect w "names of jobs" '(reduce $ids[0][] as $id ({}; .[$id | tostring] = true)) as $is_job |
	facts | map(select($is_job[.cgroup_id | tostring])) |
	all(.cgroup | startswith($path + "/job-"))' \
	--slurpfile ids "$tmp/ids" --arg path "${box_path[a]}"
expect w "a job is missing" 'summary.lost.hits > 0 or
	$ids[0] - (facts | map(.cgroup_id) | unique) == []' --slurpfile ids "$tmp/ids"
expect w "each name is one cgroup's" 'facts | map(select(.cgroup != null) | [.cgroup, .cgroup_id] |
	.[0] |= rtrimstr(" (deleted)")) | unique | map(.[0]) | map(select(test("/job-"))) |
	length == (unique | length)'
expect w "no row for some" 'summary.lost.row_hits == 0 and
	(summary.cgroups | all(.cgroup != "other"))'
expect w "what the removed ones had counted" 'summary.cgroups |
	any(.cgroup == "removed" and .swap_out_pages > 0)'
expect mine "the service is not shown" 'of($id) | kind("swap_out") | length > 0' --argjson id "$service"
expect mine "others are shown" 'facts | all(.cgroup_id == $id)' --argjson id "$service"
for name in mine w; do
	ask $name 'of($id) | kind("swap_out") | sum(.pages)' --argjson id "$service" >"$tmp/$name.pages"
done
cmp -s "$tmp/mine.pages" "$tmp/w.pages" ||
	fail "pages of the service: $(cat "$tmp/mine.pages") by --cgroup, $(cat "$tmp/w.pages") in all"
