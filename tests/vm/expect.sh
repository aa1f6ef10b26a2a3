# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the cases share on the host: checks on the results a guest shipped. Each failed one is a line in
# DIR/failures; DIR and KERNEL are set by judge.sh.

fail() { echo "$*" >>"$DIR/failures"; }

result() { cat "$DIR/out/$1" 2>/dev/null; }

expect_equal() { # WHAT GOT WANTED
	[ "$2" = "$3" ] || fail "$1: got '$2', wanted '$3'"
}

# FILTER sees the whole output as one array and must be true.
expect_events() { # WHAT FILTER
	jq -s -e "$2" "$DIR/out/events.json" >/dev/null 2>"$DIR/jq.err" ||
		fail "$1: not so in events.json: $2 $(head -c 300 "$DIR/jq.err")"
}

# The watcher ended well, said nothing but JSON objects, and the last one is the summary.
expect_clean_run() {
	expect_equal "exit code of watch" "$(result watch.exit)" 0
	expect_events "every line is an object with an event" 'all(type == "object" and has("event"))'
	expect_events "the summary comes last" '.[-1].event == "summary"'
}

# hits = told + waiting + dropped, and the same for pages, for each kind; and what was told in the
# summary is what stood in the records.
expect_sums() {
	expect_events "hits = told + waiting + dropped" \
		'.[-1].kinds | length > 0 and all(.hits == .told + .waiting + .dropped)'
	expect_events "pages = told + waiting + dropped" \
		'.[-1].kinds | all(.pages == .pages_told + .pages_waiting + .pages_dropped)'
	# shellcheck disable=SC2016 # $told is jq's
	expect_events "the records add up to told" \
		'(.[:-1] | map(select(.hits and .event != "level" and .event != "lost" and .event != "stats"))
		  | group_by(.event) | map({key: .[0].event, value: (map(.hits) | add)}) | from_entries) as $told
		 | .[-1].kinds | to_entries | all(.value.told == ($told[.key] // 0))'
}

# Pages of swap_out against the kernel's own counters, read on both sides of the watcher's start and
# end: not less than while it was surely attached, not more than in all the time around it. FAILED are
# pages that the kernel tried to write and could not.
expect_swap_pages() { # AT-LEAST [FAILED]
	local told missed inner outer
	told=$(jq -s '.[-1].kinds.swap_out | .pages_told + .pages_waiting + .pages_dropped' \
		"$DIR/out/events.json")
	missed=$(jq -s '.[-1].missed_runs' "$DIR/out/events.json")
	inner=$(($(result after.inner) - $(result before.inner)))
	outer=$(($(result after.outer) - $(result before.outer)))
	[ "$inner" -ge "$1" ] || fail "the case made no pressure: $inner pages swapped out, wanted $1"
	if [ "${told:--1}" -lt "$inner" ] || [ "$told" -gt $((outer + ${2-0})) ]; then
		fail "swap_out pages $told, the kernel counted $inner to $outer${2:+ and $2 failed}; missed_runs $missed"
	fi
}

expect_no_level() {
	expect_events "no level is raised" 'all(.[] | select(.event == "level"); .level == "none")'
}

# FILTER sees what device.c and device-count.c printed as one object, each fact under its label.
expect_facts() { # WHAT FILTER [FILE]
	jq -s -e "INDEX(.label) | $2" "$DIR/out/${3:-facts.json}" >/dev/null 2>"$DIR/jq.err" ||
		fail "$1: not so in ${3:-facts.json}: $2 $(head -c 300 "$DIR/jq.err")"
}

counted() { # NAME: how far it moved in vmstat, 0 where the kernel does not count it
	local before after
	before=$(result vmstat.before | awk -v name="$1" '$1 == name {print $2}')
	after=$(result vmstat.after | awk -v name="$1" '$1 == name {print $2}')
	echo $((${after:-0} - ${before:-0}))
}

# FILTER sees the records in FILE, which herd.c printed, as one array.
expect_records() { # FILE WHAT FILTER
	jq -s -e "map(select(has(\"reasons\"))) | $3" "$DIR/out/$1" >/dev/null 2>>"$DIR/failures" ||
		fail "$1: $2: not so: $3"
}

# Told of each way of swapping out if and only if the kernel counted it, and of every page: once, also of
# those that zswap wrote back to the device later.
expect_swap_ways() { # FILE
	local way bit=1 pages=0 of_way
	for way in pswpout zswpout swpout_zero; do
		of_way=$(counted $way)
		[ $way != pswpout ] || of_way=$((of_way - $(counted zswpwb)))
		pages=$((pages + of_way))
		expect_records "$1" "the reason for $of_way pages of $way" \
			"any(.reasons / $bit % 2 >= 1) == ($of_way > 0)"
		bit=$((bit * 2))
	done
	expect_records "$1" "every page" "(map(.pages) | add // 0) == $pages"
}
