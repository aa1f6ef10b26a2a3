#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a killed "oom-notify pressure" leaves is removed by the next, and a living one's box is not.
. "$(dirname "$0")/lib-box.sh"
need_box

box_told() {
	grep -q '"event":"box"' "$out"
}

kinds="file"
"$bin" pressure --swap file -- true 2>"$err" || kinds=
! has_zram || kinds="$kinds zram"
[ -n "$kinds" ] || skip "neither a file nor zram can be swapped to"

for kind in $kinds; do
	start --json --swap "$kind" --hold 60s
	until_true 20 box_told || fail "no box"
	swap=$(field swap_path)
	until_true 20 has_swapped 10 || fail "no swapping begins"
	kill -s KILL "$pid"
	stop
	expect_rc 137
	[ -n "$(remains "$box" "$swap")" ] || fail "a killed run cannot have removed its box"
	dead=$box
	run --json -- true
	expect_rc 0
	grep -q 'removed what a killed run had left' "$err" || echo "another run was quicker"
	box=$dead
	expect_nothing_left "$swap"
	echo "swap $kind: the next run removed what SIGKILL had left"
done

# Its children end with it; a command's own children are ended by the next run.
start --json -- sh -c 'sleep 60 & echo "{\"child\":$!}"; wait'
until_true 20 grep -q child "$out" || fail "the command does not start"
child=$(field child)
kill -s KILL "$pid"
stop
runs "$child" || fail "the child of the command has ended by itself"
dead=$box
run -- true
expect_rc 0
! runs "$child" || fail "process $child lives on"
box=$dead
expect_nothing_left -

# A living box survives others that come and go, and does its own work meanwhile.
start --json --hold 600s
first=$pid first_box=$box
until_true 20 box_told || fail "no box"
swap=$(field swap_path)
until_true 20 has_swapped 1 || fail "no swapping begins"
mv "$out" "$out.first"
out2=$tmp/out2
for _ in 1 2; do
	"$bin" pressure --json --hold 0 --limit 16M --use 64M >"$out2" 2>"$err" || fail "the second run"
	grep -q '"oom_killed":false' "$out2" || fail "no episode in the second run"
	expect_no_messages
	kill -0 "$first" || fail "the first run has ended"
	[ -n "$(remains "$first_box" -)" ] || fail "the first box is gone"
done
mv "$out.first" "$out"
pid=$first box=$first_box
has_swapped 1 || fail "the first run's memory is gone"
kill -s TERM "$pid"
stop
expect_rc 143
expect_nothing_left "$swap"

# Names that only look like ours, or are another user's or namespace's, stay.
dir=${TMPDIR:-/var/tmp}
ns=$(stat -L -c %i /proc/self/ns/pid)
decoys=("$dir/oom-notify-box-1-1" "$dir/oom-notify-box-4000000-1-$((ns + 1))")
touch "${decoys[@]}"
mkdir "$dir/oom-notify-box-4000000-1-$ns"
run -- true
expect_rc 0
for decoy in "${decoys[@]}"; do
	[ -f "$decoy" ] || fail "$decoy is not ours, and was removed"
done
rm "${decoys[@]}"
rmdir "$dir/oom-notify-box-4000000-1-$ns"
