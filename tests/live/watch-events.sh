#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Events of a box that swaps arrive while it still does, and say what can be checked at that moment:
# cgroup, task, cause, scope, times.
. "$(dirname "$0")/lib-watch.sh"
need_watch

watch_start w
box_start a --limit 32M --use 96M --hold 60s
await w '"event":"swap_out".*"cgroup_id":'"${box_id[a]}",
event=$line

# It came while the box still works: the task it names is there, and in the box.
task=$(jq .pid <<<"$event")
grep -q ":${box_path[a]}\$" "/proc/$task/cgroup" || fail "task $task is not in the box: $event"
[ "$(jq -r .comm <<<"$event")" = "$(cat "/proc/$task/comm")" ] || fail "another comm: $event"
[ "$(jq -r .cgroup <<<"$event")" = "${box_path[a]}" ] || fail "another path: $event"
[ "$(jq .cgroup_id <<<"$event")" = "$(stat -c %i "$(box_dir a)")" ] || fail "another id: $event"
await w '"event":"reclaim_end".*"cgroup_id":'"${box_id[a]}",
box_end a
watch_end w
expect_quiet w
expect_exact w

for kind in swap_out reclaim_begin reclaim_end; do
	expect w "$kind of the box" 'of($a) | kind($k) | map(select(.pid == $task)) | length > 0 and
		all(.[]; .cause == "memcg" and .scope == "cgroup" and .cpu < $cpus and .latency_ns > 0)' \
		--arg k $kind --argjson task "$task" --argjson cpus "$(getconf _NPROCESSORS_CONF)"
done
expect w "times" 'summary.time_ns as $ended | of($a) | facts |
	all(.[]; .time_ns > $begin and .time_ns + .latency_ns <= $ended)' \
	--argjson begin "$(jq -s '.[0].time_ns' "$tmp/a.box")"
expect w "stalls" 'of($a) | kind("reclaim_end") |
	all(.[]; .order == 0 and .duration_ns > 0 and .stall_ns >= .duration_ns and .stall_ns < 1e11)'
expect w "reclaimed pages" 'of($a) | kind("reclaim_end") |
	sum(.pages) > 0 and all(.[]; .pages >= .reclaimed_pages)'
expect w "swapped pages" 'of($a) | kind("swap_out") | sum(.anon_pages) > 0 and
	all(.[]; .pages == .anon_pages + .shmem_pages)'
