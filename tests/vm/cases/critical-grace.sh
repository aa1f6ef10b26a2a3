# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Without swap, a task takes all there is: readers of /dev/oom_notify_critical are told before the OOM
# killer chooses a victim, and the all-clear after it. The killer waits for them, but not longer than
# critical_grace_ms whatever they do, not where nobody listens, and not again in critical_interval_ms.

# Each time the module anew: READER may be "" and STATE "stopped".
one_kill() { # NAME READER STATE PARAMETERS...
	local name=$1 reader=$2 state=$3
	shift 3
	load_module interval_ms=100 clear_ms=500 "$@"
	if [ -n "$reader" ]; then
		timeout 60 critical "$reader" >"$name.json" &
		reader=$!
		wait_for 20 grep -q ready "$name.json"
	fi
	[ "$state" != stopped ] || kill -STOP "$reader"
	run_out_of_memory "$name"
	[ "$state" != stopped ] || kill -CONT "$reader"
	# It ends with the all-clear.
	[ -z "$reader" ] || wait "$reader"
	unload_module
}

guest() {
	trace_kills
	one_kill unread "" "" critical_grace_ms=1000
	one_kill nograce read "" critical_grace_ms=0
	one_kill read read "" critical_grace_ms=1000
	one_kill stopped read stopped critical_grace_ms=1000

	# A reader that is the very task which allocates; then a second kill in the same interval.
	load_module critical_grace_ms=1000 critical_interval_ms=600000
	run_out_of_memory hog critical hog
	critical read >again.json &
	wait_for 20 grep -q ready again.json
	run_out_of_memory again
}

# PATTERN's first event in the trace, which has the clock of the records.
traced_ns() { # NAME PATTERN
	grep -m 1 "$2" "$DIR/out/$1.trace" | sed 's/.*\] *[^ ]* *\([0-9]*\)\.\([0-9]*\):.*/\1\2000/'
}

# The waiting is counted in the jiffies that each sleep of the task began with, a sixteenth of the
# grace each, or one less where a jiffy passes while the timer is set: the guest may stand still for as
# long as it likes. It can also make the last sleep so long that half of the grace is over by the clock
# with fewer of them.
expect_waited() { # NAME
	local hz step timeout first last by_clock_ns
	hz=$(result hz)
	step=$((hz / 16))
	timeout="timeout=\($step\|$((step - 1))\)\]"
	sed -n "s/.*: timer_start: .*function=process_timeout expires=\([0-9]*\) \[$timeout.*/\1/p" \
		"$DIR/out/$1.trace" >"$DIR/$1.sleeps"
	first=$(head -n 1 "$DIR/$1.sleeps")
	last=$(tail -n 1 "$DIR/$1.sleeps")
	if [ -z "$first" ]; then
		fail "$1: the OOM killer did not wait"
		return
	fi
	[ $((last - first)) -lt "$hz" ] ||
		fail "$1: the OOM killer was still waiting after $((last - first)) jiffies, wanted less than $hz"
	by_clock_ns=$(($(traced_ns "$1" ' mark_victim:') - $(traced_ns "$1" "process_timeout.*$timeout")))
	[ $((last - first + step)) -ge $((hz / 2)) ] || [ $by_clock_ns -ge 500000000 ] ||
		fail "$1: the OOM killer waited $((last - first + step)) jiffies, wanted at least half of $hz"
}

# Nobody gave anything back. The kernel's per-CPU lists, which it takes pages back from meanwhile, do not count.
expect_kill() { # NAME GRACES
	expect_equal "$1: graces" "$(result "$1.graces")" "$2"
	expect_equal "$1: averted" "$(result "$1.averted")" 0
	[ "$(result "$1.kills")" -ge 1 ] || fail "$1: nothing was killed"
}

notified_ns() { # NAME REASONS
	jq -R "fromjson? | select(type == \"object\" and .reasons == $2) | .notified_ns" "$DIR/out/$1.json"
}

expect_told_around_kill() { # NAME
	local told victim clear
	told=$(notified_ns "$1" 64 | head -n 1)
	clear=$(notified_ns "$1" 128 | tail -n 1)
	victim=$(traced_ns "$1" ' mark_victim:')
	if [ -z "$told" ] || [ "$told" -ge "${victim:-0}" ]; then
		fail "$1: told at '$told', the victim was chosen at '$victim'"
	elif [ "$victim" -ge "${clear:-0}" ]; then
		fail "$1: the victim was chosen at '$victim', all-clear told at '$clear'"
	fi
}

verify() {
	local name
	expect_kill unread 0
	expect_kill nograce 0
	expect_kill read 1
	expect_kill stopped 1
	expect_kill hog 1
	expect_kill again 1
	for name in nograce read stopped; do
		expect_told_around_kill $name
	done
	expect_waited read
	expect_waited stopped
	expect_waited hog
}
