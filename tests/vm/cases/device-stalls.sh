# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Swap takes a hundred requests a second: tasks stall seldom and for long. The timer sees it, though what it
# counts are stalls and not their time: it says medium or worse, as watch does, and a program that
# wrote the text of a PSI trigger is woken where PSI would wake it.

# shellcheck disable=SC2034 # read by boot.sh, which sources this
SWAP_IOPS=100

stalled_us() { sed -n 's/^full.*total=//p' /proc/pressure/memory; }

both_say_medium() {
	grep -q '"scope":"global","level":"\(medium\|critical\)"' events.json && grep -q '"level":[23]' full.json
}

said_or_ended() { both_say_medium || ! readlink /proc/"$1"/exe >/dev/null; }

# The disk merges what comes quickly: on a host that gives the guest little time, a stimulus may be through
# before anybody stalled for long. It is then done again.
press() {
	local stimulus _
	for _ in 1 2 3 4 5 6; do
		stimulus touch $(($(meminfo_mb MemAvailable) + 60)) 500 >>touch.stimulus &
		stimulus=$!
		wait_for 60 said_or_ended $stimulus || :
		kill $stimulus 2>/dev/null || :
		wait $stimulus || :
		! both_say_medium || return 0
	done
	echo "not both say medium"
}

guest() {
	local herds
	load_module
	swap_on_disk
	start_watch
	herd 1 write:none term >all.json &
	herds=$!
	herd 1 "write:full 100000 2000000" term >full.json &
	herds="$herds $!"
	wait_for 20 grep -q ready all.json
	wait_for 20 grep -q ready full.json
	cat /proc/vmstat >vmstat.before
	stalled_us >stalled.before
	press
	stalled_us >stalled.after
	cat /proc/vmstat >vmstat.after
	statistic samples >nr_samples
	# shellcheck disable=SC2086 # one a word
	kill $herds
	# shellcheck disable=SC2086
	wait $herds
	stop_watch
}

verify() {
	local stalled_us
	stalled_us=$(($(result stalled.after) - $(result stalled.before)))
	echo "  $((stalled_us / 1000)) ms of full stall, allocstall_normal+dma32 $(($(counted allocstall_normal) + $(counted allocstall_dma32)))," \
		"$(result nr_samples) samples; told, by level: $(jq -s -c 'map(select(has("reasons")).level)' "$DIR/out/all.json")," \
		"to the trigger: $(jq -s -c 'map(select(has("reasons")).level)' "$DIR/out/full.json")"
	[ $stalled_us -ge 100000 ] || fail "only $stalled_us us of full stall"
	expect_events "watch says medium or critical" \
		'any(.event == "level" and .scope == "global" and (.level == "medium" or .level == "critical"))'
	expect_records all.json "so does the device" 'any(.level >= 2)'
	expect_records full.json "who wrote a trigger is woken" 'length > 0 and all(.level >= 2)'
}
