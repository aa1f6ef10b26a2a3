#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# "oom-notify compare" ended by a signal prints what it has and leaves nothing behind.
. "$(dirname "$0")/lib-compare.sh"
need_compare

sources=timer,tracepoint,trace_pipe,bpftrace,perf
children=()

# Of the run, and the tools that these have started.
note_children() {
	local p
	mapfile -t children < <(children_of "$pid")
	for p in "${children[@]}"; do
		mapfile -t -O "${#children[@]}" children < <(children_of "$p")
	done
}

# Wherever it is with starting.
for delay in 0.001 0.05 0.3 1; do
	start_compare --sources $sources
	sleep $delay
	note_children
	kill -TERM "$pid"
	stop
	expect_rc 143
	[ ! -e "$json" ] || fail "a file with nothing in it"
	expect_no_watchers "${children[@]}"
done

# With something to print.
start_compare --sources $sources
until_true 120 episodes_done 1 || fail "no episode"
sleep 1
note_children
kill -INT "$pid"
stop
expect_rc 130
expect_json '(.complete | not) and (.incomplete | length > 0)' "marked incomplete"
expect_json '(.episodes | length) >= 1' "what was measured"
grep -q INCOMPLETE "$out" || fail "the table is not marked"
expect_no_watchers "${children[@]}"
"$bin" compare --replay "$json" >/dev/null || fail "--replay of an interrupted run"

# Killed: what watches goes with it, the box goes with the next run.
start_compare --sources $sources
until_true 120 has_watcher tracepoint || fail "no watcher"
note_children
kill -KILL "$pid"
stop
expect_rc 137
gone() {
	local p
	for p in "${children[@]}"; do
		! runs "$p" || return 1
	done
}
until_true 20 gone || fail "processes outlive the run"
"$bin" pressure -- true >/dev/null 2>&1 || fail "pressure after it"
expect_no_watchers "${children[@]}"
