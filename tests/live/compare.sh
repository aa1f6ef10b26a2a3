#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# "oom-notify compare" measures every source that is here on real episodes, tells why others are not,
# and makes the same table again from what it saved.
. "$(dirname "$0")/lib-compare.sh"
need_compare

# consistent EPISODES: what holds for every run.
consistent() {
	expect_json '.complete and .version == 1' "complete"
	expect_json ".episodes | length == $1" "$1 episodes"
	expect_json 'all(.episodes[]; .zero_ns < .end_ns and .end_ns < .deadline_ns)' "order of times"
	expect_json '.parameters.quiet_min_ns as $q | all(.episodes[]; .quiet_ns >= $q)' "quiet before"
	expect_json 'all(.sources[] | select(.state == "absent"); (.why | length > 0) and .samples == [])' \
		"a reason for what is not here"
	expect_json 'all(.sources[] | select(.name == "tracepoint").samples[]; .latency_ns != null)' \
		"the tracepoint missed an episode"
	expect_json '[.sources[] | select(.name == "tracepoint")][0].busy | .used_ns > 0 and .over_ns > 0' \
		"processor time under pressure"
	expect_json "(.costs.floor_ns | length) == $1 and (.costs.stamp_ns | length) == $1" "costs"
}

run_compare --episodes 2 --seed 7
expect_rc 0
consistent 2
expect_json '[.sources[].name] | index("timer") != null and index("sd-event") != null and length == 14' \
	"all sources"
expect_json 'all(.sources[] | select(.state == "ran"); .samples | length == 2)' "a sample an episode"
expect_json '.parameters.seed == 7' "the seed"
[ "$(grep -c '^episode [12] of 2' "$err")" -eq 2 ] || fail "progress"
expect_nothing_left -
jq -r '.sources[] | "\(.name): \(.state) \(.why) \([.samples[].latency_ns])"' "$json"

cp "$out" "$tmp/table"
"$bin" compare --replay "$json" >"$out" 2>"$err" || fail "--replay"
diff "$tmp/table" "$out" || fail "another table from the saved run"
tail -n 3 "$out" | tr '\n' ' ' | grep -q '^The tracepoint told .* in 2 episodes; with so few, chance' ||
	fail "no conclusion at the end"

cp "$json" "$tmp/together.json"
run_compare --episodes 1 --seed 7 --one-at-a-time --sources tracepoint,poll-100ms --ramp slow
expect_rc 0
consistent 2
expect_json '[.sources[].samples | length] == [1, 1]' "one at a time: an episode for each source"
expect_json '.parameters.one_at_a_time and .parameters.ramp == "slow"' "parameters"
expect_json 'all(.episodes[]; .end_ns - .zero_ns > 1000000000)' "a slow ramp"

"$bin" compare "$tmp/together.json" "$json" >"$out" 2>"$err" || fail "two runs"
grep -q '^tracepoint ' "$out" || fail "the pair has no tracepoint"
