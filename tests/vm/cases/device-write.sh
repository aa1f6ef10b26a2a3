# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# write() sets the least level that a file is told, also in the words of a PSI trigger; and what systemd
# and GLib do with a device that MEMORY_PRESSURE_WATCH names works.

BAD="LOW lowest no some some_1 some_1_ some_x_1 some_1_x some_1_2_3 full_1_2x some_-1_2 some1_2 full12 _
some_99999999999_1 full_0_0 some_0_1000000 some_2_1 some_1000000_10000001 full_4294967297_1000000
low_all none_low all-clear low_all-clear_all-clear low_some_1_2 some_1_2_all full_1_2_all-clear_x
0123456789012345678901234567890123456789012345678901234567890123
some_1_2____________________________________________________________"

feed_all_levels() {
	local level
	for level in 0 1 2 3; do
		echo "- feed z level=$level"
	done
}

# shellcheck disable=SC2028 # "\n" and "\0" are for device.c
guest() {
	local file level text
	load_module interval_ms=60000 clear_ms=600000 wake_gap_ms=0
	{
		echo "- open z /dev/oom_notify rw"
		for file in a b c d e f g h i j k l m; do
			echo "- open $file /dev/oom_notify rw,nonblock"
		done
		echo 'good_b write b none'
		echo 'good_c write c low\n'
		echo 'good_d write d medium\0'
		echo 'good_e write e critical'
		echo 'good_f write f some_200000_2000000\0'
		echo 'good_g write g full_70000_1000000'
		echo '- write h critical'
		echo 'good_h write h low'
		echo 'good_j write j low_all-clear'
		echo 'good_k write k full_1_1_all-clear\n'
		echo 'good_l write l some_10000000__10000000'
		echo 'good_m write m none_all-clear'
		echo '- write i medium'
		for text in $BAD; do
			echo "bad-$text write i $text"
		done
		echo 'bad- write i'
		feed_all_levels
		for file in b c d e f g h i; do
			echo "got_$file read $file 4096"
		done
		echo "- open r /dev/oom_notify r"
		echo "read_only write r low"

		# systemd
		echo '- open s /dev/oom_notify rw,nonblock'
		echo 'systemd_write write s some_200000_2000000\0'
		echo '- watch s in'
		echo 'systemd_none epoll 0'
		echo 'systemd_woken background epoll 30000'
		echo '- asleep'
		echo '- feed z level=1'
		echo '- wait'
		echo 'systemd_read read s 4096'
		echo 'systemd_after epoll 0'
		# GLib, which never reads
		echo '- open g /dev/oom_notify rw,nonblock'
		echo '- write g some_200000_2000000\0'
		echo 'glib background serve g pri 1000'
		for level in 1 0 2; do
			echo '- asleep'
			echo "- feed z level=$level"
		done
		echo '- wait'
	} | device >facts.json
}

verify() {
	expect_facts "all of it was taken" \
		'[[.good_b, .good_c, .good_d, .good_e, .good_f, .good_g, .good_h][].ret] == [4, 4, 7, 8, 20, 18, 3] and
		 [[.good_j, .good_k, .good_l, .good_m][].ret] == [13, 19, 23, 14]'
	expect_facts "bad texts are not" \
		'[.[] | select(.label | startswith("bad-"))] | length == 30 and all(.errno == "EINVAL")'
	expect_facts "each is told from its level on, of a trigger only once in its window" \
		'[[.got_b, .got_c, .got_d, .got_e, .got_f, .got_g, .got_h][] | [.records[].level]] ==
		 [[0, 1, 2, 3], [1, 2, 3], [2, 3], [3], [1], [2], [1, 2, 3]]'
	expect_facts "a bad text changes nothing" '[.got_i.records[].level] == [2, 3]'
	expect_facts "a file that was opened for reading" '.read_only.errno == "EBADF"'
	expect_facts "systemd" \
		'.systemd_write.ret == 20 and .systemd_none.ret == 0 and .systemd_woken.ready == "in" and
		 .systemd_read.ret == 64 and .systemd_after.ret == 0'
	expect_facts "GLib comes round once in its window" '.glib.returns == 1'
}
