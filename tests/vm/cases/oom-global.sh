# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Without swap, a task takes all there is: the OOM killer's victim is named, with what the kernel tells
# of it: all of it since the richer event (which stable kernels have too), only the pid on 5.10.

guest() {
	start_watch
	stimulus oom >oom.stimulus || true
	wait_for 40 all_clear || echo "no all-clear"
	stop_watch
}

verify() {
	local victim
	victim=$(sed -n 's/.*pid=\([0-9]*\).*/\1/p' "$DIR/out/oom.stimulus")
	expect_clean_run
	expect_sums
	expect_events "oom_kill names the victim" \
		"any(.event == \"oom_kill\" and .pid == $victim)"
	expect_events "the kill is the machine's, and critical" \
		'any(.event == "oom_kill" and .scope == "global") and any(.event == "level" and .scope == "global" and .level == "critical")'
	expect_events "headroom is told before the kill" \
		'([.[] | select(.event == "oom_kill") | .time_ns] | first) as $kill_ns |
		 map(select(.event == "headroom" and .scope == "global" and .edge == "falls")) |
		 length > 0 and .[0].time_ns < $kill_ns and .[0].to_free_bytes > 0'
	expect_events "the summary counts what the kernel counts" \
		'.[-1] | .kinds.oom_kill.hits == .vmstat.oom_kill and .vmstat.oom_kill >= 1'
	if [ "$KERNEL" = 5.10 ]; then
		expect_events "what this kernel does not tell is null" \
			'any(.event == "oom_kill" and has("total_vm_kb"))'
	else
		expect_events "sizes and owner" \
			'any(.event == "oom_kill" and .comm == "stimulus" and .total_vm_kb >= .anon_rss_kb and .anon_rss_kb > 50000 and
			     .uid == 0 and .oom_score_adj == 0 and .pgtables_kb > 0 and .file_rss_kb >= 0 and .shmem_rss_kb >= 0)'
	fi
}
