# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What each system call does with an open file, and that each file has a state of its own. The interval
# is so long that the feed alone tells, and it tells before it returns.

guest() {
	load_module interval_ms=60000 clear_ms=600000 wake_gap_ms=0
	device >facts.json <<-END
		- open z /dev/oom_notify rw
		- open a /dev/oom_notify rw,nonblock
		- write a none
		- open b /dev/oom_notify rw,nonblock
		- write b none
		- open c /dev/oom_notify rw
		- write c none

		empty read a 4096
		- feed z
		a_first read a 4096
		a_none read a 4096
		a_not poll a in 0
		b_still poll b in 0
		b_first read b 4096
		c_still select c in 0
		c_first read c 64

		blocked background read c 4096
		- asleep
		fed feed z
		- wait
		- read a 4096
		- read b 4096
		polled background poll a in 30000
		selected background select b in 30000
		- asleep
		- feed z
		- wait

		- read a 4096
		- read b 4096
		- feed z
		- feed z
		- feed z
		several read a 4096
		room_for_one read b 100
		room_for_two read b 191
		short read b 63
		zero read b 0

		- feed z
		- feed z
		bad read a 4096 0
		half read a 4096 64
		rest read a 4096
		- read b 4096

		- open d /dev/oom_notify rw
		- write d none
		- alarm 50
		interrupted read d 64
		- alarm 0
		seek seek a

		async async b
		no_signal sigio 0
		- feed z
		signal sigio 60
		- read a 4096
		- read b 4096

		pri_unread poll a in,pri 0
		pri_none poll a in,pri 0
		- feed z
		pri_unasked poll a in 0
		pri_asked poll a pri 0
		pri_gone poll a pri 0
		pri_in poll a in 0
		- feed z
		pri_both select a in,pri 0
		pri_other poll b in,pri 0
		- read a 4096
		pri_read poll a in,pri 0
		- watch a in,pri
		epoll_none epoll 0
		epoll_woken background epoll 30000
		- asleep
		- feed z
		- wait
		epoll_level epoll 0
		- read a 4096
		epoll_read epoll 0

		unload run rmmod oom_notify
		loaded run test -d /sys/module/oom_notify
	END
	as_nobody device >nobody.json <<-END
		r open a /dev/oom_notify r,nonblock
		rw open b /dev/oom_notify rw,nonblock
		critical open c /dev/oom_notify_critical rw,nonblock
		r_read read a 4096
	END
	chmod 666 /dev/oom_notify_critical
	as_nobody device >allowed.json <<-END
		critical open c /dev/oom_notify_critical rw,nonblock
		critical_read read c 4096
	END
	rmmod oom_notify
	test ! -d /sys/module/oom_notify
}

verify() {
	expect_facts "nothing yet" '.empty.errno == "EAGAIN"'
	expect_facts "one reads, the others still see" \
		'([.a_first, .b_first, .c_first] | all(.ret == 64 and .records[0].sequence == 1)) and
		 .a_none.errno == "EAGAIN" and .a_not.ready == "" and
		 .b_still.ready == "in" and .c_still.ready == "in"'
	expect_facts "who waits is woken" \
		'.blocked.ret == 64 and .blocked.begin_ns < .fed.begin_ns and .blocked.end_ns > .fed.begin_ns and
		 .polled.ready == "in" and .selected.ready == "in"'
	expect_facts "several records in a read, no half ones" \
		'.several.ret == 192 and ([.several.records[].sequence] | .[2] - .[0] == 2) and
		 .room_for_one.ret == 64 and .room_for_two.ret == 128'
	expect_facts "no room" '[.short, .zero] | all(.errno == "EINVAL")'
	expect_facts "a bad address loses nothing" \
		'.bad.errno == "EFAULT" and .half.ret == 64 and .rest.ret == 64 and
		 .half.records[0].sequence == .several.records[2].sequence + 1 and
		 .rest.records[0].sequence == .half.records[0].sequence + 1'
	expect_facts "interrupted" '.interrupted.errno == "EINTR"'
	expect_facts "no place in the file" '.seek.errno == "ESPIPE"'
	expect_facts "SIGIO" '.async.ret == 0 and .no_signal.ret == -1 and .signal.ret == 1'
	expect_facts "PRI is consumed by who asks for it, IN by who reads" \
		'.pri_unread.ready == "pri" and .pri_none.ready == "" and .pri_unasked.ready == "in" and .pri_asked.ready == "pri" and
		 .pri_gone.ready == "" and .pri_in.ready == "in" and .pri_both.ready == "inpri" and
		 .pri_other.ready == "inpri" and .pri_read.ready == ""'
	expect_facts "epoll likewise" \
		'.epoll_none.ret == 0 and .epoll_woken.ready == "inpri" and
		 .epoll_level.ready == "in" and .epoll_read.ret == 0'
	expect_facts "unloading while open is refused" '.unload.ret != 0 and .loaded.ret == 0'
	expect_facts "anybody may open and read, but nothing is there" \
		'([.r, .rw] | all(.ret >= 0)) and .r_read.errno == "EAGAIN"' nobody.json
	expect_facts "the critical device is root's" '.critical.errno == "EACCES"' nobody.json
	expect_facts "until its mode says otherwise" \
		'.critical.ret >= 0 and .critical_read.errno == "EAGAIN"' allowed.json
}
