# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# "oom-notify compare" with the real device and on cgroup v2: every source that such a kernel has tells
# real episodes; the timer is the module's where nobody feeds it, and labelled where somebody does.
# `make compare-vm` asks for more episodes, with a disk that has what other sources need.
# shellcheck disable=SC2034 # the tests' timing is another's: sources must not share a guest with them
OWN_BOOT=yes

mount_tools() {
	local d
	mkdir -p /tools
	mount -t ext4 -o ro /dev/vdd /tools
	for d in dev proc sys data results; do
		mount -o rbind /$d /tools/$d
	done
	mount -t tmpfs tmp /tools/tmp
	mount -o bind "$OOM_NOTIFY" /tools/oom-notify
}

compare() { # NAME ARGUMENT...
	local name=$1 run=$OOM_NOTIFY episodes
	shift
	episodes=$(parameter episodes)
	[ ! -e /tools ] || run="chroot /tools /oom-notify"
	$run compare --episodes "${episodes:-1}" --seed "$(parameter seed | grep . || echo 1)" \
		--json "$PWD/$name.json" "$@" >"$name.table" 2>"$name.err"
}

guest() {
	load_module
	mount -t ext4 /dev/vdc /data
	export TMPDIR=/data
	[ ! -b /dev/vdd ] || mount_tools
	cat /proc/pressure/memory >pressure.before
	compare all
	cat /proc/pressure/memory >pressure.after
	if [ -e /tools ]; then
		compare device --one-at-a-time --sources timer,device-fed,tracepoint
		umount -l /tools
	else
		compare device --sources timer,tracepoint
	fi
}

expect_compare() { # FILE TEXT FILTER
	result "$1" | jq -e "$3" >/dev/null ||
		fail "$2: $(result "$1" | jq -c '[.sources[] | {name, state, why, what, samples: .samples[:3]}]')"
}

# All that tasks stalled in the run, in microseconds.
stalled_us() {
	local before after
	before=$(result pressure.before | sed -n 's/^some.*total=//p')
	after=$(result pressure.after | sed -n 's/^some.*total=//p')
	echo $((after - before))
}

verify() {
	local name told="tracepoint tracepoint-raw device-fed timer memory.events"
	for name in timer device-fed tracepoint tracepoint-raw psi psi-cgroup memory.events \
		poll-100ms poll-1s trace_pipe; do
		expect_compare all.json "$name runs" \
			".parameters.episodes as \$n | [.sources[] | select(.name == \"$name\")][0] |
			 .state == \"ran\" and (.samples | length == \$n)"
	done
	# PSI tells of stalls, at 1 % of half a second: an episode on a fast disk may have fewer.
	[ "$(stalled_us)" -lt 100000 ] || told+=" psi-cgroup"
	for name in $told; do
		expect_compare all.json "$name tells every episode" \
			"[.sources[] | select(.name == \"$name\")][0] | all(.samples[]; .latency_ns != null)"
	done
	expect_compare all.json "no vmpressure on cgroup v2" \
		'[.sources[] | select(.name == "vmpressure")][0].state == "absent"'
	expect_compare all.json "beside a feed the timer is labelled" \
		'[.sources[] | select(.name == "timer")][0].what | test("in user space")'
	expect_compare device.json "each tells every episode beside the device's own timer" \
		'all(.sources[]; .state == "ran" and all(.samples[]; .latency_ns != null))'
	expect_compare device.json "where nobody feeds it the timer is the device" \
		'[.sources[] | select(.name == "timer")][0] |
		 (.what | test("^/dev/oom_notify"))'
}
