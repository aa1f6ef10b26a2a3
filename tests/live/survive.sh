#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# "oom-notify compare --survive": who is told by headroom lives, who is never told is killed, by the
# kernel's own counter; the tables come again from what was saved.
. "$(dirname "$0")/lib-compare.sh"
need_compare

# At 10 MB/s a tenth of the limit lasts for two thirds of a second: a busy machine may stop anybody for a tenth.
run_compare --survive --episodes 1 --seed 7 --limit 64M --rates 10,max --sources headroom,deaf,foretold \
	--benign 2s
expect_rc 0
expect_nothing_left -
ends() { # SOURCE
	jq -c "[.episodes[] | select(.source == \"$1\") | .end]" "$json"
}
[ "$(ends deaf)" = '["killed","killed","killed","killed"]' ] ||
	fail "who is never told: $(ends deaf)"
jq -c '.episodes[] | select(.source == "headroom")' "$json"
# Unthrottled, 64 MB leave 5 ms, which a busy machine may need for itself.
expect_json '[.episodes[] | select(.source != "deaf" and .rate_mb_s == 10) | .end] | length == 4 and all(. == "lives")' \
	"headroom and foretold, at 10 MB/s: $(jq -c '[.episodes[] | select(.source != "deaf")]' "$json")"
expect_json 'all(.episodes[] | select(.source == "headroom" and .rate_mb_s == 10); .tells > 0)' "headroom is told"
expect_json 'all(.episodes[] | select(.source == "deaf"); .tells == 0 and .given_bytes == 0)' "deaf is deaf"
expect_json 'all(.episodes[] | select(.end == "lives"); .given_bytes >= .needed_bytes * 0.9)' \
	"who lives has given up what was needed"
expect_json 'all(.benign_ns[]; . >= 2000000000)' "benign loads"
expect_json '[.sources[] | select(.name == "headroom")][0].told_for_nothing == {stream: 0, cache: 0, growth: 0}' \
	"told for nothing"
expect_json '.complete and .parameters.seed == 7 and .parameters.rates_mb_s == [10, 0]' "parameters"
[ "$(grep -c '^[0-9]* of 12' "$err")" -eq 12 ] || fail "progress"

cp "$out" "$tmp/table"
"$bin" compare --survive --replay "$json" >"$out" 2>"$err" || fail "--replay"
diff "$tmp/table" "$out" || fail "other tables from the saved run"

# The others are measured, or say why they are not here; each is told by the load's own cgroup.
run_compare --survive --episodes 1 --seed 8 --limit 64M --rates 100 --swap without --benign 0
expect_rc 0
expect_nothing_left -
expect_json '.sources | length == 11' "all sources"
expect_json 'all(.sources[] | select(.state != "ran"); .why | length > 0)' "a reason for what is not here"
expect_json '([.sources[] | select(.state == "ran") | .name] | sort) == ([.episodes[].source] | sort)' \
	"an episode of each that is"
expect_json '[.sources[] | select(.state == "ran") | .name] | index("usage-100ms") and index("timer") and
	(index("vmpressure") or index("memory.events"))' "those that are everywhere"
