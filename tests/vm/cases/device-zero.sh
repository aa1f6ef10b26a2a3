# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Zero-filled pages, which from 6.12 on are not written: then a reason of their own, told as much as others.

# dd's buffer is three times what its cgroup may have.
guest() {
	load_module interval_ms=100
	swap_on_disk
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control
	mkdir /sys/fs/cgroup/small
	echo 16M >/sys/fs/cgroup/small/memory.max
	start_herd told.json
	(
		echo 0 >/sys/fs/cgroup/small/cgroup.procs
		exec dd if=/dev/zero of=/dev/null bs=48M count=1
	)
	stop_herd
}

verify() {
	local zero=pswpout
	expect_swap_ways told.json
	expect_records told.json "a cgroup's limit is no pressure of the machine" 'length > 0 and all(.level == 0)'
	case $KERNEL in
	5.10 | 6.1) ;;
	*) zero=swpout_zero ;;
	esac
	[ "$(counted $zero)" -ge 6000 ] || fail "only $(counted $zero) pages counted as $zero"
}
