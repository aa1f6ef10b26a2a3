# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# How many instructions watching costs: this guest's clock counts them, a nanosecond each, so the times of
# `make bench` are exact here, and the same on every machine. The bounds are what was measured and a tenth
# more: a change that makes a kernel leave its best way of reading, or a hit longer, does not go by unseen.
# shellcheck disable=SC2034
QEMU='-icount shift=0'
# 5.10 does not bring up a second processor by such a clock.
APPEND=nr_cpus=1
MEMORY=1024
LIMIT=300

skip_on() {
	case $KERNEL in
	5.10 | 6.1 | 6.12 | 7.x) ;;
	*) echo "no figures for this kernel" ;;
	esac
}

guest() {
	export OOM_NOTIFY OUTPUT=$PWD
	ROUNDS=1 LOADS=zram "$OOM_NOTIFY-compare" bench programs >bench.txt 2>bench.err ||
		{ cat bench.txt bench.err; return 1; }
}

# Of the program of SUBJECT at POINT, beyond those of an empty one.
instructions() { # SUBJECT POINT...
	local subject=$1
	shift
	result bench.json | jq --arg subject "$subject" --args '.measured.programs.zram as $all |
		[$ARGS.positional[] | $all[$subject][.].p50 - $all.empty[.].p50] | add | round' "$@"
}

expect_at_most() { # WHAT GOT MOST
	[ "${2:-9999}" -le "$3" ] || fail "$1: ${2:-no figure} instructions, at most $3 were wanted"
}

verify() {
	local hit pair shrink
	case $KERNEL in
	5.10) hit=305 pair=2970 shrink=308 ;;
	6.1) hit=294 pair=1090 shrink=162 ;;
	6.12) hit=216 pair=1116 shrink=161 ;;
	7.x) hit=336 pair=1192 shrink=153 ;;
	esac
	expect_at_most "a counted hit" "$(instructions counted hit)" $hit
	expect_at_most "begin and end, counted" "$(instructions counted begin end)" $pair
	expect_at_most "shrink_inactive" "$(instructions default shrink)" $shrink
}
