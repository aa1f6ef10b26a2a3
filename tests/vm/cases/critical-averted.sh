# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Without swap, a task takes more than there is, and a reader of /dev/oom_notify_critical gives back
# what it holds: nobody is killed, and the task has what it wanted. With nothing more to give, the next
# one is killed as ever.

guest() {
	load_module interval_ms=100 clear_ms=500 critical_grace_ms=1000 critical_interval_ms=600000
	trace_kills
	timeout 60 critical free 48 >averted.json &
	reader=$!
	wait_for 20 grep -q ready averted.json
	run_out_of_memory averted stimulus touch $(($(meminfo_mb MemFree) + 16)) 500
	wait $reader
	timeout 60 critical read >spent.json &
	wait_for 20 grep -q ready spent.json
	run_out_of_memory spent
}

verify() {
	local told freed
	expect_equal "averted: what the task had in the end" "$(result averted.hog | awk '{print $1}' | tr '\n' ' ')" \
		"begin touched end "
	expect_equal "averted: kills" "$(result averted.kills)" 0
	expect_equal "averted: kills in the trace" "$(result averted.trace | grep -c mark_victim:)" 0
	expect_equal "averted: graces" "$(result averted.graces)" 1
	expect_equal "averted: averted" "$(result averted.averted)" 1
	told=$(jq -R 'fromjson? | select(type == "object" and .reasons == 64) | .notified_ns' "$DIR/out/averted.json" | head -n 1)
	freed=$(jq -R 'fromjson? | select(type == "object" and has("freed_ns")) | .freed_ns' "$DIR/out/averted.json")
	if [ -z "$told" ] || [ "$told" -ge "${freed:-0}" ]; then
		fail "averted: told at '$told', freed at '$freed'"
	fi
	[ "$(result spent.kills)" -ge 1 ] || fail "spent: nobody was killed"
	expect_equal "spent: averted" "$(result spent.averted)" 1
}
