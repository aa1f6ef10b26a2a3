# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Nothing is told where nothing happens, nor to who came after it; nobody is woken for nothing, and
# without an open file there is not even a timer.

INTERVAL=/sys/module/oom_notify/parameters/interval_ms

guest() {
	load_module interval_ms=100 clear_ms=60000 wake_gap_ms=0
	swap_on_disk
	device >facts.json <<-END
		- run device-count unopened counters
		- run usleep 500000
		- run device-count still_unopened counters
		- open a /dev/oom_notify rw,nonblock
		- write a none
		- run device-count opened counters
		- run device-count idle ticks 10
		quiet poll a in,pri 0
		nothing read a 4096

		- run echo 60000 >$INTERVAL
		- run device-count - pageout 2
		- open b /dev/oom_notify rw,nonblock
		- write b none
		- open c /dev/oom_notify rw
		- write c none
		- run echo 100 >$INTERVAL
		- run device-count - ticks 1
		first read a 4096
		consumed poll a pri 0
		served_b background serve b in,pri 1000 read
		served_a serve a in,pri 1000 read
		- wait
		late read b 4096
		late_poll poll c in,pri 0

		busy background serve a in 2000 read
		- asleep
		- run device-count busy_begin pageout 2
		- wait
		- run device-count busy_end counters
		- close a
		- close b
		- close c
		- run device-count closed counters
		- run usleep 500000
		- run device-count still_closed counters
		- open a /dev/oom_notify rw
		- write a none
		- run device-count reopened ticks 2
	END
}

verify() {
	expect_facts "no tick while nobody has it open" \
		'.unopened.ticks == .still_unopened.ticks and .closed.ticks == .still_closed.ticks and
		 .closed.openers == 0 and .reopened.ticks >= .closed.ticks + 2'
	expect_facts "nothing is told on an idle machine" \
		'.idle.ticks >= .opened.ticks + 10 and .idle.told == .opened.told and
		 .idle.rounds == .opened.rounds and .quiet.ready == "" and .nothing.errno == "EAGAIN"'
	expect_facts "who was there is told" \
		'.first.records | length == 1 and (.[0] | .reasons == 1 and .level == 0 and .swapped_pages == 512)'
	expect_facts "who came after the swapping is not" \
		'.late.errno == "EAGAIN" and .late_poll.ready == ""'
	expect_facts "nobody is woken for nothing" '[.served_a, .served_b] | all(.returns == 0)'
	# Three files are told each time.
	expect_facts "nor more often than told" \
		'((.busy_end.told - .busy_begin.told) / 3) as $told |
		 .busy | .returns > 0 and .returns <= $told and .empty == 0'
}
