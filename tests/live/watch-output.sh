#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Wherever the output goes: a reader that has seen enough, a full disk, a closed descriptor, a file
# that others write to as well.
. "$(dirname "$0")/lib-watch.sh"
need_watch

# head takes what it wants and goes: a quiet end, with everything detached (watch_wait looks).
for how in --json --raw; do
	rm -f "$tmp/w.out"
	mkfifo "$tmp/w.out"
	head -n 3 "$tmp/w.out" >"$tmp/w.json" &
	reader=$!
	watch_to w "$tmp/w.out" $how
	box_run a --limit 16M --use 48M --hold 0
	watch_wait w
	expect_rc 0
	expect_quiet w
	wait $reader
	[ "$(wc -l <"$tmp/w.json")" -eq 3 ] || watch_fail w "three lines expected"
done

# It goes while nothing is to be told: this is noticed as well.
rm -f "$tmp/w.out"
mkfifo "$tmp/w.out"
tail -f "$tmp/w.out" >"$tmp/w.json" &
reader=$!
watch_to w "$tmp/w.out" --json --kind oom_kill
kill $reader
watch_wait w
expect_rc 0
expect_quiet w

# Full: one message that says so, whenever it is noticed.
for how in "" --json; do
	: >"$tmp/w.json"
	# shellcheck disable=SC2086
	watch_to w /dev/full $how --duration 100ms
	watch_wait w
	expect_rc 1
	grep -vE ': warning: |, watching$' "$tmp/w.err" >"$tmp/said" || true
	[ "$(wc -l <"$tmp/said")" -eq 1 ] || watch_fail w "one message expected"
	grep -q 'No space left on device' "$tmp/said" || watch_fail w "the message does not say what is wrong"
done

# Closed, with and without something else to take its number: nothing is loaded at all.
rc=0
"$bin" watch --json --duration 100ms >&- 2>"$tmp/w.err" || rc=$?
expect_rc 1
[ "$(wc -l <"$tmp/w.err")" -eq 1 ] || watch_fail w "one message expected"
grep -q 'standard output' "$tmp/w.err" || watch_fail w "the message does not name standard output"

# A file that others write to as well: what is in it stays, the order is kept.
box_start a --limit 16M --use 24M --hold 0 --gap 10ms --episodes 1000
{
	echo '{"event":"before"}'
	"$bin" watch --json --duration 500ms 2>"$tmp/w.err"
	echo '{"event":"after"}'
} >"$tmp/w.json"
box_end a
ask w '[.[0, -2, -1].event] == ["before", "summary", "after"]' -e >"$tmp/last" ||
	watch_fail w "the order in the file"
sed -i '1d;$d' "$tmp/w.json"
expect_exact w
expect w "no events in the file" 'of($a) | kind("swap_out") | length > 0'
