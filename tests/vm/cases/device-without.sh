# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A kernel without PSI, a machine without swap: the watermarks are still there. This time memory is
# held until a zone is below low, which is far enough above min for everything else.

# shellcheck disable=SC2034 # read by run.sh
APPEND="psi=0"

guest() {
	test ! -e /proc/pressure/memory
	load_module interval_ms=200 clear_ms=1000 wake_gap_ms=0
	echo 3 >/proc/sys/vm/drop_caches
	echo 1000 >/proc/sys/vm/watermark_scale_factor
	device >facts.json <<-END
		- open a /dev/oom_notify rw,nonblock
		- write a none
		- open y /dev/oom_notify_critical rw,nonblock
		- write y none
		- run device-count - ticks 2
		none read a 4096
		- background run stimulus touch $(($(meminfo_mb MemFree) - 16)) 2000 >/dev/null
		woken poll a in 30000
		- wait
		- run device-count - ticks 10
		told read a 4096
		critical read y 4096
	END
	cat /proc/swaps >swaps
}

verify() {
	expect_equal "swaps" "$(result swaps | wc -l)" 1
	expect_facts "nothing at first" '.none.errno == "EAGAIN"'
	expect_facts "told why, and of its end" \
		'.woken.ready == "in" and
		 (.told.records | length >= 2 and (.[0].reasons / 8 | floor % 2 == 1) and .[-1].reasons == 128 and
		  all(.reasons % 8 == 0 and .swapped_pages == 0))'
	expect_facts "no OOM" '.critical.errno == "EAGAIN"'
}
