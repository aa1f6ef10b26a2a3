# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Headroom on cgroup v2: the lines of a limit before its kill, the smaller limit of an outer cgroup, swap as
# far as memory.swap.max lets the cgroup have it, and memory.high, which is told when it is crossed.

root=/sys/fs/cgroup

# group NAME FILE=VALUE...
group() {
	local name=$1 each
	shift
	mkdir "$root/$name"
	for each in "$@"; do
		echo "${each#*=}" >"$root/$name/${each%%=*}"
	done
	stat -c %i "$root/$name" >"id.$(echo "$name" | tr / -)"
}

# within NAME COMMAND...
within() {
	local name=$1
	shift
	sh -c "echo 0 >$root/$name/cgroup.procs && exec $*" >"out.$(echo "$name" | tr / -)" || :
}

told() { # NAME EDGE
	grep -q "\"event\":\"headroom\".*\"edge\":\"$2\".*\"cgroup_id\":$(cat "id.$1")[,}]" events.json
}

guest() {
	swap_on_disk
	echo +memory >$root/cgroup.subtree_control
	start_watch
	group plain memory.max=48M memory.swap.max=0
	within plain stimulus oom
	group swapping memory.max=32M memory.swap.max=16M
	within swapping stimulus oom
	group outer memory.max=32M memory.swap.max=0
	echo +memory >$root/outer/cgroup.subtree_control
	group outer/inner memory.max=64M memory.swap.max=0
	within outer/inner stimulus touch 30 300
	wait_for 20 told outer-inner recovers || echo "the inner one's recovery is not told"
	group high memory.high=16M memory.max=96M memory.swap.max=0
	within high stimulus touch 17 300
	wait_for 20 told high high || echo "memory.high is not told"
	wait_for 20 all_clear || echo "no all-clear"
	stop_watch
	cat $root/plain/memory.events >events.plain
	cat $root/swapping/memory.events >events.swapping
	rmdir $root/plain $root/swapping $root/outer/inner $root/outer $root/high
}

# FILTER sees what was told of cgroup NAME's headroom as one array, and $kill_ns of its kill.
expect_headroom() { # NAME TEXT FILTER
	expect_events "$1: $2" "$(result "id.$1") as \$id |
		([.[] | select(.event == \"oom_kill\" and .cgroup_id == \$id) | .time_ns] | first) as \$kill_ns |
		map(select(.event == \"headroom\" and .cgroup_id == \$id)) | $3"
}

verify() {
	local name
	expect_clean_run
	for name in plain swapping; do
		[ "$(result "events.$name" | awk '$1 == "oom_kill" {print $2}')" = 1 ] || fail "$name: no kill"
		# What the victim has comes free a little after its kill: another fall may be told until then.
		expect_headroom $name "falls to critical before the kill" \
			'map(select(.edge == "falls" and .time_ns < $kill_ns)) | length > 0 and .[-1].level == "critical"'
	done
	expect_headroom plain "of its limit" 'map(select(.edge == "falls")) | all(.limit_bytes == 50331648)'
	expect_headroom swapping "swap that is left counts: not before the memory was used up" \
		'map(select(.edge == "falls")) | .[0].left_bytes < 8388608'
	expect_headroom outer-inner "the outer limit is met first" \
		'map(select(.edge == "falls")) | length > 0 and all(.limit_bytes == 33554432)'
	expect_headroom high "crossed once" \
		'map(select(.edge == "high")) | length == 1 and .[0].limit_bytes == 16777216'
	expect_headroom high "which is no lack of headroom" 'map(select(.edge == "falls")) == []'
}
