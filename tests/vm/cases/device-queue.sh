# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A file that is not read keeps 16 records: older ones are merged into the oldest that is left, their
# pages are not lost, and the gap in the sequence shows it. The feed tells, whatever was swapped out.

# A swap-out that the feed tells; `at_N` is what the kernel had counted before the Nth.
swap_and_feed() { # LABEL [MEMBER=VALUE...]
	local label=$1
	shift
	swaps=$((swaps + 1))
	echo "- run device-count at_$swaps pageout 1"
	echo "$label feed z $*"
}

guest() {
	local i=0 swaps=0
	load_module interval_ms=60000 clear_ms=600000 wake_gap_ms=0
	swap_on_disk
	{
		echo "- open z /dev/oom_notify rw"
		echo "- open a /dev/oom_notify rw,nonblock"
		echo "- write a none"
		echo "- run device-count begin counters"
		swap_and_feed first level=2 reasons=8
		swap_and_feed second level=0
		while [ $i -lt 16 ]; do
			i=$((i + 1))
			swap_and_feed "fed-$i"
		done
		echo "- run device-count end counters"
		echo "some read a 640"
		echo "rest read a 4096"
		echo "none read a 4096"

		# An all-clear that is merged ends what was before, and is over when something came after.
		echo "- open b /dev/oom_notify rw,nonblock"
		echo "- write b none"
		swap_and_feed - level=2
		echo "- feed z reasons=128 level=0"
		i=0
		while [ $i -lt 15 ]; do
			i=$((i + 1))
			echo "- feed z reasons=8"
		done
		echo "clear read b 64"
		echo "- feed z reasons=8"
		echo "- feed z reasons=8"
		echo "- open c /dev/oom_notify rw,nonblock"
		echo "- write c none"
		swap_and_feed -
		echo "- feed z reasons=128 level=0"
		i=0
		while [ $i -lt 16 ]; do
			i=$((i + 1))
			echo "- feed z reasons=8"
		done
		echo "after_clear read c 64"
		echo "- run device-count at_$((swaps + 1)) counters"
	} | device >facts.json
}

verify() {
	local all='(.some.records + .rest.records) as $all | '
	local swapped='[range(1; 21) as $i | .["at_\($i + 1)"].swapped_pages - .["at_\($i)"].swapped_pages] as $swapped | '
	expect_facts "the last 16 are kept, and the gap shows it" \
		"$all"'.some.ret == 640 and .rest.ret == 384 and ([$all[].sequence] == [range(3; 19)]) and
		 .none.errno == "EAGAIN"'
	expect_facts "the first is what three were" \
		'.some.records[0].reasons == 265 and .some.records[0].level == 2 and
		 .some.records[0].event_ns == .first.event_ns and .some.records[1].reasons == 257'
	expect_facts "merging is counted" \
		'.end.merged - .begin.merged == 2 and .end.told - .begin.told == 18'
	expect_facts "no page is lost, and each is in the record after it" \
		"$all$swapped"'[$all[].swapped_pages] == [$swapped[:3] | add] + $swapped[3:18] and
		 ($swapped[:18] | add) == .end.swapped_pages - .begin.swapped_pages and ($swapped | all(. > 0))'
	expect_facts "pressure merged into an all-clear" \
		"$swapped"'.clear.records[0] | .reasons == 384 and .level == 0 and .sequence == 2 and
		 .swapped_pages == $swapped[18]'
	expect_facts "an all-clear merged into pressure" \
		"$swapped"'.after_clear.records[0] | .reasons == 264 and .level == 1 and .sequence == 3 and
		 .swapped_pages == $swapped[19]'
}
