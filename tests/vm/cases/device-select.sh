# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the RFC promised, with its interval: select() wakes within two ticks of swap-out, and who never
# reads, but only looks, sees it for about an interval. And what it did not: the records name every page.

# Looks without a wait, over five intervals.
look_often() {
	local i=0
	while [ $i -lt 25 ]; do
		echo "look-$i poll a in 0"
		echo "- run usleep 200000"
		i=$((i + 1))
	done
}

guest() {
	load_module clear_ms=60000
	swap_on_disk
	{
		cat <<-END
			- open a /dev/oom_notify rw
			- write a none
			- background run device-count pageout pageout 8
			woken select a in 30000
			still poll a in 0
			- run device-count after counters
		END
		look_often
		cat <<-END
			- wait
			- run echo 200 >/sys/module/oom_notify/parameters/interval_ms
			- open b /dev/oom_notify rw,nonblock
			- write b none
			- open c /dev/oom_notify rw
			- write c none
			- run device-count before counters
			- run stimulus touch $(($(meminfo_mb MemAvailable) + 30)) 0 >/dev/null
			- run device-count end settle 4
			all read b 4096
			none read b 4096
			same read c 4096
		END
	} | device >facts.json
}

verify() {
	expect_facts "select() wakes within two ticks of swap-out" \
		'.woken.ready == "in" and .pageout.ret == 0 and .after.ticks - .pageout.ticks <= 2'
	# The tick after its last page tells it, up to 1.75 s later as it is rounded to a whole second, and an
	# interval after a look has seen it that is over.
	expect_facts "readable for one interval" \
		'(.pageout.end_ns + 3.5e9) as $over | .still.ready == "in" and
		 ([.[] | select(.label | startswith("look")) | select(.begin_ns > $over)] |
		  length > 2 and all(.ready == ""))'
	expect_facts "whole records, in order" \
		'.all.records | all(.size == 64 and .version == 1 and .event_ns <= .notified_ns and .free_pages > 0) and
		 ([.[].sequence] | . == (sort | unique))'
	expect_facts "they say why and how bad" \
		'.all.records | any(.reasons % 2 == 1) and any(.level > 0)'
	expect_facts "they hold every page" \
		'(.end.swapped_pages - .before.swapped_pages) as $pages | $pages > 2000 and
		 ([.all, .same] | all(([.records[].swapped_pages] | add) == $pages))'
	expect_facts "all was read" '.none.errno == "EAGAIN"'
}
