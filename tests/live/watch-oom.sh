#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A box without swap that needs more than its limit: each OOM kill is told by itself, with what the
# kernel's own log says of the victim; critical for that cgroup, nothing for the machine.
. "$(dirname "$0")/lib-watch.sh"
need_watch

watch_start w
box_run a --swap none --limit 32M --use 96M --hold 0 --episodes 2 --gap 10ms
watch_end w
expect_quiet w
expect_exact w
jq -e 'select(.event == "episode") | .oom_killed' "$tmp/a.box" >"$tmp/killed" || fail "nobody is killed"
expect w "two kills" 'of($a) | kind("oom_kill") | length == 2 and
	all(.[]; .hits == 1 and .pages == 0 and .cause == "memcg" and .scope == "cgroup" and
		.level == "critical" and .cgroup == $path) and
	(map(.pid) | unique | length) == 2' --arg path "${box_path[a]}"
expect w "the kernel counts fewer" 'summary.vmstat.oom_kill >= 2'
expect w "the victim reclaimed before" 'of($a) |
	(kind("oom_kill") | map(.pid) | unique) - (kind("reclaim_end") | map(.pid)) == []'
expect w "the cgroup's level" 'levels($a) | is_chain and any(.level == "critical")'
expect w "the machine's level" machine_at_rest

if ask w 'of($a) | kind("oom_kill") | all(.anon_rss_kb == null)' -e >/dev/null; then
	echo "skip: this kernel tells nothing but the victim's pid"
	exit
fi
expect w "the victim" 'of($a) | kind("oom_kill") | all(.[]; .comm == "oom-notify" and .uid == 0 and
	.total_vm_kb >= .anon_rss_kb and .total_vm_kb > 96 * 1024 and
	.anon_rss_kb > 24 * 1024 and .anon_rss_kb < 40 * 1024 and
	.file_rss_kb < 32 * 1024 and .shmem_rss_kb < 32 * 1024 and
	.pgtables_kb > 0 and .pgtables_kb < 10 * 1024)'

log_line='\((.*)\) total-vm:([0-9]+)kB, anon-rss:([0-9]+)kB, file-rss:([0-9]+)kB, shmem-rss:([0-9]+)kB, '
log_line+='UID:([0-9]+) pgtables:([0-9]+)kB oom_score_adj:(-?[0-9]+)'
compared=0
while read -r pid; do
	said=$(dmesg 2>/dev/null | grep "Killed process $pid (" | tail -n 1) || continue
	logged=$(sed -nE "s/.*$log_line.*/[\"\1\",\2,\3,\4,\5,\6,\7,\8]/p" <<<"$said")
	[ -n "$logged" ] || continue
	# Between the two readings a thread on another CPU may still have counted some pages.
	expect w "the kernel's log says: $said" 'def near($n): . - $n | fabs < 256;
		kind("oom_kill") | map(select(.pid == $pid)) | .[0] | .comm == $log[0] and
		(.total_vm_kb | near($log[1])) and (.anon_rss_kb | near($log[2])) and
		(.file_rss_kb | near($log[3])) and (.shmem_rss_kb | near($log[4])) and
		.uid == $log[5] and (.pgtables_kb | near($log[6])) and .oom_score_adj == $log[7]' \
		--argjson pid "$pid" --argjson log "$logged"
	compared=$((compared + 1))
done < <(ask w 'of($a) | kind("oom_kill")[].pid')
if [ $compared -gt 0 ]; then
	echo "$compared victims are as in the kernel's log"
else
	echo "skip: comparison with the kernel's log, which cannot be read here"
fi
