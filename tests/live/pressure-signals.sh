#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# "oom-notify pressure" ended by a signal or by its reader removes the box, whatever it is doing.
. "$(dirname "$0")/lib-box.sh"
need_box

in_gap() {
	grep -q '"event":"episode"' "$out"
}

box_told() {
	grep -q '"event":"box"' "$out"
}

# ended_by SIGNAL WHEN: with the run just started being where WHEN says.
ended_by() {
	local swap begin=$EPOCHREALTIME took
	swap=$(field swap_path)
	kill -s "$1" "$pid"
	stop
	expect_rc $((128 + $(kill -l "$1")))
	expect_nothing_left "$swap"
	expect_no_messages
	took=$(awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }')
	echo "SIG$1 $2: nothing left after $took s"
}

for signal in INT TERM HUP; do
	start --json --hold 60s
	until_true 20 box_told || fail "no box"
	until_true 20 has_swapped 1 || fail "no swapping begins"
	ended_by $signal "while memory is touched"

	start --json --hold 60s
	until_true 20 box_told || fail "no box"
	until_true 20 has_swapped 125 || fail "too little is swapped"
	ended_by $signal "while memory is held"

	start --json --hold 0 --episodes 2 --gap 60s --limit 16M --use 32M
	until_true 20 in_gap || fail "no first episode"
	ended_by $signal "between episodes"

	# A command and what it started itself, which both ignore the signal.
	start --json -- sh -c 'trap "" INT TERM HUP; sleep 60 & echo "{\"child\":$!}"; wait'
	until_true 20 grep -q child "$out" || fail "the command does not start"
	child=$(field child)
	ended_by $signal "in a command"
	! runs "$child" || fail "the command's child $child lives on"
done

# At once: wherever it is with making the box.
for delay in 0.001 0.005 0.02 0.05 0.1; do
	start --json --hold 60s
	sleep $delay
	kill -s TERM "$pid"
	stop
	expect_rc 143
	expect_nothing_left "$(field swap_path)"
done

# nohup(1) stays in force.
(trap '' HUP && exec "$bin" pressure --json --hold 3s >"$out" 2>"$err") &
pid=$!
until_true 20 box_told || fail "no box"
kill -s HUP "$pid"
stop
expect_rc 0

# A reader that goes away: quietly, at once, with everything removed.
begin=$SECONDS
set +o pipefail
"$bin" pressure --json --hold 60s --episodes 2 2>"$err" | head -n 1 >"$out"
rc=${PIPESTATUS[0]}
set -o pipefail
expect_rc 0
expect_no_messages
box=$(field cgroup)
box=${box##*/}
expect_nothing_left "$(field swap_path)"
[ $((SECONDS - begin)) -lt 30 ] || fail "it took notice only after the episode"

# Output that cannot be written.
: >"$out"
rc=0
"$bin" pressure >/dev/full 2>"$err" &
pid=$!
box=oom-notify-box-$pid-
stop
expect_rc 1
[ "$(wc -l <"$err")" -eq 1 ] || fail "one line on standard error expected"
expect_nothing_left -
rc=0
"$bin" pressure >&- 2>"$err" || rc=$?
expect_rc 1
rc=0
"$bin" pressure --help >/dev/full 2>"$err" || rc=$?
expect_rc 1
