# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# When there was no reason for clear_ms, those who had been told one are told that it is over: once.

CLEAR_MS=1500

guest() {
	load_module interval_ms=100 clear_ms=$CLEAR_MS wake_gap_ms=0
	swap_on_disk
	device >facts.json <<-END
		- open a /dev/oom_notify rw,nonblock
		- write a none
		- open y /dev/oom_notify_critical rw,nonblock
		- write y none
		- run device-count - ticks 18
		none read a 4096
		- run device-count - pageout 2
		- run device-count - ticks 3
		- run device-count - pageout 2
		- run device-count - ticks 2
		- open b /dev/oom_notify rw,nonblock
		- write b none
		- run device-count - ticks 18
		told read a 4096
		other read b 4096
		critical read y 4096
		- run device-count - ticks 18
		once read a 4096

		- run device-count - pageout 2
		- run device-count - ticks 20
		again read a 4096
		other_now read b 4096
	END
}

verify() {
	expect_facts "nothing to clear at first" '.none.errno == "EAGAIN"'
	expect_facts "pressure, and after clear_ms its end" \
		'.told.records | length > 2 and (.[:-1] | all(.reasons == 1)) and
		 ([.[].swapped_pages] | add) == 1024 and
		 (.[-1] | .reasons == 128 and .level == 0 and .swapped_pages == 0) and
		 .[-1].event_ns - .[-2].event_ns > '"$CLEAR_MS"' * 9e5'
	expect_facts "once" '.once.errno == "EAGAIN"'
	expect_facts "not to who was told nothing" '[.other, .critical] | all(.errno == "EAGAIN")'
	expect_facts "the next time to both" \
		'[.again, .other_now] |
		 all(.records | length > 1 and (.[:-1] | all(.reasons == 1)) and .[-1].reasons == 128)'
}
