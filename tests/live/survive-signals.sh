#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# "oom-notify compare --survive" ended by a signal prints what it has and leaves nothing behind.
. "$(dirname "$0")/lib-compare.sh"
need_compare

survive() {
	start_compare --survive --limit 64M --rates 50 --swap without --sources headroom,deaf "$@"
}

lives_done() {
	[ "$(grep -c '^[0-9]* of' "$err")" -ge "$1" ]
}

has_box() {
	find "$memory_root" -maxdepth 1 -name "$box*" | grep -q .
}

note_children() {
	mapfile -t children < <(children_of "$pid")
}

# Wherever it is with its first episode.
for delay in 0.001 0.1 0.5 1; do
	survive
	sleep $delay
	note_children
	kill -TERM "$pid"
	stop
	expect_rc 143
	[ ! -e "$json" ] || [ -s "$json" ] || fail "a file with nothing in it"
	expect_no_watchers "${children[@]}"
done

# With something to print.
survive --episodes 100
until_true 120 lives_done 2 || fail "no episode"
note_children
kill -INT "$pid"
stop
expect_rc 130
expect_json '(.complete | not) and (.incomplete | test("^interrupted after [0-9]+ of 200"))' "marked"
expect_json '(.episodes | length) >= 2' "what was found"
grep -q INCOMPLETE "$out" || fail "the table is not marked"
expect_no_watchers "${children[@]}"
"$bin" compare --survive --replay "$json" >/dev/null || fail "--replay of an interrupted run"

# In a benign load.
survive --episodes 1 --benign 10m
until_true 120 lives_done 2 || fail "no episode"
until_true 60 has_box || fail "no benign load"
note_children
kill -TERM "$pid"
stop
expect_rc 143
expect_json '.episodes | length == 2' "the episodes are there"
expect_no_watchers "${children[@]}"

# Killed: victim and load go with it, the box goes with the next run.
survive --episodes 100
until_true 60 has_box || fail "no box"
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
