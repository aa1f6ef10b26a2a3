# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A swap device in compressed memory is one like any other: its pages are told as swapped out.

guest() {
	load_module interval_ms=100
	swap_on_zram
	start_herd told.json
	stimulus pageout 16 >pageout.stimulus
	stop_herd
}

verify() {
	expect_swap_ways told.json
	expect_records told.json "swapped out, and nothing else; asked for, so that it is no pressure" \
		'length > 0 and all((.reasons == 1 or .reasons == 128) and .level == 0)'
	[ "$(counted pswpout)" -ge 4000 ] || fail "only $(counted pswpout) pages were swapped out"
}
