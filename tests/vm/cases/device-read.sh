# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# An array of buffers is one room for whole records, and who does not want to wait does not, however
# that is said: what was waited for in vain had taken a record with it.

guest() {
	load_module interval_ms=60000 clear_ms=600000 wake_gap_ms=0
	timeout 60 device-read >facts.json
}

verify() {
	expect_facts "one record, room for two" '.one_for_two.ret == 64'
	expect_facts "records lie across buffers" '.across.ret == 192 and .halves.ret == 64'
	expect_facts "no room" '.short.errno == "EINVAL"'
	expect_facts "a text in two buffers" '.writev.ret == 9'
	expect_facts "RWF_NOWAIT" '.nowait_empty.errno == "EAGAIN" and .nowait.ret == 128'
	expect_facts "io_uring, which waits by poll for what is not there, with O_NONBLOCK too" \
		'.ring | .there == 128 and .early == 0 and .later == 64'
}
