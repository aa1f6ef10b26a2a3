# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the cases share on the host: checks on the results a guest shipped. Each failed one is a line in
# DIR/failures; DIR and KERNEL are set by run.sh.

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
