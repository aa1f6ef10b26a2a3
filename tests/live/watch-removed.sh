#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A cgroup that is removed while its events wait for a slow reader: they still name it, and say that
# it is gone.
. "$(dirname "$0")/lib-watch.sh"
need_watch

box_swaps a
mkfifo "$tmp/w.out"
cat "$tmp/w.out" >"$tmp/w.json" &
reader=$!
watch_to w "$tmp/w.out" --json --raw --cgroup "${box_path[a]}"
kill -s STOP $reader
box_go a
box_end a
[ ! -e "$(box_dir a)" ] || fail "the box is still there"
kill -s CONT $reader
watch_end w
wait $reader
expect_quiet w
expect_well_formed w
expect w "what is lost is not what is counted as dropped" dropped_is_said

# What the pipe had taken by then does not know yet; all that was still in the queue does.
expect w "paths" 'facts | map(.cgroup) | .[0] == $path and .[-1] == $path + " (deleted)" and
	unique == [$path, $path + " (deleted)"] and
	(map(endswith(" (deleted)")) | . == sort)' --arg path "${box_path[a]}"
expect w "path in the summary" 'total($a) | . == null or .cgroup == $path + " (deleted)"' \
	--arg path "${box_path[a]}"
