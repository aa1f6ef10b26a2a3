#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# All the ways to end, each with a summary (but for SIGKILL) and with nothing left in the kernel.
. "$(dirname "$0")/lib-watch.sh"
need_watch

for signal in INT TERM HUP; do
	watch_start w
	[[ ${watch_bpf[w]} == *link*map*prog* ]] || fail "no BPF objects are seen"
	box_run a --limit 16M --use 32M --hold 0
	watch_end w $signal
	expect_quiet w
	expect_exact w
	expect w "no events before SIG$signal" 'of($a) | facts | length > 0'
done

# At once, nothing seen.
watch_start w
watch_end w
expect_quiet w
expect_exact w

# nohup(1) stays in force.
trap '' HUP
watch_start w
trap - HUP
kill -s HUP "${watch_pid[w]}"
box_run a --limit 16M --use 32M --hold 0
runs "${watch_pid[w]}" || watch_fail w "SIGHUP ended what nohup had started"
watch_end w

# By itself: after so many events, of which a level change is one.
watch_start w --count 5
box_run a --limit 16M --use 32M --hold 0
watch_wait w
expect_rc 0
expect_quiet w
expect_well_formed w
expect w "five events" 'facts + kind("level") + kind("headroom") | length == 5'
watch_start w --kind level --count 2 --level-hold 100ms --level-window 100ms --duration 20s
box_run a --limit 16M --use 32M --hold 0
watch_wait w
expect_rc 0
expect w "two level changes" 'kind("level") | length == 2'

# After so long, busy or not.
watch_start w --duration 50ms
watch_wait w
expect_rc 0
expect_quiet w
expect_exact w

# SIGKILL: the kernel takes everything back, and the helper that writes to the file goes as well.
gone() {
	! runs "$1"
}

watch_start w
helpers=$(grep -lE "^PPid:\s${watch_pid[w]}$" /proc/[0-9]*/status 2>/dev/null | cut -d / -f 3)
box_start a --limit 16M --use 32M --hold 60s
await w '"event":"swap_out"'
kill -s KILL "${watch_pid[w]}"
watch_wait w
expect_rc 137
box_end a
for helper in $helpers; do
	until_true $patience gone "$helper" || fail "process $helper is left"
done
