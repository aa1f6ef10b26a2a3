#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# "oom-notify pressure" with a wrong command line: one line that names the argument, exit code 2,
# nothing made. Needs no root.
. "$(dirname "$0")/lib-box.sh"

# refused WORD ARGS...: the message has WORD in it.
refused() {
	local word=$1
	shift
	run "$@"
	expect_rc 2
	[ "$(wc -l <"$err")" -eq 1 ] || fail "pressure $*: one line on standard error expected"
	grep -qF -e "$word" "$err" || fail "pressure $*: the message does not name $word"
	[ ! -s "$out" ] || fail "pressure $*: nothing on standard output expected"
	expect_nothing_left -
}

for bad in '' x 1 -1 64 64m 64MM 0 0M 3M 1048577G 99999999999999999999 99999999999999999999G \
	'64 M' ' 64M' 0x40M 6.4M $'64M\n'; do
	refused "--limit" --limit="$bad"
	refused "--use" --use "$bad"
	refused "--swap-size" --swap-size "$bad"
done
for bad in '' x 1 -1s 25h 1d .5s 1.s 99999999999999999999s '1 s' 1e3s; do
	refused "--gap" --gap="$bad"
	refused "--hold" --hold "$bad"
done
for bad in '' 0 -1 1.5 x 1000001 99999999999999999999; do
	refused "--episodes" --episodes="$bad"
done
for bad in '' FILE auto fil files; do
	refused "file, zram, none" --swap="$bad"
done
for bad in '' MEMCG kswapd; do
	refused "memcg, proactive" --cause="$bad"
done
refused "--nonsense" --nonsense
refused "x" -x
refused "--limit" --limit
refused "--json" --json=yes

# Sizes that would hurt the machine, or do nothing.
available=$(meminfo_mb MemAvailable)
half=$((available / 2))
refused "--limit" --limit "$((half + half / 2))M"
refused "--limit" --limit "$((half + half / 2))M" -- true
refused "--use" --use "$((half + half / 2))M"
refused "--use" --use "$((available * 2))M"
refused "--use" --use 1048576G
refused "--swap-size" --swap zram --swap-size "$((half + half / 2))M"
refused "--swap-size" --swap zram --limit "$((half * 3 / 4))M" --swap-size "$((half * 3 / 4))M" -- true
if [ "$available" -gt 600 ]; then
	refused "--use" --limit 64M --use 64M
	refused "--swap none" --cause proactive --swap none
	refused "--hold" --hold 1s -- true
	refused "--use" --use 100M true
fi
if [ "$(id -u)" -eq 0 ] && [ -d /var/tmp ]; then
	refused "--swap-size" --swap file --swap-size 1048576G
fi

run --help
expect_rc 0
for option in limit use episodes gap hold swap swap-size cause json help; do
	grep -qE -- "--$option( |=|$)" "$out" || fail "--help does not tell --$option"
done
[ ! -s "$err" ] || fail "nothing on standard error expected"

# Nobody's business without root.
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	rc=0
	setpriv --reuid=65534 --clear-groups "$bin" pressure >"$out" 2>"$err" || rc=$?
	expect_rc 1
	[ "$(wc -l <"$err")" -eq 1 ] || fail "one line on standard error expected"
	grep -q root "$err" || fail "the message does not say what is missing"
fi
