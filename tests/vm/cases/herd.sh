# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# 1,000 files are told everything exactly once, in rounds of max(wake_batch, n/16 + 1) = 63, whoever
# was longest untold first, so that 16 rounds reach all; in one round when it is critical, or without
# a gap.

guest() {
	load_module interval_ms=60000 clear_ms=600000 wake_gap_ms=100
	# The second event comes while the first has reached a third: what comes then depends on who was told.
	timeout 60 herd 1000 feed:low feed:low:300 feed:low feed:low \
		feed:low:300 feed:critical wake_gap_ms=0 feed:low quiet:500 \
		wake_gap_ms=100 feed:critical feed:clear feed:critical feed:critical >fed.json
	unload_module

	load_module interval_ms=60000 clear_ms=600000 wake_gap_ms=100
	swap_on_disk
	timeout 60 herd 1000 wait quiet:500 >swapped.json &
	wait_for 20 grep -q ready swapped.json
	swapped_out >before
	stimulus pageout 8 >pageout.stimulus
	swapped_out >after
	# One tick sees all of it, as none came before.
	echo 100 >/sys/module/oom_notify/parameters/interval_ms
	wait $!
}

expect_herd() { # FILE WHAT FILTER
	# shellcheck disable=SC2016 # $n, $told, $times are jq's
	jq -n -e '
		[inputs] as $lines
		| ($lines | map(select(has("file"))) | sort_by(.notified_ns)) as $told
		| def did(n): $lines[] | select(.did == n);
		  def told(n): $told | map(select(.step == n));
		  # those that waited longest first: the order in which these files were told before
		  def told_before(n): (told(n) | map(.notified_ns) | min) as $begin
			| [range(1000)] | map({key: tostring, value: 0}) | from_entries
			| reduce ($told[] | select(.notified_ns < $begin)) as $r (.; .[$r.file | tostring] = $r.notified_ns)
			| to_entries | sort_by(.value) | map(.key | tonumber);
		  def once: length == 1000 and (map(.file) | unique | length) == 1000;
		  # 64 tellings in a row are two rounds, with a gap; where the emulator stood still, the next
		  # timer was late already, so that this is asked of the most of them
		  def rounds_of_63: map(.notified_ns) as $times
			| [range(0; ($times | length) - 63) | $times[. + 63] - $times[.]] | sort
			| .[length / 2 | floor] >= 50000000;
		'"$3" "$DIR/out/$1" >/dev/null 2>>"$DIR/failures" || fail "$1: not so: $2"
}

expect_fed() {
	expect_herd fed.json "each file once, in 16 rounds" \
		'told(0) | once and rounds_of_63 and map(.file) == [range(1000)]'
	expect_herd fed.json "16 rounds and no more" 'did(0) | .told == 1000 and .rounds == 16 and .merged == 0'
	expect_herd fed.json "an event overtakes another: who waits is told of both at once" \
		'(did(1).merged + did(2).merged) as $merged
		 | $merged > 0 and (told(1) + told(2) | length) + $merged == 2000'
	expect_herd fed.json "and everyone within 16 rounds" 'did(2).rounds <= 16'
	expect_herd fed.json "who was longest untold is told first" \
		'told(3) | once and rounds_of_63 and (map(.file) == told_before(3)) and (map(.file) != [range(1000)])'
	expect_herd fed.json "a critical event reaches all at once" 'did(5) | .rounds == 1 and .told == 1000'
	expect_herd fed.json "without a gap one round reaches all" \
		'(did(7) | .rounds == 1 and .told == 1000) and (told(7) | once)'
	expect_herd fed.json "critical a second time is no rise" 'did(13).rounds == 16'
	expect_herd fed.json "after its end it is" 'did(11).rounds == 16 and (did(12) | .rounds == 1 and .told == 1000)'
	expect_herd fed.json "nothing is told twice" 'did(8) | .told == 0 and .empty == 0'
}

expect_swapped() {
	expect_herd swapped.json "each file once, in 16 rounds, of swap-out" \
		'told(0) | once and rounds_of_63 and map(.file) == [range(1000)] and all(.reasons == 1)'
	expect_herd swapped.json "16 rounds and no more" 'did(0) | .told == 1000 and .rounds == 16'
	expect_herd swapped.json "every file is told of every page" \
		"told(0) | all(.pages == $(($(result after) - $(result before))))"
	expect_herd swapped.json "nothing is told twice" 'did(1) | .told == 0 and .empty == 0'
}

verify() {
	expect_fed
	expect_swapped
}
