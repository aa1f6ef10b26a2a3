# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Somebody takes memory from a cgroup through memory.reclaim: asked for, so it is no pressure, and the
# pages are the cgroup's. Told from a stall on the limit by PSI, which these kernels have on.

skip_on() { [ "$KERNEL" != 5.10 ] || echo "memory.reclaim came with 5.19"; }

guest() {
	swap_on_disk
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control
	mkdir /sys/fs/cgroup/asked
	start_watch
	(
		echo 0 >/sys/fs/cgroup/asked/cgroup.procs
		exec stimulus touch 64 8000
	) >touch.stimulus &
	wait_for 10 grep -q touched touch.stimulus
	echo 32M >/sys/fs/cgroup/asked/memory.reclaim
	sleep 1
	stop_watch
}

verify() {
	expect_clean_run
	expect_sums
	expect_swap_pages 7000
	expect_events "cause" '[.[] | select(.event == "swap_out")] | length > 0 and all(.cause == "proactive")'
	expect_events "owner of the pages" '[.[] | select(.event == "swap_out")] | all(.cgroup == "/asked" and .cgroup_id > 1)'
	expect_no_level
}
