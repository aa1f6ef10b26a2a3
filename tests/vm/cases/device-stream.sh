# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A file three times the size of memory is read, one twice its size written: 1.5 GB. Kswapd works all the
# time, zones are low now and then, which is told; it is no pressure, and no swap-out unless there is one.

guest() {
	load_module
	swap_on_disk
	mount -t ext4 /dev/vdc /data
	start_herd all.json
	device >facts.json <<-END
		- open a /dev/oom_notify r,nonblock
		- open b /dev/oom_notify rw,nonblock
		- write b low_all-clear
		- open c /dev/oom_notify rw,nonblock
		- write c some_200000_2000000
		- run stimulus read /data/file $(($(meminfo_mb MemTotal) * 3)) >read.stimulus
		- run stimulus write /data/file $(($(meminfo_mb MemTotal) * 2)) >write.stimulus
		- run device-count end ticks 3
		woken_a poll a in,pri 0
		woken_b poll b in,pri 0
		woken_c poll c in,pri 0
		default read a 4096
		low read b 4096
		some read c 4096
	END
	stop_herd
}

verify() {
	echo "  told, by reasons and level: $(jq -s -c 'map(select(has("reasons"))) | group_by([.reasons, .level])
		| map({reasons: .[0].reasons, level: .[0].level, records: length})' "$DIR/out/all.json")"
	expect_swap_ways all.json
	[ "$(counted pgscan_kswapd)" -gt 10000 ] || fail "kswapd had nothing to do"
	# An idle page of the guest may go to swap all the same: then "low" is what there is to say.
	if [ "$(($(counted pswpout) + $(counted swpout_zero)))" = 0 ]; then
		expect_records all.json "no level" 'all(.level == 0)'
		expect_facts "nobody is woken who asked for a level, or for nothing" \
			'([.woken_a, .woken_b, .woken_c] | all(.ready == "")) and
			 ([.default, .low, .some] | all(.errno == "EAGAIN"))'
	else
		expect_records all.json "no more than low for the little that was swapped out" 'all(.level <= 1)'
	fi
}
