#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Boots the kernels of kernels.list in QEMU and runs the cases in them; installs nothing on the machine.
# `make check-vm` calls it.
#
# Environment:
#   KERNEL      kernels to run (default: all of kernels.list). One with a slash is a folder prepared
#               elsewhere: vmlinuz, release, modules/*.ko and build/, the kernel's build tree
#   CASE        cases to run (default: all of cases/)
#   OOM_NOTIFY  the dynamically linked binary to test
#   OUTPUT      products: downloads and results go to $OUTPUT/vm, programs for guests are in $OUTPUT/vm/bin
#   VM_JOBS     guests at once (default: one more than there are processors, as they often wait)
#   VM_ACCEL, VM_MEMORY, VM_LIMIT, VM_APPEND, VM_QEMU as in boot.sh; DEBIAN_MIRROR as in fetch-deb.sh
#
# A case is one file: guest() runs in the guest, verify() judges on the host what came out, and
# skip_on() may say why a kernel cannot have it. Several share a boot, but one that sets OWN_BOOT=yes, or
# APPEND (kernel parameters), MEMORY (MB), QEMU (arguments), SWAP_IOPS (requests a second that the swap
# disk takes) or LIMIT (seconds, if VM_LIMIT is too short). Ends with "N passed, N failed, N skipped".
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/sbin:/sbin
# shellcheck source=tests/vm/lib.sh
. "$here/lib.sh"
vm=${OUTPUT:?}/vm
binary=${OOM_NOTIFY:?}
# So many that the time to boot does not matter, so few that the boots can be spread over the processors.
CASES_A_BOOT=8
started=$EPOCHREALTIME
boots=()

need_tools() {
	local tool missing=
	for tool in qemu-system-x86_64 busybox cpio depmod mke2fs jq xz; do
		command -v $tool >/dev/null || missing="$missing $tool"
	done
	[ -z "$missing" ] ||
		die "missing:$missing (Debian: qemu-system-x86 busybox-static cpio kmod e2fsprogs jq xz-utils)"
}

# No guest outlives this, however it ends.
stop_all() {
	# shellcheck disable=SC2046 # one a word
	kill $(jobs -p) "$preparing" 2>/dev/null
	wait
}

kernel_dir() { # KERNEL
	case $1 in
	*/*) (cd "$1" && pwd) ;;
	*) echo "$vm/kernels/$1" ;;
	esac
}

# prepare KERNEL: download it if need be, build the module, pack the initramfs. Without the module go
# those cases on that do not need it.
prepare() {
	local dir begin log=$vm/results/$KERNEL.module
	case $1 in
	*/*) ;;
	*) "$here/kernel.sh" "$1" "$vm/kernels/$1" "$vm" >&4 2>"$log" || return ;;
	esac
	dir=$(kernel_dir "$1") || return
	begin=$EPOCHREALTIME
	if "$here/module.sh" "$dir" >"$log" 2>&1; then
		verdict ok "$(seconds_since "$begin")" "module-build" >&4
	else
		verdict FAILED "$(seconds_since "$begin")" "module-build" "$log" >&4
	fi
	"$here/initramfs.sh" "$dir" "$vm/bin" "$binary" "$vm/results/$KERNEL.cpio.gz" 2>"$log"
}

# Says on stdout when one is ready, in the order of the list; the rest it says goes to the real stdout.
# The packages are of no use any more once all are unpacked, and are half a gigabyte.
prepare_all() {
	local each begin all=yes
	for each in $kernels; do
		KERNEL=$(basename "$each")
		begin=$EPOCHREALTIME
		if prepare "$each"; then
			echo "$each"
		else
			verdict FAILED "$(seconds_since "$begin")" "could not be made ready" "$vm/results/$KERNEL.module" >&4
			all=
		fi
	done
	[ -z "$all" ] || rm -rf "$vm/debs"
}

# How a case wants to be run on this kernel: "skip REASON", "alone" or "shared".
manner() { # CASE
	(
		OWN_BOOT='' APPEND='' MEMORY='' QEMU='' SWAP_IOPS='' LIMIT=''
		skip_on() { :; }
		# shellcheck source=/dev/null
		. "$here/cases/$1.sh"
		reason=$(skip_on)
		if [ -n "$reason" ]; then
			echo "skip $reason"
		elif [ -n "$OWN_BOOT$APPEND$MEMORY$QEMU$SWAP_IOPS$LIMIT" ]; then
			echo "alone"
		else
			echo "shared"
		fi
	)
}

# Waits for a processor to come free.
boot() { # KERNEL CASE...
	local dir pid running=()
	dir=$(kernel_dir "$1")
	shift
	while :; do
		running=()
		for pid in "${boots[@]}"; do
			! kill -0 "$pid" 2>/dev/null || running+=("$pid")
		done
		boots=("${running[@]}")
		[ ${#boots[@]} -ge "$at_once" ] || break
		wait -n "${boots[@]}"
	done
	"$here/boot.sh" "$dir" "$vm/results/$KERNEL.cpio.gz" "$vm/results/$KERNEL" "$@" &
	boots+=($!)
}

run_kernel() { # KERNEL
	local name how batch=()
	rm -rf "$vm/results/$KERNEL"/boot.*
	for name in $cases; do
		how=$(manner "$name")
		case $how in
		skip*) verdict skip 0.00s "$name: ${how#skip }" ;;
		alone) boot "$1" "$name" ;;
		*)
			batch+=("$name")
			[ ${#batch[@]} -lt $CASES_A_BOOT ] || { boot "$1" "${batch[@]}"; batch=(); }
			;;
		esac
	done
	[ ${#batch[@]} -eq 0 ] || boot "$1" "${batch[@]}"
}

count() { grep -c -x "$1" "$VERDICTS" || true; }

need_tools
kernels=${KERNEL:-$(awk '!/^#/ && NF {print $1}' "$here/kernels.list")}
cases=${CASE:-$(basename -s .sh "$here"/cases/*.sh)}
for name in $cases; do
	[ -e "$here/cases/$name.sh" ] || die "no case '$name' in cases/"
done
at_once=${VM_JOBS:-$(($(nproc) + 1))}
mkdir -p "$vm/results"
vm=$(cd "$vm" && pwd)
exec 8>"$vm/lock"
flock -n 8 || die "another check-vm is using $vm"
export KERNEL VERDICTS=$vm/results/verdicts
: >"$VERDICTS"
# Downloads and builds of the next kernel go on while the guests of one run.
exec 4>&1
exec 5< <(prepare_all)
preparing=$!
trap stop_all EXIT
trap 'exit 130' INT TERM
while read -r each <&5; do
	KERNEL=$(basename "$each")
	run_kernel "$each"
done
wait
rm -f "$vm"/results/*.cpio.gz
echo "vm: $(wc -w <<<"$kernels") kernels, $(seconds_since "$started")"
echo "$(count ok) passed, $(count FAILED) failed, $(count skip) skipped"
[ "$(count FAILED)" = 0 ] && [ "$(count ok)" -gt 0 ]
