#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The level of a box that swaps rises, step by step, and falls to the all-clear when it is over;
# the machine's does not move.
. "$(dirname "$0")/lib-watch.sh"
need_watch

all_clear() {
	await w '"event":"level".*"level":"none".*"cgroup_id":'"${box_id[$1]}\}"
}

# Levels by headroom are for others to test.
by_reclaim=(--headroom-low "0,0" --headroom-medium "0,0" --headroom-critical "0,0")
watch_start w "${by_reclaim[@]}" --level-window 100ms --level-hold 500ms --medium-stall 5ms
box_run a --limit 16M --use 64M --hold 0
all_clear a
box_run b --limit 16M --use 64M --hold 0
all_clear b
watch_end w
expect_exact w

for id in "${box_id[a]}" "${box_id[b]}"; do
	expect w "each change begins where the last one ended" 'levels($id) | is_chain' --argjson id "$id"
	expect w "low, more, none" 'levels($id) | .[0].level == "low" and .[-1].level == "none" and
		any(.level == "medium" or .level == "critical")' --argjson id "$id"
	expect w "a level falls before its time" 'def rank: . as $name | level_names | index([$name]);
		levels($id) | [.[1:], .[:-1]] | transpose |
		map(select((.[0].level | rank) < (.[1].level | rank)) | .[0].time_ns - .[1].time_ns) |
		length > 0 and min > 490e6' --argjson id "$id"
	# Events say the level that holds when they are told.
	expect w "events do not show the level" 'of($id) | kind("swap_out") |
		all(.[]; .level != "none") and any(.level != "low")' --argjson id "$id"
done
expect w "the machine's level" machine_at_rest

# Thresholds that are out of reach: no level at all.
watch_start w "${by_reclaim[@]}" --low-pages 4000000000 --low-unfreed 100 --medium-stall 1h
box_run a --limit 16M --use 48M --hold 0
watch_end w
expect w "thresholds have no effect" 'levels($a) == [] and (of($a) | facts | all(.level == "none"))'

# A loader that starts while the box reclaims has not seen why: that is no reason to blame the machine.
box_start a --limit 16M --use 192M --hold 0 --gap 1ms --episodes 1000
for _ in 1 2 3 4 5; do
	watch_start w --duration 50ms
	watch_wait w
	expect w "the machine's level, from the start" machine_at_rest
done
box_end a
