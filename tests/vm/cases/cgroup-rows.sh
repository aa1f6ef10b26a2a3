# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# So many short-lived cgroups that rows must be given back: each is named, and so is what comes after them.
# Names of 255 bytes are whole. Pages of a cgroup that was removed before anybody saw it, while another
# of the same name is there, are told as of one that is gone; those of a cgroup that only lost its memory
# controller are not.

# 2,400 moves of a task take minutes where all is emulated and the host is busy: on the oldest and the newest.
# shellcheck disable=SC2034 # read by boot.sh, which sources this
LIMIT=600

name_of_255() { awk -v c="$1" 'BEGIN {for (i = 0; i < 254; i++) s = s "n"; print s c}'; }

fill_file() { # CGROUP FILE
	sh -c 'echo $$ >"$1/cgroup.procs" && exec dd if=/dev/urandom of="$2" bs=1M count=8' sh "$1" "$2"
}

guest() {
	local top=/sys/fs/cgroup upper lower jobs=24
	case $(uname -r) in
	5.10.* | 7.*) jobs=2400 ;;
	esac
	echo $jobs >nr-jobs
	swap_on_zram
	upper=$(name_of_255 a)
	lower=$(name_of_255 b)
	mount -t tmpfs tmpfs /data
	echo +memory >$top/cgroup.subtree_control
	mkdir $top/"$upper" $top/parent $top/off $top/off/x $top/off/y
	echo +memory >$top/"$upper"/cgroup.subtree_control
	echo +memory >$top/parent/cgroup.subtree_control
	echo +memory >$top/off/cgroup.subtree_control
	echo 20M >$top/parent/memory.max
	echo 20M >$top/off/memory.max
	fill_file $top/off/x /data/x
	echo -memory >$top/off/cgroup.subtree_control
	# 8 MB of the file stay with the cgroup that wrote them.
	mkdir $top/parent/dead
	stat -c %i $top/parent/dead >dead.id
	fill_file $top/parent/dead /data/dead
	rmdir $top/parent/dead
	mkdir $top/parent/dead
	start_watch --duration 600s
	/bin/jobs $top 16384 parent/other
	sh -c 'echo $$ >"$1/cgroup.procs" && exec stimulus touch 20 0' sh $top/off/y
	/bin/jobs $top 512 "$upper/$lower" >long.id
	/bin/jobs $top 512 "job-%d*$jobs" service >ids
	stop_watch
	rmdir $top/parent/dead $top/parent $top/"$upper" $top/off/x $top/off/y $top/off
	umount /data
}

verify() {
	local dead long service jobs
	jobs=$(result nr-jobs)
	dead=$(result dead.id)
	long=$(result long.id)
	service=$(result ids | tail -n 1)
	expect_clean_run
	expect_sums
	expect_equal "jobs" "$(result ids | wc -l)" $((jobs + 1))
	expect_events "every cgroup has a row" '.[-1].lost.row_hits == 0'
	expect_events "every event a path" 'all(.[] | select(.cgroup_id > 0); .cgroup != null)'
	[ "$jobs" -lt 2304 ] || expect_events "what the removed ones had counted" \
		'.[-1].cgroups | any(.cgroup == "removed" and .swap_out_pages > 0)'
	expect_events "the last one" "any(.cgroup_id == $service and
		(.cgroup | rtrimstr(\" (deleted)\")) == \"/service\")"
	expect_events "whole names" "any(.cgroup_id == $long and
		(.cgroup | rtrimstr(\" (deleted)\") | test(\"^/n{254}a/n{254}b\$\")))"
	# Since 7.1 pages pass to the parent when their cgroup goes.
	expect_events "pages of one that was gone before" "map(select(.cgroup // \"\" | startswith(\"/parent/dead\"))) |
		all(.cgroup_id == $dead and .cgroup == \"/parent/dead (deleted)\")"
	expect_events "pages of one that is there, without memory of its own" \
		'map(select(.cgroup // "" | startswith("/off/x"))) | all(.cgroup == "/off/x")'
	case $KERNEL in
	7.x) ;;
	*)
		expect_events "they are told" "any(.event == \"swap_out\" and .cgroup_id == $dead)"
		expect_events "they are told" 'any(.event == "swap_out" and .cgroup == "/off/x")'
		;;
	esac
}
