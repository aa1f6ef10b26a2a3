#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A victim with many threads, all of which meet the limit again while they die: one kill, as the kernel's
# own counter says, and the cgroup's, however many other tasks have reclaimed meanwhile.
. "$(dirname "$0")/lib-watch.sh"
need_watch

victim=${OUTPUT:?}/tests/live/victim

watch_start w
for _ in 1 2 3; do
	box_start a --swap none --limit 48M -- "$victim" 24
	box_wait a
	[ "$rc" -eq 137 ] || fail "the victim ends with $rc, not killed: $(cat "$tmp/a.err")"
	boxes+=("${box_id[a]}")
done
watch_end w
expect_exact w
for id in "${boxes[@]}"; do
	expect w "one kill, of that cgroup's limit" 'of($id) | kind("oom_kill") | length == 1 and
		all(.[]; .hits == 1 and .cause == "memcg" and .scope == "cgroup" and .level == "critical")' \
		--argjson id "$id"
done
# Other processes of this machine may be killed, too.
expect w "as many as the kernel counts, or it is said why" 'summary | .kinds.oom_kill.hits >= 3 and
	(.kinds.oom_kill.hits == .vmstat.oom_kill) == (.oom_kills.why_not_vmstat == null)'
expect w "nobody knows whose memory ran out" 'summary.oom_kills.unknown_scope == 0'
expect w "the machine's level" machine_at_rest
