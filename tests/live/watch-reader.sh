#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A reader of our output that stops reading for seconds: what is lost is counted and told, and events
# go on once it reads again. One that never reads again keeps nobody from ending.
. "$(dirname "$0")/lib-watch.sh"
need_watch

# with_reader NAME ARGUMENT...: a loader whose output goes through a pipe to a process, $reader.
with_reader() {
	local name=$1
	shift
	rm -f "$tmp/$name.out"
	mkfifo "$tmp/$name.out"
	cat "$tmp/$name.out" >"$tmp/$name.json" &
	reader=$!
	watch_to "$name" "$tmp/$name.out" --json "$@"
}

box_swaps a
with_reader w --raw --cgroup "${box_path[a]}"
kill -s STOP $reader
box_go a
first=$line
kill -s CONT $reader
box_go a
second=$line
watch_end w
wait $reader
expect_quiet w
expect_well_formed w
expect w "what is lost is not what is counted as dropped" dropped_is_said
expect w "the queue did not overflow" 'kind("lost") | any(.queue_hits > 0)'
expect w "no events afterwards" 'kind("swap_out") | any(.pid == $pid)' --argjson pid "$second"
# The oldest are what is forgotten, not the newest.
expect w "the newest are lost" '(map(.event) | index("lost")) as $i |
	$i > 0 and (.[$i:] | kind("swap_out") | any(.pid == $pid))' --argjson pid "$first"

# Coalesced, the queue holds the same without loss.
with_reader w
kill -s STOP $reader
box_go a
kill -s CONT $reader
watch_end w
wait $reader
expect_exact w
expect w "dropped" 'summary | .lost.hits == 0'
expect w "no events" 'of($a) | kind("swap_out") | any(.pid == $pid)' --argjson pid "$line"

# Told to end while nobody reads: the second signal cuts the wait short.
with_reader w --raw
kill -s STOP $reader
box_go a
kill -s TERM "${watch_pid[w]}" # and once that is taken notice of:
until_true $patience grep -qE '^ShdPnd:\s*0+$' "/proc/${watch_pid[w]}/status"
kill -s TERM "${watch_pid[w]}"
watch_wait w
expect_rc 1
[ "$(grep -c 'stopped reading' "$tmp/w.err")" -eq 1 ] || watch_fail w "no message about the reader"
kill -s CONT $reader
wait $reader
box_end a
