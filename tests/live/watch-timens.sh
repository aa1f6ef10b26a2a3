#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# In a time namespace the kernel's clock is not this process's: events are told by the kernel's, after
# what time they took, and timers go off when they should.
. "$(dirname "$0")/lib-watch.sh"
need_watch

unshare -T true 2>/dev/null || skip "no time namespaces here"

# The loader is found by its process id, which unshare gives up to it.
real=$bin
cat >"$tmp/shifted" <<EOF
#!/bin/sh
exec unshare -T \$SHIFT "$real" "\$@"
EOF
chmod +x "$tmp/shifted"

# shifted ARGUMENT...: of unshare. The box is outside of the namespace, and says when it was at its limit.
shifted() {
	local begin end
	export SHIFT="$*"
	bin=$tmp/shifted
	watch_start w --level-hold 300ms --level-window 200ms --duration 5m
	bin=$real
	box_run a --limit 16M --use 48M --hold 0
	await w '"event":"level".*"level":"none".*"cgroup_id":'"${box_id[a]}"'\}'
	watch_end w
	expect_exact w
	begin=$(jq -s 'map(.time_ns // empty) | min' "$tmp/a.box")
	end=$(jq -s 'map(.end_ns // empty) | max' "$tmp/a.box")
	expect w "unshare $*: on the kernel's clock" 'of($a) | kind("swap_out") | length > 0 and
		all(.[]; .time_ns > $from and .time_ns < $to)' --argjson from "$begin" --argjson to "$end"
	expect w "unshare $*: latencies, and what was told before the end" 'summary.time_ns as $now | facts |
		all(.[]; .latency_ns < $now - .time_ns)'
	expect w "unshare $*: the summary's latencies" '(summary.time_ns - (facts | map(.time_ns) | min)) as $run |
		summary.latency_ns.max <= $run'
	expect w "unshare $*: a level falls before its time" 'levels($a) | .[-1].level == "none" and
		.[-1].time_ns - .[-2].time_ns > 290e6'
}

shifted --monotonic 100000
shifted --monotonic -100 --boottime 50000
