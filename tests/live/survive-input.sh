#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What is wrong with a command line or a file is told in one line, and nothing is measured.
. "$(dirname "$0")/lib-compare.sh"

# bad TEXT ARGUMENT...
bad() {
	local text=$1
	shift
	rc=0
	"$bin" compare --survive "$@" >"$out" 2>"$err" || rc=$?
	expect_rc 2
	[ ! -s "$out" ] || fail "compare --survive $*: something on standard output"
	[ "$(wc -l <"$err")" -eq 1 ] || fail "compare --survive $*: one line expected"
	grep -qF -- "$text" "$err" || fail "compare --survive $*: no '$text'"
}

bad "'tracepoint' is none of headroom, psi, " --sources tracepoint
bad "'' is none of" --sources ""
bad "'0' is no whole number from 1" --episodes 0
bad "'1001' is no whole number" --episodes 1001
for rates in "" 0 -1 1000001 "max,max" "50,50" "50," "50,fast" "1,2,3,4,5,6,7,8,9" 99999999999999999999; do
	bad "--rates: '$rates' is no list" --rates="$rates"
done
bad "'31M' is no size" --limit 31M
bad "'x' is no size" --limit x
bad "'1025G' is no size" --limit 1025G
bad "'9' is no whole number from 10" --cache 9
bad "'86' is no whole number" --cache 86
bad "'zram' is none of without, with, both" --swap zram
bad "'25h' is no time" --benign 25h
bad "'5' is no time" --benign 5
bad "'x' is no whole number" --seed x
bad "unrecognized option" --ramp fast
bad "no files to put side by side" one.json
bad "cannot write $tmp/none/x" --json "$tmp/none/x"
bad "must end with .svg or .png" --plot "$tmp/x.pdf"
bad "--rates is about measuring" --replay "$tmp/none" --rates 1
bad "$tmp/none: " --replay "$tmp/none"
# A run of the other kind is none, either way.
docs=$(dirname "$0")/../../docs
bad "no result of oom-notify compare --survive" --replay "$docs/compare/6.18.json"
rc=0
"$bin" compare --replay "$docs/survive/6.18.json" >"$out" 2>"$err" || rc=$?
expect_rc 2
grep -q "no result of oom-notify compare$" "$err" || fail "compare --replay of who survived"

# More than the machine has is refused before anything is made.
rc=0
"$bin" compare --survive --limit 1024G --benign 0 >"$out" 2>"$err" || rc=$?
expect_rc 1
grep -q -- "--limit is 1048576 MB: with the cache that is more than half" "$err" || fail "--limit 1024G"

# So is a file for benign loads that would be no file, before the first episode and not after the last.
if [ "$(stat -f -c %T /dev/shm)" = tmpfs ]; then
	rc=0
	TMPDIR=/dev/shm "$bin" compare --survive --limit 32M --benign 1s >"$out" 2>"$err" || rc=$?
	expect_rc 1
	grep -q "/dev/shm is in memory, benign loads need a disk" "$err" || fail "TMPDIR in memory"
	[ "$(wc -l <"$err")" -eq 1 ] || fail "TMPDIR in memory: one line expected"
fi

# What is told of a saved run today is what docs/ says of it.
runs=0
for run in "$docs"/survive/*.json; do
	TZ=UTC "$bin" compare --survive --replay "$run" --verbose >"$out" 2>"$err" || fail "--replay $run"
	diff "${run%.json}.txt" "$out" || fail "$run: ${run%.json}.txt is of another program"
	runs=$((runs + 1))
done
[ "$runs" -ge 2 ] || fail "only $runs saved runs"

"$bin" compare --survive --help >"$out" 2>"$err" || fail "--help"
# Every source is in the help and in the man page.
page=$(dirname "$0")/../../man/oom-notify-compare-survive.1
rc=0
"$bin" compare --survive --sources '?' 2>"$err" || rc=$?
while read -r name; do
	grep -q -- "$name" "$out" || fail "--help has no $name"
	grep -q -- "^.It Cm.*$name" "$page" || fail "the man page has no $name"
done < <(sed 's/.*none of //; s/, /\n/g' "$err")
