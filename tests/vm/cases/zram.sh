# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Swap in compressed memory counts as any other. It can run out of memory itself: on 5.10 the
# tracepoint fires for a failed write too, which pswpout does not count and nr_vmscan_write does.

guest() {
	swap_on_zram
	start_watch
	reclaim_writes >writes.before
	global_pressure 40
	stop_watch
	reclaim_writes >writes.after
}

verify() {
	local writes=$(($(result writes.after) - $(result writes.before)))
	local swapped=$(($(result after.outer) - $(result before.outer)))
	expect_clean_run
	expect_sums
	expect_swap_pages 2000 $((writes - swapped))
	expect_events "swap-out by kswapd or by stalling tasks" \
		'[.[] | select(.event == "swap_out")] | length > 0 and all(.cause == "kswapd" or .cause == "direct")'
}
