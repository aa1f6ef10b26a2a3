# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Fed by "oom-notify watch", a program that polls /dev/oom_notify is told of pressure, its level and its
# end without a tick of the timer, which is a minute long here. With watch gone the timer alone serves.

ticks() { cat /sys/class/misc/oom_notify/statistics/ticks; }

fed_all_clear() { grep -q '"reasons":384' told.json; }

# With or without a stall in the same tick.
told_by_timer() { grep -q -E '"reasons":(1|17),' told.json; }

guest() {
	load_module interval_ms=60000
	swap_on_disk
	start_watch --feed-device
	start_herd told.json
	global_pressure 60
	wait_for 40 fed_all_clear || { echo "no all-clear was fed"; return 1; }
	ticks >ticks.fed
	stop_watch

	echo 200 >/sys/module/oom_notify/parameters/interval_ms
	stimulus pageout 8 >pageout.stimulus
	wait_for 20 told_by_timer || { echo "the timer does not tell"; return 1; }
	stop_herd
}

verify() {
	expect_clean_run
	expect_sums
	expect_swap_pages 2000
	expect_equal "ticks while watch fed" "$(result ticks.fed)" 0
	expect_records told.json "swap-out is told as fed, with a level" \
		'any(.reasons / 256 % 2 >= 1 and .reasons % 2 == 1 and .level >= 1)'
	expect_records told.json "fed facts are told, and not before they happened" \
		'map(select(.reasons >= 256)) | length > 0 and all(.event_ns > 0 and .event_ns <= .notified_ns)'
	expect_records told.json "the all-clear is told as fed" 'any(.reasons == 384 and .level == 0)'
	expect_events "the summary counts what was fed" '.[-1].fed | .told > 0 and .failed == 0'
	expect_records told.json "the timer goes on alone" 'any(.reasons < 128 and .reasons % 2 == 1)'
	expect_swap_ways told.json
}
