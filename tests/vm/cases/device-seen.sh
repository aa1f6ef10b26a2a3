# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What a file was told stays to be seen, however late its owner looks. One call of select() or poll() has
# it then; in an epoll set it is there for an interval, because another set may have asked first.

INTERVAL=/sys/module/oom_notify/parameters/interval_ms

guest() {
	load_module interval_ms=100 clear_ms=600000 wake_gap_ms=0
	device >facts.json <<-END
		- open z /dev/oom_notify w
		- open a /dev/oom_notify r,nonblock
		- open b /dev/oom_notify r,nonblock
		- open c /dev/oom_notify r,nonblock
		- watch c in
		- open d /dev/oom_notify r,nonblock
		- feed z
		- run device-count - ticks 5

		late_poll poll a in 30000
		again_poll poll a in 300
		unread read a 4096
		- feed z
		pri_first poll b pri 30000
		late_select select b in 30000
		again_select select b in 1000
		- run echo 60000 >$INTERVAL
		late_epoll epoll 30000
		again_epoll epoll 0
		- run echo 100 >$INTERVAL
		- run device-count - ticks 3
		over_epoll epoll 0
		late_watch watch d in
		late_read read d 4096
		read_poll poll d in 0
	END
}

verify() {
	expect_facts "who looks later than an interval sees it" \
		'[.late_poll, .late_select, .late_epoll] | all(.ret == 1 and .ready == "in")'
	expect_facts "once: a loop that never reads does not spin" \
		'[.again_poll, .again_select] | all(.ret == 0 and .ready == "")'
	expect_facts "the record stays to be read" '.unread.ret == 64 and .late_read.ret >= 64 and .read_poll.ready == ""'
	expect_facts "who waits for PRI alone has not seen IN" '.pri_first.ready == "pri"'
	expect_facts "in an epoll set for an interval" '.again_epoll.ready == "in" and .over_epoll.ret == 0'
}
