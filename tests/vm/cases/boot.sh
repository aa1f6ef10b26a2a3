# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The harness itself: the kernel boots, its disks, swap and BTF are there, the stimulus swaps.

guest() {
	uname -r >release
	ls /sys/kernel/btf/vmlinux
	swap_on_disk
	swapped_out >before.outer
	global_pressure 60
	swapped_out >after.outer
	cat /proc/vmstat >vmstat
}

verify() {
	expect_equal "release" "$(result release)" "$(cat "$KERNEL_DIR/release")"
	[ "$(result after.outer)" -gt 1000 ] || fail "nothing was swapped out"
}
