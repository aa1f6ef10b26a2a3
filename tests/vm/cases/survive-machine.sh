# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The whole machine runs out of memory, without swap: who is told by /dev/oom_notify, fed by watch, lives;
# who is told by nobody does not; who reads /dev/oom_notify_critical is told before the kernel kills. Beside
# a killer that polls, as earlyoom does, who is told by the fed device lives as well, if watch knows where
# that one acts. A guest gets too little of a loaded host, and its load then catches up: it is a slow one.
# shellcheck disable=SC2034 # machine-wide: no other case may run in this boot
OWN_BOOT=yes

skip_on() {
	case $KERNEL in
	5.10 | 6.1) echo "two kernels are enough: it takes a minute" ;;
	esac
}

each() { # KILLER SOURCE...
	local killer=$1 rate source
	shift
	for rate in ${rates:-20}; do
		for _ in $(seq "${times:-1}"); do
			for source in "$@"; do
				survive "$source" "$killer" "$rate" >>survive.jsonl
			done
		done
	done
}

guest() {
	local times rates
	load_module critical_grace_ms=1000 critical_interval_ms=100
	times=$(parameter times)
	rates=$(parameter rates | tr + ' ')
	each none deaf timer critical
	each polling deaf timer critical
	start_watch --feed-device
	each none device
	stop_watch
	start_watch --feed-device --headroom-reserve 10
	each polling device
	stop_watch
}

expect_survive() { # TEXT FILTER
	result survive.jsonl | jq -s -e "$2" >/dev/null || fail "$1: $(result survive.jsonl)"
}

verify() {
	expect_survive "all were measured" 'length % 8 == 0 and length > 0 and all(.end | IN("lives", "killed"))'
	expect_survive "who is told by nobody is dead" 'map(select(.source == "deaf")) | all(.end == "killed")'
	expect_survive "by the killer, where there is one" \
		'map(select(.source == "deaf")) | all(.by == (if .killer == "none" then "kernel" else "killer" end))'
	expect_survive "who is told by the fed device lives" \
		'map(select(.source == "device")) | all(.end == "lives" and .tells > 0 and .lead_ms > 0)'
	expect_survive "before the kernel kills, the critical device tells" \
		'map(select(.source == "critical" and .killer == "none")) | all(.tells > 0)'
}
