# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Swap in compressed memory counts as any other.

guest() {
	swap_on_zram
	start_watch
	global_pressure 40
	stop_watch
	cat /sys/block/zram0/mm_stat >mm_stat
}

verify() {
	expect_clean_run
	expect_sums
	expect_swap_pages 2000
	expect_events "swap-out by kswapd or by stalling tasks" \
		'[.[] | select(.event == "swap_out")] | length > 0 and all(.cause == "kswapd" or .cause == "direct")'
}
