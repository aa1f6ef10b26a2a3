# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# One record a hit: the same sums hold when nothing is coalesced.

guest() {
	swap_on_disk
	start_watch --raw
	global_pressure 60
	stop_watch
}

verify() {
	expect_clean_run
	expect_sums
	expect_swap_pages 2000
}
