# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# "oom-notify compare --survive" on cgroup v2, without swap (with some, a guest's disk that stands still has
# the kernel kill though most of it is free): who is told by headroom lives, who is
# never told does not; what version 2 alone has is measured. A guest gets too little of a loaded host, and
# its load then catches up: it is a slow one, so that there is room for pauses.

skip_on() {
	case $KERNEL in
	5.10 | 6.1) echo "two kernels are enough: it takes a minute" ;;
	esac
}

guest() {
	mount -t ext4 /dev/vdc /data
	TMPDIR=/data $OOM_NOTIFY compare --survive --limit 48M --episodes 1 --seed 1 --swap without --rates 10 --benign 2s \
		--sources headroom,psi,memory.events,deaf \
		--json "$PWD/survive.json" >survive.table 2>survive.err
}

expect_survive() { # TEXT FILTER
	result survive.json | jq -e "$2" >/dev/null ||
		fail "$1: $(result survive.json | jq -c '.sources, .episodes')$(result survive.err | tail -n 1)"
}

verify() {
	expect_survive "complete" '.complete and (.episodes | length == 4)'
	expect_survive "all are here" 'all(.sources[]; .state == "ran")'
	expect_survive "who is never told is killed" \
		'all(.episodes[] | select(.source == "deaf"); .end == "killed")'
	expect_survive "who is told by headroom lives" \
		'all(.episodes[] | select(.source == "headroom"); .end == "lives" and .tells > 0)'
	expect_survive "and is told before the limit" \
		'all(.episodes[] | select(.source == "headroom"); .before_ns > 0)'
	expect_survive "headroom is told for nothing" \
		'.sources[] | select(.name == "headroom").told_for_nothing == {stream: 0, cache: 0, growth: 0}'
}
