# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A wake-up means "free memory" to a program that asked for nothing, for a level, or in the words of PSI:
# it is woken neither by what is no pressure (a watermark's edge, pages that somebody paged out himself)
# nor by the end of pressure. Who asks for the all-clear or for everything has it.

MIN_FREE=/proc/sys/vm/min_free_kbytes

free_kb() { awk '$1 == "pages" && $2 == "free" {n += $3} END {print n * 4}' /proc/zoneinfo; }

guest() {
	local usual file
	usual=$(cat $MIN_FREE)
	load_module interval_ms=100 clear_ms=500 wake_gap_ms=0
	swap_on_disk
	echo 3 >/proc/sys/vm/drop_caches
	{
		echo "- open z /dev/oom_notify w"
		for file in a b c d e f; do
			echo "- open $file /dev/oom_notify rw,nonblock"
		done
		cat <<-END
			- write b low
			- write c some_200000_500000
			- write d low_all-clear
			- write e some_200000_500000_all-clear
			- write f none

			- run device-count paging pageout 16
			- run swapoff /dev/vda
			- run echo $(($(free_kb) * 9 / 10)) >$MIN_FREE
			- run device-count - ticks 3
			- run echo $usual >$MIN_FREE
			- feed z level=0
			- run device-count settled settle 10
		END
		for file in a b c d e; do
			echo "none_$file read $file 4096"
			echo "none_${file}_poll poll $file in,pri 0"
		done
		cat <<-END
			all read f 4096
			- feed z level=1
			- run device-count - ticks 20
		END
		for file in a b c d e f; do
			echo "told_$file read $file 4096"
		done
		echo "- feed z level=1"
		echo "- run device-count - ticks 20"
		echo "after_poll poll a in 0"
		echo "after_read read a 4096"
	} | device >facts.json
	echo "$usual" >$MIN_FREE
}

verify() {
	local pages='(.settled.swapped_pages - .paging.swapped_pages) as $pages | $pages > 3000 and '
	expect_facts "none is told what is no pressure" \
		'[.none_a, .none_b, .none_c, .none_d, .none_e] | all(.errno == "EAGAIN")'
	expect_facts "nor woken" \
		'[.none_a_poll, .none_b_poll, .none_c_poll, .none_d_poll, .none_e_poll] | all(.ready == "")'
	expect_facts "but who wants everything" \
		'.all.records | any(.reasons % 2 == 1) and any(.reasons / 8 % 2 >= 1) and any(.reasons == 128) and
		 all(.level == 0)'
	expect_facts "with all pages" "$pages"'([.all.records[].swapped_pages] | add) == $pages'
	expect_facts "pressure is told, its end is not" \
		'[.told_a, .told_b, .told_c] | all(.records | length == 1 and .[0].level == 1)'
	expect_facts "nor are the pages forgotten" \
		"$pages"'([.told_a, .told_b, .told_c, .told_d, .told_e] | all(.records[0].swapped_pages == $pages))'
	expect_facts "its end to who asked" \
		'[.told_d, .told_e, .told_f] |
		 all(.records | length == 2 and .[0].level == 1 and .[1].reasons == 128 and .[1].level == 0)'
	expect_facts "the next time again" '.after_poll.ready == "in" and .after_read.ret == 64'
}
