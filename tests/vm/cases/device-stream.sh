# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A file three times the size of memory is read, one twice its size written: 1.5 GB. Kswapd works all the
# time, zones are low now and then, which is told; it is no pressure, and no swap-out unless there is one.

guest() {
	load_module
	swap_on_disk
	mount -t ext4 /dev/vdc /data
	herd 1 write:low term >low.json &
	low_pid=$!
	start_herd all.json
	stimulus read /data/file $(($(meminfo_mb MemTotal) * 3)) >read.stimulus
	stimulus write /data/file $(($(meminfo_mb MemTotal) * 2)) >write.stimulus
	sleep 2
	stop_herd
	kill $low_pid
	wait $low_pid
}

verify() {
	echo "  told, by reasons and level: $(jq -s -c 'map(select(has("reasons"))) | group_by([.reasons, .level])
		| map({reasons: .[0].reasons, level: .[0].level, records: length})' "$DIR/out/all.json")"
	expect_swap_ways all.json
	[ "$(counted pgscan_kswapd)" -gt 10000 ] || fail "kswapd had nothing to do"
	# An idle page of the guest may go to swap all the same: then "low" is what there is to say.
	if [ "$(($(counted pswpout) + $(counted swpout_zero)))" = 0 ]; then
		expect_records all.json "no level" 'all(.level == 0)'
		expect_records low.json "nothing is told to who wants a level" 'length == 0'
	else
		expect_records all.json "no more than low for the little that was swapped out" 'all(.level <= 1)'
	fi
}
