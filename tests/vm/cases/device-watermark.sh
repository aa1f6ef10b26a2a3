# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A zone below its low watermark is told once, by itself and without a level, and again after it was
# above; not to who came while it was below. The mark moves here, not the memory: as much as is free
# lies between min and low, so that every allocation still succeeds.

MIN_FREE=/proc/sys/vm/min_free_kbytes

# Of the zones that have pages: a quarter more than min is low.
free_kb() { awk '$1 == "pages" && $2 == "free" {n += $3} END {print n * 4}' /proc/zoneinfo; }

guest() {
	local usual low
	usual=$(cat $MIN_FREE)
	load_module interval_ms=200 clear_ms=60000 wake_gap_ms=0
	echo 3 >/proc/sys/vm/drop_caches
	low=$(($(free_kb) * 9 / 10))
	device >facts.json <<-END
		- open a /dev/oom_notify rw,nonblock
		- write a none
		- run device-count before ticks 3
		above read a 4096
		- run echo $low >$MIN_FREE
		woken poll a in 30000
		- run device-count below ticks 1
		- open b /dev/oom_notify rw,nonblock
		- write b none
		- run device-count still-below ticks 5
		once read a 4096
		late read b 4096
		- run echo $usual >$MIN_FREE
		- run device-count recovered ticks 3
		nothing read a 4096
		- run echo $low >$MIN_FREE
		again poll a in 30000
		second read a 4096
		- run echo $usual >$MIN_FREE
		- run cat /proc/zoneinfo >zoneinfo
	END
	echo "$usual" >$MIN_FREE
}

verify() {
	expect_facts "nothing above the mark" '.above.errno == "EAGAIN"'
	expect_facts "told once, that alone, without a level" \
		'.woken.ready == "in" and (.once.records | length == 1 and
		 (.[0] | .reasons == 8 and .level == 0 and .node == 0 and .swapped_pages == 0 and
		  .pages_to_free > 0 and .free_pages > .pages_to_free))'
	expect_facts "not to who came later" '.late.errno == "EAGAIN"'
	expect_facts "not its end" '.nothing.errno == "EAGAIN"'
	expect_facts "the next time again" \
		'.again.ready == "in" and (.second.records | length == 1 and .[0].reasons == 8 and .[0].sequence == 2)'
}
