# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Kills at a cgroup's limit: of processes with many threads, of a whole group (memory.oom.group), and several
# in a row. Each is one event and the cgroup's own, whatever mark_victim says of dying threads.

CGROUP=/sys/fs/cgroup/oom-threads

in_cgroup() { # COMMAND...
	sh -c 'echo $$ >'$CGROUP'/cgroup.procs && exec "$@"' sh "$@"
}

guest() {
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control
	mkdir $CGROUP
	echo 24M >$CGROUP/memory.max
	start_watch --level-hold 100ms --level-window 200ms
	kills_before=$(oom_kills)
	for _ in 1 2 3; do
		in_cgroup stimulus threads 24 >>threads.stimulus || true
	done
	echo $(($(oom_kills) - kills_before)) >threads.kills
	wait_for 20 all_clear || echo "no all-clear"
	echo 1 >$CGROUP/memory.oom.group
	kills_before=$(oom_kills)
	in_cgroup stimulus touch 1 100000 >group.1 &
	first=$!
	in_cgroup stimulus touch 1 100000 >group.2 &
	second=$!
	wait_for 20 grep -q touched group.1
	wait_for 20 grep -q touched group.2
	in_cgroup stimulus threads 24 >group.3 || true
	wait $first || true
	wait $second || true
	echo $(($(oom_kills) - kills_before)) >group.kills
	wait_for 20 all_clear || echo "no all-clear"
	stop_watch
}

pids() { # FILE...
	(cd "$DIR/out" && sed -n 's/.*begin pid=\([0-9]*\).*/\1/p' "$@") | jq -s -c .
}

verify() {
	local group threads
	threads=$(pids threads.stimulus)
	group=$(pids group.1 group.2 group.3)
	expect_clean_run
	expect_sums
	expect_equal "kills of processes with threads" "$(result threads.kills)" 3
	expect_events "one kill of each process with threads" \
		"map(select(.event == \"oom_kill\") | .pid) as \$p | $threads | length == 3 and
		 all(.[]; . as \$t | \$p | map(select(. == \$t)) | length == 1)"
	expect_events "one kill of each process of the group" \
		"map(select(.event == \"oom_kill\") | .pid) as \$p | $group | length == 3 and
		 all(.[]; . as \$t | \$p | map(select(. == \$t)) | length == 1)"
	expect_events "six in all, each the cgroup's, for its limit" \
		'map(select(.event == "oom_kill")) | length == 6 and
		 all(.[]; .hits == 1 and .scope == "cgroup" and .cause == "memcg" and .level == "critical")'
	expect_events "the machine's level does not move" \
		'all(.[] | select(.event == "level" and .scope == "global"); .level == "none")'
	expect_events "the summary explains what the kernel counts twice" \
		'.[-1] | .oom_kills.unknown_scope == 0 and .kinds.oom_kill.hits == 6 and
		 .vmstat.oom_kill == 6 + .oom_kills.killed_again and
		 (.oom_kills.why_not_vmstat | if . == null then true else contains("memory.oom.group") end) and
		 (.oom_kills.why_not_vmstat == null) == (.oom_kills.killed_again == 0)'
}
