#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# "oom-notify pressure": the pressure is real, with each kind of swap and each cause, what is told of
# it is right, and nothing is left behind.
. "$(dirname "$0")/lib-box.sh"
need_box

page_bytes=$(getconf PAGESIZE)

# measured ARGS...: runs it with --json; $swapped and $zero are what the machine swapped meanwhile.
measured() {
	local pages zeros
	pages=$(swapped_pages)
	zeros=$(zero_pages)
	run --json "$@"
	swapped=$(($(swapped_pages) - pages))
	zero=$(($(zero_pages) - zeros))
	expect_nothing_left "$(field swap_path)"
}

# Other programs may swap too, so only an order of magnitude bounds it from above.
expect_swapped() {
	local mb=$1 want
	want=$((mb * 1048576 / page_bytes))
	if ((swapped * 100 < want * 95 || swapped > want * 10)); then
		fail "$swapped pages swapped out, $want expected"
	fi
	[ "$zero" -le $((want / 20)) ] || fail "$zero of the pages were zeros"
	echo "$2: $swapped pages swapped out, $zero of them zeros; at least $want expected"
}

expect_field() {
	[ "$(field "$1")" = "$2" ] || fail "$1 is '$(field "$1")', expected '$2'"
}

# The default: 192 MB against a limit of 64 MB.
measured
expect_rc 0
expect_field swap_bytes 268435456
expect_field limit_bytes 67108864
expect_field use_bytes 201326592
expect_field cause memcg
expect_field oom_killed false
[ "$(wc -l <"$out")" -eq 2 ] || fail "one line for the box and one for the episode expected"
expect_no_messages
default_swap=$(field swap)
expect_swapped 128 "default, swap $default_swap"

# Times: in order, of this run, the hold between them.
start_ns=$(field time_ns) first_ns=$(field first_over_ns) end_ns=$(field end_ns)
if ((start_ns >= first_ns || first_ns + 500000000 >= end_ns)); then
	fail "times are not in order"
fi
awk -v t="$first_ns" '{ exit !(t / 1e9 < $1 && t / 1e9 > $1 - 60) }' /proc/uptime ||
	[ -n "${container-}" ] || fail "first_over_ns is not a time of CLOCK_MONOTONIC"

# The cgroup is the one that a process in it sees.
run -- cat /proc/self/cgroup
expect_rc 0
grep -q ":/.*$box" "$out" || fail "the command is in another cgroup"
run --json -- grep oom-notify-box /proc/self/cgroup
tail -n +2 "$out" | grep -qF ":$(field cgroup)" || fail "the cgroup told is another one"

if [ "$default_swap" = file ]; then
	measured --swap file --hold 0
	expect_rc 0
	expect_field swap file
	expect_swapped 128 "file"
else
	echo "skip: ${TMPDIR:-/var/tmp} cannot hold a swap file"
fi

if has_zram; then
	measured --swap zram --limit 32M --use 96M --swap-size 128M --hold 0
	expect_rc 0
	expect_field swap zram
	expect_swapped 64 "zram"
	# A file in memory cannot be swapped to.
	TMPDIR=/dev/shm measured --hold 0
	expect_rc 0
	expect_field swap zram
	TMPDIR=/dev/shm run --swap file
	expect_rc 1
	grep -q TMPDIR "$err" || fail "the message does not say what to do"
	[ -z "$(ls /dev/shm/oom-notify-box-* 2>/dev/null)" ] || fail "a file is left in /dev/shm"
else
	echo "skip: no zram here"
fi

measured --cause proactive --use 64M --hold 0
expect_rc 0
expect_field cause proactive
[ "$(field limit_bytes)" -gt 67108864 ] || fail "the limit is in the way of proactive reclaim"
expect_swapped 64 "proactive"

# Each episode is told, and told when it is over.
measured --episodes 3 --gap 10ms --hold 10ms --limit 16M --use 48M
expect_rc 0
[ "$(grep -c '"event":"episode"' "$out")" -eq 3 ] || fail "three episodes expected"
expect_swapped 96 "three episodes"

# Without swap it is the OOM killer's, in the box, and that is what was asked for.
measured --swap none
expect_rc 0
expect_field swap none
expect_field oom_killed true
[ "$(field first_over_ns)" -gt 0 ] || fail "the touch that met the limit is not told"
measured --limit 16M --use 128M --swap-size 32M
expect_rc 0
expect_field oom_killed true

# For people.
run --episodes 2 --gap 10ms --hold 10ms --limit 16M --use 32M
expect_rc 0
grep -q "^box: cgroup .*$box.* with 16 MB, swap .* of 256 MB$" "$out" || fail "no line on the box"
grep -q '^episode 2 of 2: 32 MB touched, past the limit at [0-9.]* s' "$out" ||
	fail "no line on the second episode"
expect_nothing_left -
