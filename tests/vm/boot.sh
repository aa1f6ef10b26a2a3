#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Boots one kernel in QEMU for one case and leaves in DIR: console.log, and out/ with what the guest
# wrote to its /results. Succeeds when the guest says it finished; whether the case passed is judged
# elsewhere. QEMU's own exit code says nothing: it is 0 even after a panic.
#
#   boot.sh KERNEL_DIR INITRAMFS CASE DIR
#
# Environment: VM_ACCEL (default tcg,thread=single: hardware virtualisation may be there and yet not boot
# a stock kernel), VM_MEMORY (MB, default 320), VM_LIMIT (seconds, default 150).
set -euo pipefail

PATH=$PATH:/usr/sbin:/sbin
kernel=$1 initramfs=$2 name=$3 dir=$4
limit=${VM_LIMIT:-150}

# Sparse, and gone afterwards: swap, results, a file system for the page cache.
make_disks() {
	truncate -s 256M "$dir/swap.raw"
	truncate -s 64M "$dir/out.raw"
	truncate -s 1536M "$dir/data.raw"
	mke2fs -q -F -t ext4 -O ^has_journal "$dir/data.raw"
}

disk() { echo "-drive file=$dir/$1.raw,format=raw,if=virtio,cache=unsafe"; }

# One host thread for both processors, and no cmpxchg16b: otherwise QEMU 7.2 now and then broke a kernel
# (an int3 of code patching seen by the other processor at the wrong moment, the flags register full of
# garbage in the allocator, then a double fault). no_timer_check: a loaded host makes the timer late.
run_qemu() {
	# shellcheck disable=SC2046 # each disk is two words
	timeout -k 5 $((limit + 60)) qemu-system-x86_64 -accel "${VM_ACCEL:-tcg,thread=single}" -cpu max,-cx16 \
		-m "${VM_MEMORY:-320}" -smp 2 -nodefaults -nographic -no-reboot -serial stdio -monitor none \
		-kernel "$kernel/vmlinuz" -initrd "$initramfs" \
		-append "console=ttyS0 panic=-1 loglevel=5 mitigations=off no_timer_check vmtest.case=$name vmtest.limit=$limit" \
		$(disk swap) $(disk out) $(disk data) </dev/null >"$dir/console.log" 2>&1
}

rm -rf "$dir"
mkdir -p "$dir/out"
trap 'rm -f "$dir"/*.raw' EXIT
make_disks
run_qemu || echo "vm: QEMU ended with $?" >>"$dir/console.log"
grep -q "vmtest: $name finished" "$dir/console.log" || exit 1
tar -xmf "$dir/out.raw" -C "$dir/out"
