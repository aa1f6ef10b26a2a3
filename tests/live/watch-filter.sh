#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What is left out on request, and what is still counted: loaders with different options look at the
# same pressure in two boxes.
. "$(dirname "$0")/lib-watch.sh"
need_watch

# The one that says nothing is started first, so that it is ready when the others are.
"$bin" watch --json --quiet >"$tmp/quiet.json" 2>"$tmp/quiet.err" &
quiet=$!
box_start a --limit 16M --use 48M --hold 200ms --gap 200ms --episodes 3
watch_start kinds --kind swap_out,reclaim_end
watch_start levels --kind level
watch_start cgroup --cgroup "${box_path[a]}"
watch_start dir --cgroup "$(box_dir a)/"
watch_start medium --min-level medium --medium-stall 1ms
watch_start critical --min-level critical
watch_start stats --kind oom_kill --stats 50ms
box_run b --limit 16M --use 48M --hold 0
box_wait a
for name in kinds levels cgroup dir medium critical stats; do
	watch_end $name
	expect_quiet $name
done
kill -s TERM $quiet
wait $quiet || fail "exit code $? of the quiet one"

for name in kinds levels cgroup dir medium critical quiet; do
	expect_well_formed $name
	expect $name "what is left out is not counted" 'summary.kinds.swap_out.told > 1000'
done
expect kinds "other kinds, or not these" '
	(facts + kind("level") | map(.event) | unique) == ["reclaim_end", "swap_out"]'
expect levels "not only levels" '(facts | length == 0) and (kind("level") | length > 0)'
for name in cgroup dir; do
	expect $name "not its cgroup, or others" '(of($a) | facts | length > 0) and
		(facts | all(.cgroup | rtrimstr(" (deleted)") == $path)) and
		(kind("level") | all(.scope == "global" or .cgroup_id == $a))' --arg path "${box_path[a]}"
done
expect medium "events below medium" '(of($b) | facts | length > 0) and
	(facts | all(.level != "none" and .level != "low")) and
	(kind("level") | map([.from, .level]) | all(. != ["none", "low"] and . != ["low", "none"]))'
expect critical "events below critical" 'facts | all(.level == "critical")'
[ "$(wc -l <"$tmp/quiet.json")" -eq 1 ] || watch_fail quiet "nothing but the summary expected"
! grep -v ': warning: ' "$tmp/quiet.err" || watch_fail quiet "no message expected"
expect stats "interim figures" 'kind("stats") | length > 5 and all(.[]; has_fields) and
	(map(.kinds.swap_out.hits) | . == sort and .[-1] > .[0]) and
	(map(.time_ns) | . == (sort | unique)) and all(.[]; .kinds.swap_out | .hits >= .told)'
