# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# --cgroup on version 2: in a cgroup namespace that sees the host's mount, in one with a mount of its
# own, by directories of several cgroup2 mounts, as Cilium makes them. Two cgroups swap; only the one
# within the namespace was asked for.

LOADERS="root in up dir second mine"

# NAME ARGUMENT: one more loader.
start_one() {
	$OOM_NOTIFY watch --json --duration 120s --cgroup "$2" >"$1.json" 2>"$1.err" &
	echo $! >"$1.pid"
}

# Run by cgns, with the functions of this file: the namespace's root is /outer.
inside() {
	echo +memory >/sys/fs/cgroup/outer/cgroup.subtree_control
	echo 8M >/sys/fs/cgroup/outer/in/memory.max
	start_one root /
	start_one in /in
	start_one up /../outer/in
	start_one dir /sys/fs/cgroup/outer/in
	start_one second /run/second/outer/in/
	mkdir /tmp/own
	mount -t cgroup2 none /tmp/own
	start_one mine /tmp/own/in
	cat /proc/self/cgroup >self
	grep cgroup2 /proc/self/mountinfo >mountinfo
	for argument in /outer/in /no /../.. /sys/fs/cgroup/outer/watch/none /sys/fs/cgroup/plain/below; do
		rc=0
		$OOM_NOTIFY watch --duration 1ms --cgroup $argument >/dev/null 2>refused.err || rc=$?
		echo "$rc $(cat refused.err)" >>refused
	done
	wait
}

guest() {
	swap_on_disk
	mkdir -p /run/second /run/part /sys/fs/cgroup/outer/in /sys/fs/cgroup/outer/watch \
		/sys/fs/cgroup/beside /sys/fs/cgroup/plain/below
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control
	echo 8M >/sys/fs/cgroup/beside/memory.max
	mount -t cgroup2 none /run/second
	mount --bind /sys/fs/cgroup/beside /run/part
	cgns /sys/fs/cgroup/outer /sys/fs/cgroup/outer/watch \
		sh -c '. /guest.sh; . /cases/cgroup-namespace.sh; inside' &
	for name in $LOADERS; do
		wait_for 30 grep -qs ready "$name.err" || { echo "$name: $(cat "$name.err")"; return 1; }
	done
	for dir in outer/in beside; do
		(
			echo 0 >/sys/fs/cgroup/$dir/cgroup.procs
			exec stimulus touch 16 100
		) >>touch.stimulus
	done
	stat -c %i /sys/fs/cgroup/outer/in >id
	for name in $LOADERS; do
		kill -TERM "$(cat "$name.pid")"
	done
	wait
	umount /run/second /run/part /tmp/own
	rmdir /run/second /run/part /tmp/own
}

verify() {
	local name id
	id=$(result id)
	for name in $LOADERS; do
		cp "$DIR/out/$name.json" "$DIR/out/events.json"
		expect_events "$name: its events, and no others" \
			"[.[] | select(.hits and .cgroup)] | any(.event == \"swap_out\") and
			all(.cgroup_id == $id and .cgroup == \"/outer/in\")"
		expect_events "$name: levels of no others" \
			"[.[] | select(.event == \"level\" and .scope == \"cgroup\")] | length > 0 and all(.cgroup_id == $id)"
	done
	expect_equal "the namespace" "$(result self)" "0::/watch"
	# Not this way, and what to do instead.
	expect_equal "exit codes of what is refused" "$(result refused | cut -d ' ' -f 1 | tr '\n' ' ')" "2 2 2 2 2 "
	expect_equal "no such cgroup" "$(result refused | grep -c 'no such memory cgroup')" 3
	expect_equal "outside" "$(result refused | grep -c 'not among the cgroups')" 1
	expect_equal "no memory" "$(result refused | grep -c 'memory is not controlled')" 1
}
