# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Who may feed tells at once: the interval is so long that no tick can have done it. Who may not, or
# feeds nonsense, tells nothing.

FEED=0x40404f4e

MALFORMED="size=0 size=63 size=65 version=0 version=2 level=4 level=65535 reasons=0 reasons=0x40 reasons=0x41 reasons=0x100
reasons=0x101 reasons=0x400 reasons=0x80000001 reasons=0x81,level=0 reasons=0x80,level=1 node=-2 node=1 node=1000000
age_ms=-10000 age_ms=61000 event_ns=-1 sequence=1 notified_ns=1 swapped_pages=1 free_pages=1 pages_to_free=1"

guest() {
	local members
	load_module interval_ms=60000 clear_ms=600000 wake_gap_ms=0
	{
		cat <<-END
			- open z /dev/oom_notify rw,nonblock
			- open y /dev/oom_notify_critical r,nonblock
			- open a /dev/oom_notify rw,nonblock
			- write a none
			- run device-count before counters
			wrong_ioctl ioctl z 0x40404f4f
			wrong_size ioctl z 0x40204f4e
			tty ioctl z 0x5401
			wrong_device feed y
			bad_address ioctl z $FEED
			- open x /dev/oom_notify r
			read_only feed x
			- close x
		END
		for members in $MALFORMED; do
			echo "bad-$members feed z $(echo "$members" | tr , ' ')"
		done
		cat <<-END
			nothing read a 4096
			- run device-count unchanged counters
			woken background poll a in 30000
			- asleep
			fed feed z level=2 reasons=0x23f node=0 pages_to_free=1000000
			- wait
			- run device-count after counters
			told read a 4096
			critical read y 64
			feeder read z 64
			feeder_poll poll z in,pri 0
			- open b /dev/oom_notify rw,nonblock
			- write b none
			- feed z before_open_ns=1
			older read a 64
			younger read b 64
			clear feed z level=0 reasons=0x80
			clear_told read a 4096
			clear_not read b 4096
			- feed z level=0 reasons=0x80
			clear_once read a 4096
			- run device-count end counters
			- open w /dev/oom_notify w
			- run device-count with_writer counters
			by_writer feed w
			of_writer read a 4096
			writer poll w in,pri 0
		END
	} | device >facts.json
	as_nobody device >nobody.json <<-END
		- open z /dev/oom_notify rw
		refused feed z
		refused_too feed z size=0
	END
	# Opened by root, used by another.
	as_nobody device >inherited.json 7<>/dev/oom_notify <<-END
		- inherit z 7
		- open a /dev/oom_notify rw,nonblock
		- write a none
		fed feed z
		told read a 64
	END
}

verify() {
	expect_facts "not this ioctl, not this device" \
		'[.wrong_ioctl, .wrong_size, .tty, .wrong_device] | all(.errno == "ENOTTY")'
	expect_facts "not through a file that is open for reading only" '.read_only.errno == "EBADF"'
	expect_facts "a bad address" '.bad_address.errno == "EFAULT"'
	expect_facts "malformed in one member" \
		'[.[] | select(.label | startswith("bad-")) | select(.label != "bad-address")] |
		 length == 27 and all(.errno == "EINVAL")'
	expect_facts "and nothing told" \
		'.nothing.errno == "EAGAIN" and ([.before, .unchanged] | map({told, merged, rounds}) | unique | length == 1)'
	expect_facts "told at once, without a tick" \
		'.woken.ready == "in" and .woken.begin_ns < .fed.begin_ns and .after.ticks == .unchanged.ticks and
		 .after.told == .unchanged.told + 1 and .after.rounds == .unchanged.rounds + 1'
	expect_facts "what was fed" \
		'.fed.event_ns as $event | .told.records | length == 1 and
		 (.[0] | .reasons == 831 and .pages_to_free == 1000000 and .level == 2 and .node == 0 and .event_ns == $event and .sequence == 1 and
		  .notified_ns >= $event and .free_pages > 0)'
	expect_facts "neither who feeds nor the critical device" \
		'[.feeder, .critical] | all(.errno == "EAGAIN")'
	expect_facts "who feeds is not woken either" '.feeder_poll.ready == ""'
	expect_facts "who came later is not told" '.older.ret == 64 and .younger.errno == "EAGAIN"'
	expect_facts "an all-clear once, to those who were told" \
		'.clear_told.ret == 64 and (.clear_told.records[0] | .reasons == 384 and .level == 0) and
		 .clear_not.errno == "EAGAIN" and .clear_once.errno == "EAGAIN"'
	expect_facts "a file for writing only feeds, and is no opener" \
		'.with_writer.openers == .end.openers and .by_writer.ret == 0 and .of_writer.ret == 64 and .writer.ready == ""'
	expect_facts "no feed by nobody" '[.refused, .refused_too] | all(.errno == "EPERM")' nobody.json
	expect_facts "but with a file that root opened" '.fed.ret == 0 and .told.ret == 64' inherited.json
}
