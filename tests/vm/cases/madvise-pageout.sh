# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A task gives its own memory back: asked for, so it is counted and no pressure.

guest() {
	swap_on_disk
	start_watch
	stimulus pageout 64 >pageout.stimulus
	sleep 2
	stop_watch
}

verify() {
	expect_clean_run
	expect_sums
	expect_swap_pages 15000
	expect_events "cause" '[.[] | select(.event == "swap_out")] | length > 0 and all(.cause == "proactive")'
	expect_events "the task that asked" 'any(.event == "swap_out" and .comm == "stimulus")'
	expect_no_level
}
