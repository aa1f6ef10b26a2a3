# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A cgroup runs into its limit, in the box that "oom-notify pressure" makes: its pressure, not the
# machine's; and the box is gone afterwards.

guest() {
	# Half of the available memory is the most it takes; a swap file cannot lie in a ram disk.
	start_watch
	$OOM_NOTIFY pressure --json --limit 24M --use 64M --swap zram --swap-size 64M --hold 200ms >pressure.json 2>pressure.err ||
		{ cat pressure.err; return 1; }
	wait_for 20 all_clear || echo "no all-clear"
	stop_watch
	cat /proc/swaps >swaps
	find /sys/fs/cgroup -mindepth 1 -type d >cgroups
}

verify() {
	local box
	box=$(jq -r 'select(.event == "box").cgroup' "$DIR/out/pressure.json")
	expect_clean_run
	expect_sums
	expect_swap_pages 8000
	expect_events "swap-out within the limit" \
		'any(.event == "swap_out" and .cause == "memcg" and .scope == "cgroup")'
	expect_events "owner of the pages" \
		"[.[] | select(.event == \"swap_out\")] | all(.cgroup == \"$box\" and .cgroup_id > 1)"
	expect_events "stalls have an order and gfp flags, not the one for the other" \
		'[.[] | select(.event == "reclaim_begin" or .event == "reclaim_end") | select(.cause == "memcg")]
		 | length > 0 and all(.order >= 0 and .order <= 10 and .gfp > 10)'
	expect_events "stalls are the box's" \
		"any(.event == \"reclaim_end\" and .cause == \"memcg\" and .cgroup == \"$box\")"
	expect_events "the machine has no level" \
		'all(.[] | select(.event == "level" and .scope == "global"); .level == "none")'
	expect_events "the cgroup has one" \
		'any(.event == "level" and .scope == "cgroup" and .level != "none")'
	expect_equal "swaps left" "$(result swaps | wc -l)" 1
	expect_equal "cgroups left" "$(result cgroups)" ""
}
