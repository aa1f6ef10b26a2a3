#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A source that is silenced is told as missed, one that speaks between episodes as false, one that dies
# as broken; the others go on.
. "$(dirname "$0")/lib-compare.sh"
need_compare

# Silenced after the first episode: it may be on its way to its core, so it is stopped in any case.
start_compare --episodes 2 --sources tracepoint,tracepoint-raw
until_true 60 episodes_done 1 || fail "no first episode"
kill -STOP "$(watcher tracepoint)"
stop
expect_rc 0
expect_json '[.sources[] | select(.name == "tracepoint").samples[].latency_ns != null] == [true, false]' \
	"a silenced source that did not miss"
expect_json 'all(.sources[] | select(.name == "tracepoint-raw").samples[]; .latency_ns != null)' \
	"the other one missed"
expect_nothing_left -

# Pressure by somebody else, in the quiet as well: whoever watches the machine tells it.
"$bin" pressure --limit 8M --use 12M --swap-size 32M --hold 0 --episodes 1000 --gap 1s >/dev/null &
other=$!
run_compare --episodes 1 --sources tracepoint
kill -TERM "$other"
wait "$other" || true
expect_rc 0
expect_json '[.sources[0].samples[].false_wakes] | add > 0' "wake-ups by others that are not false"
# It may not be the only one.
expect_json '.episodes[0] | .others_hits > 0 and .others_comm != ""' "others are not counted"
grep -q '^others: in the quiet before 1 of the episodes' "$out" || fail "nothing is said of others"
expect_nothing_left -

# Killed in the quiet.
start_compare --episodes 2 --sources tracepoint,poll-100ms
until_true 60 episodes_done 1 || fail "no first episode"
kill -KILL "$(watcher poll-100ms)"
stop
expect_rc 0
expect_json '[.sources[] | select(.name == "poll-100ms")][0] |
	.state == "broke" and (.why | test("signal 9")) and (.samples | length == 1)' "a dead source"
expect_json '[.sources[] | select(.name == "tracepoint")][0].samples | length == 2' "the other one"
expect_nothing_left -
