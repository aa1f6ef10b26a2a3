# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A file three times the size of memory is written: reclaim meets dirty pages, which it cannot free at
# once and on old kernels may write itself, through the tracepoint of swap-out. No pressure, no swap-out.

guest() {
	swap_on_disk
	mount -t ext4 /dev/vdc /data
	start_watch
	stimulus write /data/file $(($(meminfo_mb MemTotal) * 3)) >write.stimulus
	sleep 3
	stop_watch
}

verify() {
	expect_clean_run
	expect_sums
	expect_swap_pages 0
	expect_events "kswapd did work" '.[-1].kinds.kswapd_wake.hits > 0'
	# An idle page of the guest may go to swap all the same: then "low" is what there is to say.
	if [ "$(result after.outer)" = "$(result before.outer)" ]; then
		expect_no_level
	else
		expect_events "no more than low for the little that was swapped out" \
			'all(.[] | select(.event == "level"); .level == "none" or .level == "low")'
	fi
}
