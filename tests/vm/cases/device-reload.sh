# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Loading and unloading again and again, and 64 threads that do everything at once, leave nothing behind.

# A module's memory comes from there, and the files' from slabs.
kernel_kb() { awk '$1 == "VmallocUsed:" || $1 == "SUnreclaim:" {n += $2} END {print n}' /proc/meminfo; }

guest() {
	local reloads=200 stress_s=4
	# More where lockdep sees what is wrong: in a kernel built for that.
	[ ! -e /proc/lockdep ] || reloads=1000 stress_s=60
	device-reload first /modules-under-test/oom_notify.ko 10 >facts.json
	kernel_kb >kb.before
	device-reload all /modules-under-test/oom_notify.ko $reloads >>facts.json
	kernel_kb >kb.after
	load_module interval_ms=100 wake_gap_ms=10
	stress $stress_s >stressed
	cat /sys/class/misc/oom_notify/statistics/openers >openers
	unload_module
	# Threads of the kernel may be so for a moment; ours are gone.
	grep -l '^State:.*D (disk' /proc/[0-9]*/status >stuck 2>/dev/null || :
	test ! -e /sys/module/oom_notify
}

verify() {
	expect_facts "all reloads" '.all.count >= 200'
	# A page each time would be 800 kB, the state of each file that was open 12 MB. KASAN keeps what was
	# freed for a while; with five times as many reloads a leak is five times as big.
	[ $(($(result kb.after) - $(result kb.before))) -lt "$(jq -s '.[-1].count | if . > 200 then 40000 else 800 end' "$DIR/out/facts.json")" ] ||
		fail "memory of the kernel grew from $(result kb.before) to $(result kb.after) kB"
	expect_equal "openers after the stress" "$(result openers)" 0
	expect_equal "stuck tasks" "$(result stuck)" ""
	[ "$(result stressed | wc -l)" -gt 0 ] || fail "the stress did not say what it did"
}
