# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# "oom-notify compare" with the real device and on cgroup v2: every source that such a kernel has tells
# real episodes; the timer is the module's where nobody feeds it, and labelled where somebody does.
# shellcheck disable=SC2034 # the tests' timing is another's: sources must not share a guest with them
OWN_BOOT=yes

guest() {
	load_module
	mount -t ext4 /dev/vdc /data
	export TMPDIR=/data
	$OOM_NOTIFY compare --episodes 1 --seed 1 --json all.json >all.table 2>all.err
	$OOM_NOTIFY compare --episodes 1 --seed 1 --json alone.json --one-at-a-time \
		--sources timer,device-fed >alone.table 2>alone.err
}

expect_compare() { # FILE TEXT FILTER
	result "$1" | jq -e "$3" >/dev/null ||
		fail "$2: $(result "$1" | jq -c '[.sources[] | {name, state, why, what, samples}]')"
}

verify() {
	local name
	for name in timer device-fed tracepoint tracepoint-raw psi psi-cgroup memory.events \
		poll-100ms poll-1s trace_pipe; do
		expect_compare all.json "$name runs" \
			"[.sources[] | select(.name == \"$name\")][0] | .state == \"ran\" and (.samples | length == 1)"
	done
	for name in tracepoint tracepoint-raw device-fed timer psi-cgroup memory.events; do
		expect_compare all.json "$name tells the episode" \
			"[.sources[] | select(.name == \"$name\")][0].samples[0].latency_ns != null"
	done
	expect_compare all.json "no vmpressure on cgroup v2" \
		'[.sources[] | select(.name == "vmpressure")][0].state == "absent"'
	expect_compare all.json "beside a feed the timer is labelled" \
		'[.sources[] | select(.name == "timer")][0].what | test("in user space")'
	expect_compare alone.json "alone the timer is the device" \
		'[.sources[] | select(.name == "timer")][0] | (.what | test("^/dev/oom_notify")) and .samples[0].latency_ns != null'
	result all.table
	result all.err
}
