# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Who has written the text of a trigger is woken once in its window, however often the feed tells; what
# comes meanwhile is told when the window ends, with its pages, unless it is over by then. Who has
# written nothing is woken once an interval, but for a rise to critical.

INTERVAL=/sys/module/oom_notify/parameters/interval_ms

feeds() { # TIMES LEVEL: a tenth of a second apart
	local i=0
	while [ $i -lt "$1" ]; do
		i=$((i + 1))
		echo "- feed z level=$2"
		echo "- run usleep 100000"
	done
}

guest() {
	local file
	load_module interval_ms=1000 clear_ms=600000 wake_gap_ms=0
	swap_on_disk
	{
		echo "- open z /dev/oom_notify w"
		for file in a b c d; do
			echo "- open $file /dev/oom_notify rw,nonblock"
		done
		cat <<-END
			- write b some_200000_2000000
			- write c some_200000_2000000_all-clear
			- write d low
			- run echo 60000 >$INTERVAL
			- run device-count at_start counters
			first_fed feed z level=1
			first poll b in 30000
			- run echo 1000 >$INTERVAL
		END
		feeds 30 1
		echo "- run device-count pageout pageout 1"
		feeds 30 2
		cat <<-END
			- run device-count after counters
			- run usleep 4100000
			a read a 4096
			b read b 4096
			d read d 4096

			- run echo 60000 >$INTERVAL
			- feed z level=1
			again_b read b 4096
			- feed z level=3
			critical_a read a 4096
			critical_b read b 4096
			end_window poll b in 30000
			held_b read b 4096

			- run echo 1000 >$INTERVAL
			- open e /dev/oom_notify rw,nonblock
			- feed z level=1
			early_e read e 4096
			- feed z level=1
			- write e some_200000_2000000
			changed poll e in 30000
			late_e read e 4096
			- feed z level=1
			- write e medium
			unwanted poll e in 2500
			- run echo 60000 >$INTERVAL

			- write b some_200000_10000000
			- write c some_200000_10000000_all-clear
			- run usleep 10100000
			- feed z level=1
			- read b 4096
			- read c 4096
			- run device-count at_pageout pageout 1
			- feed z level=1
			- run device-count at_end counters
			- feed z level=0 reasons=0x80
			over_c poll c in 60000
			over_b read b 4096
			clear_c read c 4096
			- feed z level=1
			next_b read b 4096
		END
	} | device >facts.json
}

verify() {
	# shellcheck disable=SC2016 # jq's
	local gaps='[.records[].notified_ns] | [range(1; length) as $i | .[$i] - .[$i - 1]]'
	expect_facts "the first at once" '.first.ready == "in" and .b.records[0].event_ns == .first_fed.event_ns'
	expect_facts "once in a window of two seconds" \
		".b | $gaps | length >= 2 and all(. >= 2e9)"
	expect_facts "once an interval" ".a | $gaps | length >= 3 and all(. >= 1e9)"
	expect_facts "a level alone has no window" '.d.records | length == 16 and .[-1].sequence > 40'
	expect_facts "what came meanwhile is told, the worst of it" \
		'.b.records | .[0].level == 1 and .[-1].level == 2'
	expect_facts "with all its pages" \
		'(.after.swapped_pages - .at_start.swapped_pages) as $pages | $pages == 256 and
		 ([.a, .b] | all([.records[].swapped_pages] | add == $pages))'
	expect_facts "a rise to critical at once to who asked for nothing" \
		'(.critical_a.records | length >= 1 and .[-1].level == 3) and .critical_b.errno == "EAGAIN"'
	expect_facts "to who asked for a window at its end, without a tick" \
		'.again_b.ret == 64 and .end_window.ready == "in" and
		 (.held_b.records | length == 1 and .[0].level == 3) and
		 .held_b.records[0].notified_ns - .again_b.records[0].notified_ns >= 2e9'
	expect_facts "a window that was asked for while something waited" \
		'.changed.ready == "in" and .late_e.records[0].notified_ns - .early_e.records[0].notified_ns >= 2e9'
	expect_facts "what waited and is not wanted any more" '.unwanted.ready == ""'
	expect_facts "what is over when the window ends is not told" \
		'.over_c.ready == "in" and .over_b.errno == "EAGAIN"'
	expect_facts "the all-clear is, then" \
		'.clear_c.records | length == 1 and .[0].reasons == 384'
	expect_facts "and the pages with the next record" \
		'(.at_end.swapped_pages - .at_pageout.swapped_pages) as $pages | $pages == 256 and
		 (.next_b.records | length == 1 and .[0].swapped_pages == $pages)'
}
