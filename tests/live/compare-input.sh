#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What is wrong with a command line or a file is told in one line, and nothing is measured.
. "$(dirname "$0")/lib-compare.sh"

# bad TEXT ARGUMENT...
bad() {
	local text=$1
	shift
	rc=0
	"$bin" compare "$@" >"$out" 2>"$err" || rc=$?
	expect_rc 2
	[ ! -s "$out" ] || fail "compare $*: something on standard output"
	[ "$(wc -l <"$err")" -eq 1 ] || fail "compare $*: one line expected"
	grep -qF -- "$text" "$err" || fail "compare $*: no '$text'"
}

bad "'nonsense' is none of timer, " --sources timer,nonsense
bad "'' is none of" --sources ""
bad "'0' is no whole number from 1" --episodes 0
bad "'10000' is no whole number" --episodes 10000
bad "'x' is no whole number" --seed x
bad "'steep' is none of fast, slow" --ramp steep
bad "'5' is no time" --interval 5
bad "'1ms' is no time" --interval 1ms
bad "unrecognized option" --nonsense
bad "two saved runs are put side by side, not 1" one.json
bad "not 3" one.json two.json three.json
bad "cannot write $tmp/none/x" --json "$tmp/none/x"
bad "cannot write $tmp" --json "$tmp"
bad "must end with .svg or .png" --plot "$tmp/x.pdf"
bad "cannot both write" --json "$tmp/x.svg" --plot "$tmp/x.svg"
bad "--seed is about measuring" --replay "$tmp/none" --seed 1
bad "not for two saved runs" --plot "$tmp/x.svg" one.json two.json
bad "$tmp/none: " --replay "$tmp/none"
bad "$tmp/none: " "$tmp/none" "$tmp/none"
echo '{"format": "oom-notify compare", "version": 99}' >"$tmp/other"
bad "$tmp/other: " --replay "$tmp/other"
echo '{"format": "oom-notify' >"$tmp/cut"
bad "$tmp/cut: " --replay "$tmp/cut"
[ ! -e "$tmp/x.svg" ] || fail "an output that is not written was made"

# What is told of a saved run today is what docs/ says of it.
docs=$(dirname "$0")/../../docs/compare
runs=0
for run in "$docs"/*.json; do
	TZ=UTC "$bin" compare --replay "$run" --verbose >"$out" 2>"$err" || fail "--replay $run"
	diff "${run%.json}.txt" "$out" || fail "$run: ${run%.json}.txt is of another program"
	TZ=UTC "$bin" compare --replay "$run" >"$tmp/brief" 2>"$err" || fail "--replay $run"
	diff <(sed -n '/EPISODES  WAKES/,$p' "$out") <(sed -n '/EPISODES  WAKES/,$p' "$tmp/brief") ||
		fail "$run: another table without --verbose"
	[ "$(wc -l <"$tmp/brief")" -lt "$(wc -l <"$out")" ] || fail "$run: --verbose tells no more"
	runs=$((runs + 1))
done
[ "$runs" -ge 10 ] || fail "only $runs saved runs"
"$bin" compare "$docs/6.18.json" "$docs/6.12.json" >"$out" 2>"$err" || fail "two runs"
grep -q '^By more than chance 6 of 9 sources differ in B: ' "$out" || fail "two runs: no conclusion"

"$bin" compare --help >"$out" 2>"$err" || fail "--help"
# Every source is in the help and in the man page.
page=$(dirname "$0")/../../man/oom-notify-compare.1
rc=0
"$bin" compare --sources '?' 2>"$err" || rc=$?
while read -r name; do
	grep -q -- "$name" "$out" || fail "--help has no $name"
	grep -q -- "^.It Cm.*$name" "$page" || fail "the man page has no $name"
done < <(sed 's/.*none of //; s/, /\n/g' "$err")
