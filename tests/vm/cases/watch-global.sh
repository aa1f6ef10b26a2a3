# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The machine itself runs short: every kind of event of kswapd and of stalling tasks, the level of the
# machine rises and falls again, and not one page is lost on the way.

guest() {
	swap_on_disk
	start_watch
	global_pressure 100
	wait_for 40 all_clear || echo "no all-clear"
	stop_watch
}

verify() {
	expect_clean_run
	expect_sums
	expect_swap_pages 5000
	expect_events "swap-out by kswapd or by stalling tasks" \
		'any(.event == "swap_out" and (.cause == "kswapd" or .cause == "direct") and .pages > 0)'
	expect_events "no other cause" \
		'all(.[] | select(.event == "swap_out"); .cause == "kswapd" or .cause == "direct")'
	expect_events "wakeup_kswapd names the task" \
		'any(.event == "wakeup_kswapd" and .comm == "stimulus" and .pid > 1)'
	expect_events "kswapd wakes and sleeps" \
		'any(.event == "kswapd_wake" and (.comm | startswith("kswapd"))) and any(.event == "kswapd_sleep")'
	expect_events "stalls have an order and gfp flags, not the one for the other" \
		'[.[] | select(.event == "reclaim_begin" or .event == "reclaim_end")]
		 | length > 0 and all(.cause == "direct" and .order >= 0 and .order <= 10 and .gfp > 10)'
	expect_events "stalls begin and end" \
		'any(.event == "reclaim_begin") and any(.event == "reclaim_end" and .duration_ns > 0)'
	expect_events "the histogram holds every stall that ended" \
		'.[-1] | .stall.count == .kinds.reclaim_end.hits and .stall.count == ([.stall.buckets[].count] | add)'
	expect_events "the level of the machine rises" \
		'any(.event == "level" and .scope == "global" and .level != "none")'
	expect_events "the all-clear comes" \
		'[.[] | select(.event == "level" and .scope == "global")][-1].level == "none"'
}
